"""How an anonymous client is sent to sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

import httpx

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.deployment.credential import ANONYMOUS
from harness.deployment.destination import destination_of, is_sign_in
from harness.deployment.page_visits import ANYONE
from harness.deployment.protected_page import ProtectedPage
from harness.deployment.quotation import json_of, quoted
from harness.deployment.tampered import Tampering
from harness.wire.cache_control import cache_control

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.trail import Trail
    from harness.scenario.world import World

FOREIGN_HOST = "evil.invalid"
_PERMANENT = (httpx.codes.MOVED_PERMANENTLY, httpx.codes.PERMANENT_REDIRECT)


@dataclass(frozen=True)
class Redirected:
    """What an anonymous client got with that header."""

    header: str
    exchange: Exchange


@dataclass(frozen=True)
class TaskAnswer:
    """What an anonymous client got for a list of tasks."""

    key: str
    exchange: Exchange


def open_forwarded(world: World, header: str) -> None:
    """Ask for the protected page with a proxy's header."""
    path = ProtectedPage(world.deployment).own_path
    pairs = tuple((name, value) for name, _, value in (one.partition(": ") for one in header.split(" and ")))
    world.remember(Redirected(header, world.deployment.page(path, ANYONE, ANONYMOUS, pairs)))


def must_lead_to_own_host(world: World) -> None:
    """Raise Unmet where a redirect names the header's host."""
    world.judge.needs(ProtectedPage.word)
    came = world.recall(Redirected)
    location = came.exchange.header("location")
    if location is None or not httpx.codes.is_redirect(came.exchange.status):
        return
    # In a parameter as well: it is where sign-in leads.
    if FOREIGN_HOST in unquote(unquote(location)).lower():
        expected = f"that the redirect to sign-in ignores the header {came.header}"
        raise Unmet(expected, f'it leads to "{location}"', [came.exchange])


def must_not_be_permanent(world: World, trail: Trail) -> None:
    """Raise Unmet where a browser may keep the redirect to sign-in."""
    for exchange in trail.exchanges:
        following = destination_of(world.target, exchange)
        leads = following is not None and is_sign_in(world.target, following)
        control = cache_control(exchange)
        is_kept = not (control.forbids_storing or control.bare("no-cache") or control.seconds("max-age") == 0)
        if leads and exchange.status in _PERMANENT and is_kept:
            expected = "that the redirect to sign-in is temporary, so that the page opens after sign-in"
            raise Unmet(expected, f"it was {exchange.status}, which browsers keep", [exchange])


def list_anonymously(world: World, alias: str) -> None:
    """Ask for the person's tasks as a script without a credential."""
    asking = Tampering(headers=(("Accept", "application/json"),))
    call = world.tasks.call("list", ANYONE, ANONYMOUS, world.person(alias), tampering=asking)
    world.remember(TaskAnswer(world.tasks.key("list", alias), call.exchange))


def must_be_an_error(world: World) -> None:
    """Raise Unmet where a script is sent to sign-in.

    Or where it gets a page in place of an error.

    Raises Absent where the owner's tasks are a page themselves, and so no matter of a script's.
    """
    answer = world.recall(TaskAnswer)
    world.judge.needs(answer.key)
    exchange = answer.exchange
    if json_of(world.judge.controlling[answer.key]) is None:
        raise Absent("The tasks are listed on a page, which a script does not ask for.")
    following = destination_of(world.target, exchange) if httpx.codes.is_redirect(exchange.status) else None
    is_page = httpx.codes.is_success(exchange.status) and "html" in (exchange.header("content-type") or "")
    if is_page or (following is not None and is_sign_in(world.target, following)):
        expected = "that a script without a credential is answered with an error"
        raise Unmet(expected, f"it was answered {quoted(exchange)}", [exchange])
