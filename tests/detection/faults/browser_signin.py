"""Pages on which signing up, in and out goes wrong, or that show and keep what they must not.

Most of it only a browser sees: the API beside the page is sound.
"""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select, update
from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from reference_backend import accounts, cookies, identity, pages, passwords, sessions
from reference_backend.identity import UseServices, UseVisitor
from reference_backend.models import Session, User, digest, new_token
from reference_backend.pages import UseForm
from tests.detection import careless
from tests.detection.registry import fault
from tests.detection.routes import serve
from tests.detection.seams import (
    allow_any_script,
    change_headers,
    edit_template,
    know_the_request,
    path,
    replace,
    wrap,
)
from tests.detection.strangers import answer_strangers, everybodys_page

BROKEN = "ui-signin-flow-broken"
INCOMPLETE = "ui-signout-incomplete"
UNTOLD = "ui-error-not-shown"
BACK = "ui-back-button-shows-data"
PREVIOUS = "ui-previous-user-data-shown"
UNGUARDED = "pr-page-unguarded"
NOT_RETURNED = "pr-not-returned-after-signin"
REDIRECT = "si-open-redirect-absolute"

SIGNS_UP = "browser-signup"
SIGNS_IN = "browser-signin"
SIGNS_OUT = "browser-signout"
TOLD = "browser-wrong-password-shows-error"
BACK_SHOWS_NOTHING = "browser-back-button-shows-no-private-data"
NEXT_PERSON = "browser-next-user-sees-own-data-only"
TURNED_AWAY = "browser-protected-page-requires-signin"
RETURNS = "browser-returns-after-signin"
STAYS = "browser-signin-prevents-open-redirect"

SIGN_IN_FORM = '<form method="post" action="/signin">'
SIGN_UP_FORM = '<form method="post" action="/signup">'
SIGN_OUT_FORM = '<form method="post" action="/signout">'
END_OF_MAIN = "{% endblock %}"
FETCHING_FORM = (
    '<form onsubmit="event.preventDefault();'
    "fetch('/signin', {{method: 'POST', body: new URLSearchParams(new FormData(this))}}){then}\">"
)
"""A form that a script sends, as front ends do; without the script the browser sends it by GET."""
GO_ON = ".then(() => { location = '/tasks' })"


def cached_as(control: str) -> None:
    """Let the tasks page say this about caching."""

    def change(scope: Scope, headers: MutableHeaders) -> None:
        if scope["path"] == pages.HOME:
            headers["cache-control"] = control

    change_headers(change)


# --- signing up and in ---


@fault(defect=BROKEN, caught_by=SIGNS_UP, says="signing up on /signup, gets to /tasks.* at [^ ]*/signup")
def the_sign_up_button_does_nothing() -> None:
    """The form waits for a script that never submits it."""
    allow_any_script()
    edit_template("signup.html", SIGN_UP_FORM, '<form onsubmit="return false">')


@fault(defect=BROKEN, caught_by=SIGNS_UP, says='field "Name" can be filled in')
def the_sign_up_page_is_empty() -> None:
    """The form is drawn by a script, and the page's own policy forbids that script."""
    edit_template("signup.html", "{% block main %}", "{% block main %}{% endblock %}{% block unused %}")


@fault(defect=BROKEN, caught_by=SIGNS_UP, says="signing up on /signup, gets to /tasks.* at [^ ]*/signin")
def who_signs_up_on_the_page_gets_no_session() -> None:
    """The page creates the account, sets no cookie and redirects to the tasks, which redirect to sign-in."""
    know_the_request()
    wrap(cookies, "write", lambda original, *arguments: None if path() == "/signup" else original(*arguments))


@fault(defect=BROKEN, caught_by=SIGNS_IN, says='button "Sign in" can be pressed')
def the_sign_in_button_waits_for_ever() -> None:
    """The button is disabled until a script has loaded, and it never has."""
    edit_template("signin.html", '<button type="submit"', '<button type="submit" disabled')


@fault(defect=BROKEN, caught_by=SIGNS_IN, says="shows Ann's own at /tasks.* at [^ ]*/signin")
def who_signed_in_is_left_on_the_form() -> None:
    """The script signs in and does not navigate on."""
    allow_any_script()
    edit_template("signin.html", SIGN_IN_FORM, FETCHING_FORM.format(then=""))


@fault(defect=BROKEN, caught_by=(SIGNS_UP, SIGNS_IN), says="own at /tasks.* at [^ ]*/signin")
def the_first_reload_signs_out() -> None:
    """Each view of the page gives the session a new token, and the cookie keeps the old one."""

    def tasks_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        if visitor:
            change = update(Session).where(Session.id == visitor.session.id)
            with services.database.begin() as db:
                db.execute(change.values(token_hash=digest(new_token())))
        return pages.tasks_page(request, response, services, visitor)

    serve(pages.router, "tasks_page", tasks_page, identity.trusted_origin)


# --- signing out ---


@fault(defect=INCOMPLETE, caught_by=SIGNS_OUT, says="it opened|private text")
def the_sign_out_button_does_nothing() -> None:
    """The button's handler was lost."""
    allow_any_script()
    edit_template("base.html", SIGN_OUT_FORM, '<form onsubmit="return false">')


