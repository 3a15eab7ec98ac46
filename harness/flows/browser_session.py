"""What open pages make of ended sessions and failed sign-outs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import NotApplicable
from harness.core.vocabulary import Vocabulary
from harness.flows.browser import SETTLING, at_protected, browsers, open_window, shows_own
from harness.flows.browser_pages import (
    PROTECTED,
    is_sent_away,
    must_ask_to_sign_in,
    own_key,
    private_text,
)
from harness.flows.browser_signin import must_not_be_signed_in, press_sign_out
from harness.flows.common import precondition

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.browser.window import Window
    from harness.scenario.world import World

_FAILURES = r"error|fail(ed|ure)?|wrong|could ?n[o']t|try again|offline|network|connection"
_FAILURE = re.compile(_FAILURES, re.IGNORECASE)
_CLAIM = re.compile(r"\b(signed|logged) out\b", re.IGNORECASE)
_ENDED = re.compile(
    r"\b(sign|log)(ged|ed)?[ -]?(in|out|on|off)\b|session|expired?|unauthori[sz]ed|not authenticated|denied"
    rf"|forbidden|{_FAILURES}",
    re.IGNORECASE,
)
"""How pages say that a user is not signed in any more, or that something is wrong."""


@dataclass(frozen=True)
class Before:
    """The lines of the page before something went wrong."""

    lines: frozenset[str]


def _lines(window: Window) -> frozenset[str]:
    return frozenset(line.strip() for line in window.text().splitlines())


def _new(world: World, words: re.Pattern[str]) -> bool:
    """Whether a new line of the page has one of the words."""
    return any(words.search(line) for line in _lines(open_window(world)) - world.recall(Before).lines)


# --- a session that ended ---

ACTIONS: Vocabulary[Callable[[World], None]] = Vocabulary(
    "action on an open page",
    {
        "a reload": lambda world: open_window(world).reload(),
        "the sign-out button": press_sign_out,
    },
)
"""What a user can do on every page that a profile describes."""


def lose_session(world: World) -> None:
    """Take the browser's cookies away, as their end does."""
    world.remember(Before(_lines(open_window(world))))
    open_window(world).clear_cookies()


def act(world: World, action: str) -> None:
    """Do that on the open page."""
    ACTIONS[action](world)


def must_be_noticed(world: World, alias: str) -> None:
    """Raise Unmet where the page stays as if nothing had happened."""
    window, pages = open_window(world), world.deployment.pages
    world.judge.needs(own_key(alias))

    def noticed() -> bool:
        left = not at_protected(window, pages) or is_sent_away(window, pages)
        return left or window.complains() or _new(world, _ENDED)

    if not window.wait(noticed):
        with precondition():
            must_not_be_signed_in(world)
        raise window.unmet("that a page whose session has ended asks to sign in, or shows an error")


# --- what appears for a moment ---


def open_watched(world: World, alias: str) -> None:
    """Open the protected page in a browser without cookies, watching it."""
    window, pages = browsers(world).open("an anonymous browser"), world.deployment.pages
    window.watch_for(world.person(alias).canaries)
    window.open(pages.protected[0])
    window.wait(lambda: is_sent_away(window, pages) or bool(window.appeared), SETTLING)


def must_not_have_appeared(world: World, alias: str) -> None:
    """Raise Unmet if the person's data was part of a page."""
    window = open_window(world)
    world.judge.needs(PROTECTED)
    if (private := private_text(window, world.person(alias).canaries)) is not None:
        raise window.unmet(
            "that an anonymous client sees nothing private, not even before it is turned away",
            f"{alias}'s private text {private} was on the page at {window.opened} for a moment",
        )


# --- another tab ---


def open_another_tab(world: World, alias: str) -> None:
    """See the protected page in another tab, and return to the first.

    Raises NotTested if it does not show the person's data.
    """
    window, person, path = open_window(world), world.person(alias), world.deployment.pages.protected[0]
    window.switch_tab()
    with precondition():
        window.open(path)
        if not window.wait(lambda: window.at(path) and shows_own(world, window, person)):
            raise window.not_shown(f"that another tab shows {alias}'s own at {path}")
    window.switch_tab()


def open_in_other_tab(world: World, alias: str) -> None:
    """Open the protected page in the other tab, watching it."""
    window, pages = open_window(world), world.deployment.pages
    window.switch_tab()
    window.watch_for(world.person(alias).canaries)
    window.open(pages.protected[0])


def must_ask_there(world: World, alias: str) -> None:
    """Raise Unmet unless the tab asks to sign in, without private data."""
    window, pages = open_window(world), world.deployment.pages
    world.judge.needs(own_key(alias))
    asks = window.wait(lambda: is_sent_away(window, pages) or bool(window.appeared))
    if (private := private_text(window, world.person(alias).canaries)) is not None:
        raise window.unmet(
            f"that nothing of {alias}'s appears in another tab after sign-out",
            f"{alias}'s private text {private} was on the page at {window.opened}",
        )
    if not asks:
        must_ask_to_sign_in(world)


# --- a sign-out that failed ---


def sign_out_in_vain(world: World) -> None:
    """Press the sign-out button; its request fails on the way.

    Raises NotApplicable where it sends none.
    """
    window, pages = open_window(world), world.deployment.pages
    failed = window.fail_requests()
    world.remember(Before(_lines(window)))
    with precondition():
        window.press(pages.sign_out_button, pages.sign_out_steps)
    if not window.wait(lambda: bool(failed), SETTLING):
        raise NotApplicable("Pressing the sign-out button sends no request that could fail.")


def must_not_claim_sign_out(world: World, alias: str) -> None:
    """Raise Unmet where the browser looks as after a sign-out."""
    window, pages = open_window(world), world.deployment.pages
    world.judge.needs(own_key(alias))

    def claims() -> bool:
        away = not at_protected(window, pages) or window.asks_for_password() or _new(world, _CLAIM)
        excused = window.shows_failure or window.complains() or _new(world, _FAILURE)
        return away and not excused and not shows_own(world, window, world.person(alias))

    if window.wait(claims, SETTLING) and not window.wait(lambda: not claims(), SETTLING):
        raise window.unmet("that a sign-out whose request failed says so, or leaves the page as it was")


# --- links ---


def hover_links(world: World) -> None:
    """Pass the pointer over every link of the page."""
    open_window(world).hover_links()
