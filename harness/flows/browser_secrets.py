"""Credentials that a browser shows: to scripts, on the screen, in URLs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_plus

from harness.browser.forms import sign_in_form, sign_up_page
from harness.core.findings import NotApplicable
from harness.core.redaction import register
from harness.core.vocabulary import Vocabulary
from harness.deployment.credential import Credential
from harness.deployment.held import cookie_session
from harness.flows.browser import SETTLING, browsers, open_window
from harness.flows.captured import key_of
from harness.flows.common import precondition
from harness.flows.frozen_copies import CapturedSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.profile.pages import Pages
    from harness.scenario.world import World


@dataclass(frozen=True)
class ReadByScript:
    """What a script on the page could read of cookies and storage."""

    readable: Any


@dataclass(frozen=True)
class TypedPassword:
    """The password that was typed into a form."""

    value: str


_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]+)*")
_MOST = 12
"""So many values of one place are tried."""
_PLACES = {
    "cookie": "a cookie without HttpOnly is a token that opens the tasks",
    "local": "localStorage has a token that opens the tasks",
    "session": "sessionStorage has a token that opens the tasks",
}

FORMS: Vocabulary[Callable[[Pages], str]] = Vocabulary(
    "form", {"sign-in": lambda pages: pages.sign_in, "sign-up": sign_up_page}
)
"""The pages on which a password is typed."""


def read_by_script(world: World) -> None:
    """Note what a script on the page can read."""
    world.remember(ReadByScript(open_window(world).readable_by_scripts()))


def must_not_be_read(world: World, alias: str) -> None:
    """Raise Unmet if what a script read contains the person's session."""
    world.judge.needs(key_of("session endpoint"))
    cookie_session(world.target)
    window, readable = open_window(world), world.recall(ReadByScript).readable
    everything = json.dumps(readable)
    # Of several that sign in only together, a script needs all.
    if all(value in everything or unquote(value) in everything for value in world.recall(CapturedSession).values):
        raise window.unmet("that no script can read the session cookie", "a script read it")
    pairs = (pair.partition("=") for pair in readable["cookie"].split("; "))
    cookies = Credential("the cookies that a script read", {name: value for name, _, value in pairs if name})
    person, probe = world.person(alias), world.deployment.identity
    if cookies.cookies and probe.is_session_of(person, cookies, "an attacker"):
        raise window.unmet(
            f"that the cookies a script can read do not sign {alias} in",
            f"they do ({', '.join(sorted(cookies.cookies))})",
        )


def open_form(world: World, kind: str) -> None:
    """Open the page with that form in a browser without cookies."""
    path = FORMS[kind](world.deployment.pages)
    browsers(world).open("an anonymous browser").open(path)


def must_be_masked(world: World) -> None:
    """Raise Unmet unless the password field masks what is typed.

    Before and while it is typed.
    """
    window, field = open_window(world), world.deployment.pages.password
    with precondition():
        kinds = [window.kind(field)]
        window.fill(field, world.cast.factory.password())
        kinds.append(window.kind(field))
    if shown := [kind for kind in kinds if kind != "password"]:
        raise window.unmet(
            "that the password's field is of type password", f"on {window.page.url} it is of type {shown[0]}"
        )


def control_form(world: World) -> None:
    """See that the sign-in page has its form. Raises NotTested if not."""
    pages = world.deployment.pages
    with browsers(world).temporary("an anonymous browser") as window, precondition():
        window.open(pages.sign_in)
        window.kind(pages.password)


def submit_without_scripts(world: World, alias: str) -> None:
    """Fill in and submit the sign-in form with scripts switched off."""
    pages, person = world.deployment.pages, world.introduce(world.cast.new_person(alias))
    window = browsers(world).open(f"{alias}'s browser", scripts=False)
    window.open(pages.sign_in)
    password = window.field(pages.password)
    if not password.count():
        raise NotApplicable("Without scripts the sign-in page shows no form.")
    for one, value in sign_in_form(pages, person.values).entries:
        window.fill(one, value)
    world.remember(TypedPassword(person.password))
    asked = len(window.asked)
    button = window.button(pages.sign_in_button)
    if button.count() and button.is_enabled():
        button.click()
    else:
        password.press("Enter")
    window.wait(lambda: len(window.asked) > asked, SETTLING)


def must_not_be_in_addresses(world: World) -> None:
    """Raise Unmet if a requested URL contains the typed password."""
    window, typed = open_window(world), world.recall(TypedPassword).value
    leaking = next((url for url in window.asked if typed in unquote_plus(url)), None)
    if leaking is not None:
        raise window.unmet("that the password is in no address", f"the browser asked for {leaking}")


def must_open_nothing(world: World, alias: str) -> None:
    """Raise Unmet if a token that a script read opens the tasks."""
    window, person = open_window(world), world.person(alias)
    world.judge.needs(world.tasks.key("list", alias))
    readable = world.recall(ReadByScript).readable
    for place in ("cookie", "local", "session"):
        for token in list(dict.fromkeys(_TOKEN.findall(json.dumps(readable[place]))))[:_MOST]:
            register(token, "token in storage")
            bearer = world.deployment.access.bearer(token, "a token that a script read")
            answer = world.tasks.call("list", "an attacker", bearer, person).exchange
            if any(task.canary in answer.text for task in person.tasks):
                raise window.unmet("that no token is kept where scripts can read it", _PLACES[place])