@fault(defect=INCOMPLETE, caught_by=SIGNS_OUT, says="it opened|private text")
def the_sign_out_button_only_leads_away() -> None:
    """The button is a link to the front page; the server never learns of it."""
    edit_template("base.html", SIGN_OUT_FORM, '<form action="/">')


@fault(defect=INCOMPLETE, caught_by=SIGNS_OUT, says="it opened|private text")
def the_sign_out_button_only_clears_the_cookie() -> None:
    """The API's sign-out ends the session, the page's forgets it in this browser only."""
    know_the_request()
    wrap(sessions, "revoke", lambda original, *arguments: None if path() == "/signout" else original(*arguments))


@fault(defect=INCOMPLETE, caught_by=SIGNS_OUT, says="/tasks leads to /signin after sign-out")
def the_page_outlives_the_session_in_the_browser() -> None:
    """The session ends, and the browser may show the page for five minutes without asking."""
    cached_as("private, max-age=300")


# --- a wrong password ---


@fault(defect=UNTOLD, caught_by=TOLD, says='the page says "Invalid email or password".* at [^ ]*/signin')
def a_wrong_password_is_not_told() -> None:
    """The form comes back without a message."""
    edit_template("signin.html", '<p class="error" role="alert">{{ error }}</p>', "")


@fault(defect=UNTOLD, caught_by=TOLD, says='the page says "Invalid email or password"')
def a_wrong_password_is_told_to_nobody_who_looks() -> None:
    """The error is in the page and hidden by its style."""
    edit_template("signin.html", '<p class="error" role="alert">', '<p class="error" hidden>')


@fault(defect=UNTOLD, caught_by=TOLD, says='the page says "Invalid email or password".* at [^ ]*/tasks')
def a_wrong_password_leads_on() -> None:
    """The API verifies the password; the page only looks up the account."""
    know_the_request()
    wrap(
        passwords,
        "verify",
        lambda original, settings, known, given: (
            known is not None if path() == "/signin" else original(settings, known, given)
        ),
    )


@fault(defect=UNTOLD, caught_by=TOLD, says='button "Sign in" can be pressed')
def a_wrong_password_leaves_the_form_dead() -> None:
    """The button is disabled during the request and stays disabled after an error."""
    edit_template(
        "signin.html", '<button type="submit"', '<button type="submit"{% if error %} disabled{% endif %}'
    )


@fault(defect=UNTOLD, caught_by=TOLD, says='field "Email" can be filled in')
def a_wrong_password_brings_another_form() -> None:
    """After an error the form has other fields than before, and nobody could name both."""
    label = "{% if error %}Address on file{% else %}Email{% endif %}"
    edit_template("signin.html", '<label for="email">Email</label>', f'<label for="email">{label}</label>')


@fault(defect=UNTOLD, caught_by=TOLD, says="that the browser is not signed in")
def a_wrong_password_is_told_and_signs_in() -> None:
    """The page sets the cookie first and verifies the password afterwards."""

    def sign_in(request: Request, response: Response, services: UseServices, fields: UseForm) -> Response:
        email = accounts.normalise_email(fields["email"])
        with services.database.begin() as db:
            user = db.scalar(select(User).where(User.email == email))
            if user:
                identity.start(request, response, services, db, user)
        return pages.sign_in(request, response, services, fields)

    serve(pages.router, "sign_in", sign_in, identity.trusted_origin)


# --- what the browser keeps ---


@fault(
    defect=BACK, caught_by=BACK_SHOWS_NOTHING, says="nothing of Ann's can be seen.*private text", level="should"
)
def back_shows_the_page_again() -> None:
    """The page is `private, no-cache`: browsers ask again before they use it, but not for the Back button."""
    cached_as("private, no-cache")


@fault(
    defect=BACK, caught_by=BACK_SHOWS_NOTHING, says="nothing of Ann's can be seen.*private text", level="should"
)
def back_shows_the_page_that_says_nothing_about_caching() -> None:
    """Without Cache-Control the browser may keep the page for its history."""

    def change(scope: Scope, headers: MutableHeaders) -> None:
        if scope["path"] == pages.HOME:
            del headers["cache-control"]

    change_headers(change)


@fault(defect=PREVIOUS, caught_by=NEXT_PERSON, says="Bob's own at /tasks")
def the_browser_keeps_the_page_for_the_next_person() -> None:
    """The page may be cached for five minutes, and the script that signs in leads to the cached page."""
    cached_as("private, max-age=300")
    allow_any_script()
    edit_template("signin.html", SIGN_IN_FORM, FETCHING_FORM.format(then=GO_ON))


@fault(defect=PREVIOUS, caught_by=NEXT_PERSON, says="nothing of Ann's appears.*private text")
def the_last_list_is_shown_while_the_next_one_loads() -> None:
    """A script keeps the list in the browser's storage, which signing out does not empty."""
    allow_any_script()
    keep = """<script>
      const list = document.querySelector("main"), fresh = list.innerHTML;
      list.innerHTML = localStorage.list ?? fresh;
      localStorage.list = fresh;
      setTimeout(() => { list.innerHTML = fresh; }, 300);
    </script>"""
    edit_template("base.html", "</main>", "</main>{% if tasks is defined %}" + keep + "{% endif %}")


