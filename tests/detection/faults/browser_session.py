"""Pages that miss the end of a session, show what they must not for a moment, or hide that sign-out failed."""

from __future__ import annotations

from fastapi import Response
from fastapi.responses import HTMLResponse

from reference_backend import cookies, pages, sessions
from reference_backend.identity import UseServices, UseVisitor
from tests.detection import careless, script_drawn
from tests.detection.faults.browser_signin import END_OF_MAIN, SIGN_OUT_FORM, cached_as
from tests.detection.registry import fault
from tests.detection.seams import allow_any_script, edit_template, on_app
from tests.detection.strangers import answer_strangers, everybodys_page

STUCK, FLASH, INCOMPLETE = "ui-expired-session-stuck", "pr-client-guard-flash", "ui-signout-incomplete"
NOTICED = "browser-ended-session-is-noticed"
FIRST = "browser-guard-shows-no-private-data-first"
OTHER_TABS = "browser-signout-holds-in-other-tabs"
FAILED = "browser-failed-signout-is-noticed"
HOVER = "browser-hover-does-not-sign-out"
ASKS = "asks to sign in, or shows an error; but the browser is at [^ ]*/tasks"
GUARD = 'if (!session) { location.replace("/signin"); return; }'
PENDING = '<script src="/static/pending.js" defer></script>'


def sign_out_by(script: str) -> None:
    """Let a script do what the sign-out button does."""
    allow_any_script()
    edit_template("base.html", SIGN_OUT_FORM, f'<form onsubmit="event.preventDefault(); {script}">')
    edit_template("base.html", PENDING, "")


@fault(defect=STUCK, caught_by=NOTICED, level="should", says=ASKS)
def a_page_that_a_script_draws_stays_empty() -> None:
    """The page's shell is for everyone, and its script draws nothing without a session."""
    script_drawn.SHELL = script_drawn.SHELL.replace(GUARD, "if (!session) { return; }")
    script_drawn.drawn_by_a_script(lambda *_: True)


@fault(defect=STUCK, caught_by=NOTICED, level="should", says=ASKS)
def sign_out_without_a_session_does_nothing() -> None:
    """The button's script signs out where there is a session, and does nothing where there is none."""
    asks = "fetch('/api/auth/get-session').then(answer => answer.json())"
    again = "fetch('/signout', {method: 'POST'}).then(() => { location = '/signin' })"
    sign_out_by(f"{asks}.then(session => session && {again})")


@fault(defect=FLASH, caught_by=FIRST, level="should", says="not even before .*private text .* for a moment")
def the_guard_is_a_script_at_the_end_of_the_page() -> None:
    """The page is sent to every client, and its last line sends anonymous ones to sign-in."""
    allow_any_script()
    leave = "{% if not visitor %}<script>location.replace('/signin')</script>{% endif %}"
    edit_template("tasks.html", END_OF_MAIN, leave + END_OF_MAIN)
    answer_strangers(everybodys_page)


@fault(defect=FLASH, caught_by=FIRST, level="should", says="not even before .*private text .* for a moment")
def the_guard_s_script_is_slower_than_the_data_s() -> None:
    """A shell's script draws tasks from an unguarded path before another one asks who is signed in."""
    allow_any_script()
    shell = """<!doctype html><main><ul></ul></main><script>
      fetch("/tasks/data").then(answer => answer.json()).then(tasks => {
        document.querySelector("ul").textContent = tasks.map(task => task.title).join(", ");
        return fetch("/api/auth/get-session");
      }).then(answer => answer.json()).then(session => session || location.replace("/signin"));
    </script>"""
    pages.router.add_api_route("/tasks/data", careless.list_tasks)
    answer_strangers(lambda _request, _response, _services: HTMLResponse(shell))


@fault(defect=FLASH, caught_by=OTHER_TABS, level="should", says="another tab after sign-out.*private text")
def another_tab_shows_the_page_from_the_cache() -> None:
    """The page is kept for five minutes, also where another tab opens it after sign-out."""
    cached_as("private, max-age=300")


@fault(defect=FLASH, caught_by=OTHER_TABS, level="should", says="another tab after sign-out.*private text")
def the_sign_in_page_shows_the_last_list_for_a_moment() -> None:
    """A script keeps the list in the browser's storage, and shows it until sign-in is drawn."""
    allow_any_script()
    keep = "<script>localStorage.list = document.querySelector('main').innerHTML</script>"
    show = """<script>
      const form = document.querySelector("main"), drawn = form.innerHTML;
      form.innerHTML = localStorage.list ?? drawn;
      setTimeout(() => { form.innerHTML = drawn; }, 100);
    </script>"""
    edit_template("base.html", "</main>", "</main>{% if tasks is defined %}" + keep + "{% endif %}")
    edit_template("signin.html", "</section>", "</section>" + show)


@fault(defect=STUCK, caught_by=OTHER_TABS, level="should", says="after sign-out")
def another_tab_stays_in_the_page_s_shell() -> None:
    """The page's shell is for everyone, and its script draws nothing without a session."""
    a_page_that_a_script_draws_stays_empty()


@fault(defect=INCOMPLETE, caught_by=FAILED, level="should", says="whose request failed says so")
def the_page_says_goodbye_whatever_was_answered() -> None:
    """The button's script leaves for a page of its own, also where its request failed."""
    leave = "() => { history.replaceState({}, '', '/goodbye'); document.body.innerText = 'See you soon.' }"
    sign_out_by(f"fetch('/signout', {{method: 'POST'}}).then({leave}, {leave})")


@fault(defect=INCOMPLETE, caught_by=FAILED, level="should", says="whose request failed says so")
def the_page_says_signed_out_before_it_is() -> None:
    """The button's script says that it signed out where the page was, and sends its request meanwhile."""
    sign_out_by("document.body.innerText = 'You are signed out.'; fetch('/signout', {method: 'POST'})")


@fault(defect=INCOMPLETE, caught_by=HOVER, level="should", says="shows Ann's own at /tasks")
def a_link_signs_out_when_it_is_prefetched() -> None:
    """A link signs out, and a script fetches what links lead to when the pointer is over them."""
    allow_any_script()

    def leave(response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        if visitor:
            with services.database.begin() as db:
                sessions.revoke(db, visitor.user.id, visitor.session.id)
        cookies.clear(response, services.settings)
        return pages._go(response, "/signin")

    on_app(lambda made: made.add_api_route("/leave", leave, methods=["GET"]))
    link = '<a href="/leave" onmouseenter="fetch(this.href)">Leave</a>'
    edit_template("base.html", SIGN_OUT_FORM, link + SIGN_OUT_FORM)
