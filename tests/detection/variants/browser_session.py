"""Pages that notice the end of a session, or a sign-out that failed, in ways of their own."""

from __future__ import annotations

from tests.detection import script_drawn
from tests.detection.faults.browser_session import FAILED, FIRST, GUARD, HOVER, NOTICED, OTHER_TABS, sign_out_by
from tests.detection.seams import allow_any_script, edit_template
from tests.detection.variant_registry import variant

STUCK, FLASH = "ui-expired-session-stuck", "pr-client-guard-flash"


@variant(
    stays_green=(FIRST, NOTICED, OTHER_TABS),
    never_fail_on={FLASH: "A 'Loading' shell is fine.", STUCK: "Either is fine."},
)
def everyone_gets_a_shell_that_says_loading() -> None:
    """Every client gets a shell that says "Loading", and its script sends anonymous clients to sign-in."""
    script_drawn.SHELL = script_drawn.SHELL.replace('<ul id="tasks">', '<p>Loading ...</p><ul id="tasks">')
    script_drawn.drawn_by_a_script(lambda *_: True)


@variant(stays_green=NOTICED, never_fail_on={STUCK: "Either is fine."})
def a_page_says_that_the_session_is_over() -> None:
    """The page stays where it is and says that the session is over."""
    told = 'if (!session) { document.querySelector("main").innerText = "Your session has expired."; return; }'
    script_drawn.SHELL = script_drawn.SHELL.replace(GUARD, told)
    script_drawn.drawn_by_a_script(lambda *_: True)


@variant(stays_green=FAILED)
def sign_out_that_failed_is_said() -> None:
    """The button's script says that it failed, and leaves the page as it is."""
    failed = "() => { document.querySelector('h1').innerText = 'No connection. Try again.' }"
    sign_out_by(f"fetch('/signout', {{method: 'POST'}}).then(() => {{ location = '/signin' }}, {failed})")


@variant(stays_green=FAILED)
def sign_out_that_failed_leads_back() -> None:
    """The button's script leads to sign-in whatever was answered, which leads back who is still signed in."""
    leave = "() => { location = '/signin' }"
    sign_out_by(f"fetch('/signout', {{method: 'POST'}}).then({leave}, {leave})")


@variant(stays_green=(HOVER, OTHER_TABS))
def links_are_prefetched() -> None:
    """A script fetches what links lead to when the pointer is over them."""
    allow_any_script()
    script = """<script>for (const link of document.querySelectorAll("a[href]"))
      link.addEventListener("mouseenter", () => fetch(link.href))</script>"""
    edit_template("base.html", "</body>", script + "</body>")