@fault(defect=PREVIOUS, caught_by=NEXT_PERSON, says="Bob's own at /tasks")
def the_server_keeps_the_page_by_its_path() -> None:
    """A cache behind the guard does not know that the page differs from person to person."""
    kept: dict[str, Response] = {}

    def tasks_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        made = pages.tasks_page(request, response, services, visitor)
        return kept.setdefault(request.url.path, made) if visitor else made

    serve(pages.router, "tasks_page", tasks_page, identity.trusted_origin)


# --- the guard ---


@fault(
    defect=BROKEN,
    caught_by=(SIGNS_UP, SIGNS_IN),
    says="the browser was sent round in circles between /signin and /tasks",
)
def the_guard_looks_for_the_cookie_under_another_name() -> None:
    """The tasks page finds nobody signed in, and the sign-in page, which knows better, leads back."""

    def tasks_page(response: Response) -> Response:
        return pages._to_sign_in(response)

    serve(pages.router, "tasks_page", tasks_page, identity.trusted_origin)


@fault(
    defect=UNGUARDED,
    caught_by=(TURNED_AWAY, "page-requires-authentication"),
    says="private text",
)
def the_guard_covers_the_page_with_a_notice() -> None:
    """The page comes with all its data, under a dialog that asks to sign in."""
    edit_template(
        "base.html", "</main>", "</main>{% if not visitor %}<dialog open>Please sign in</dialog>{% endif %}"
    )
    answer_strangers(everybodys_page)


@fault(defect=UNGUARDED, caught_by="page-requires-authentication", says="opening /tasks .*private text")
def the_guard_is_a_script() -> None:
    """The page is sent to every client, and a script on it sends anonymous ones to sign-in."""
    allow_any_script()
    edit_template(
        "tasks.html",
        END_OF_MAIN,
        "{% if not visitor %}<script>location = '/signin'</script>{% endif %}" + END_OF_MAIN,
    )
    answer_strangers(everybodys_page)


@fault(defect=UNGUARDED, caught_by=TURNED_AWAY, says="is on a page for anonymous clients.*private text")
def the_data_of_the_page_is_not_guarded() -> None:
    """The page is an empty shell, and its script fetches the tasks from an unguarded path."""
    allow_any_script()
    shell = """<!doctype html><ul></ul><script>
      fetch("/tasks/data").then(answer => answer.json()).then(tasks => {
        document.querySelector("ul").textContent = tasks.map(task => task.title).join(", ");
      });
    </script>"""
    pages.router.add_api_route("/tasks/data", careless.list_tasks)
    answer_strangers(lambda _request, _response, _services: HTMLResponse(shell))


@fault(defect=NOT_RETURNED, caught_by=RETURNS, level="should", says="shows Ann's own at /tasks")
def the_guard_forgets_where_one_was_going() -> None:
    """The guard redirects to sign-in with the front page as the destination."""
    replace(pages, "_to_sign_in", lambda response: pages._go(response, "/signin?callbackURL=%2F"))


@fault(defect=NOT_RETURNED, caught_by=RETURNS, level="should", says="shows Ann's own at /tasks")
def signing_in_leads_to_the_front_page() -> None:
    """Whatever the form says, every user lands on the front page."""
    replace(pages, "_target", lambda _services, _wanted: "/")


def follow(parameter: str) -> None:
    """Let the sign-in page lead to whatever its address says in that parameter."""
    # The policy's form-action would keep the browser on the deployment.
    allow_any_script()
    edit_template(
        "signin.html", "{{ fields.callbackURL }}", f"{{{{ request.query_params.get('{parameter}', '/tasks') }}}}"
    )
    replace(pages, "_target", lambda _services, wanted: wanted)


@fault(defect=REDIRECT, caught_by=STAYS, says="sent to .*outside the deployment")
def the_page_follows_callback_url() -> None:
    """`callbackURL` goes from the URL into the form and is followed unchecked."""
    follow("callbackURL")


@fault(defect=REDIRECT, caught_by=STAYS, says="sent to .*outside the deployment")
def the_page_follows_next() -> None:
    """`next` goes from the URL into the form and is followed unchecked."""
    follow("next")


@fault(defect=REDIRECT, caught_by=STAYS, says="sent to .*outside the deployment")
def the_page_follows_redirect_to() -> None:
    """`redirectTo` goes from the URL into the form and is followed unchecked."""
    follow("redirectTo")


@fault(defect=REDIRECT, caught_by=STAYS, says="sent to .*outside the deployment")
def the_page_follows_return_to_by_script() -> None:
    """A script of the front end follows `returnTo` after signing in."""
    allow_any_script()
    then = ".then(() => { location = new URLSearchParams(location.search).get('returnTo') ?? '/tasks' })"
    edit_template("signin.html", SIGN_IN_FORM, FETCHING_FORM.format(then=then))
