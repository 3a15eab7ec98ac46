"""What scenarios about other sites do and demand: requests that a foreign page can cause, and what it may read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

import httpx

from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.deployment.held import cookie_session
from harness.deployment.people import new_canary
from harness.deployment.refusal import Attempt
from harness.deployment.request import perform
from harness.deployment.tampering import Tampering
from harness.deployment.template import render
from harness.wire.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.profile.operation import Operation
    from harness.scenario.world import World


@dataclass(frozen=True)
class CrossOriginAnswers:
    """What a script of another site was answered, without and with a preflight.

    ``control`` is the control that showed that the place works.
    """

    control: str
    simple: Exchange
    preflight: Exchange


@dataclass(frozen=True)
class Visitor:
    """Whose browser a page of another site made send requests."""

    alias: str


EVIL = "https://evil.invalid"

_NAVIGATION = (("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"))

_FETCH = (("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty"))

_PREFLIGHT = (
    ("Origin", EVIL),
    ("Access-Control-Request-Method", "GET"),
    ("Access-Control-Request-Headers", "authorization"),
)

Action = Literal["change her name", "sign her out", "create a task"]

_OPERATION = {"change her name": "update_user", "sign her out": "sign_out"}


def control_action(world: World, alias: str, action: str) -> None:
    """Note that the deployment's own page can do it. Raises NotTested when it can't."""
    cookie_session(world.target)
    world.deployment.operation(_OPERATION[action])
    if action == "sign her out" and world.target.profile.stateless_session is not None:
        raise NotApplicable(
            "The profile declares that sign-out revokes nothing, so there is nothing to bring about."
        )
    check = {"change her name": lambda: _rename(world, alias), "sign her out": lambda: _sign_out(world, alias)}[
        action
    ]
    world.judge.control(action, check)


def _rename(world: World, alias: str) -> Exchange:
    device, canary = world.device(alias, "first device"), new_canary()
    values = {**device.person.values, "new_name": canary}
    exchange = world.deployment.access.on_device("update_user", device, values)
    if _name(world, alias) != canary:
        raise Unmet(f"that {alias}'s own page changes her name", f"it was answered {exchange.status}", [exchange])
    device.person.name = device.person.canary = canary
    return exchange


def _sign_out(world: World, alias: str) -> Exchange:
    device = world.new_device(alias, "laptop")
    world.deployment.sessions.sign_in_for_good(device)
    frozen = world.deployment.access.captured_session(device)
    exchange = world.deployment.sessions.sign_out(device)
    if world.deployment.identity.who_is(frozen, device.who) is not None:
        raise Unmet(f"that {alias}'s own page signs her out", "the session is alive after it", [exchange])
    return exchange


def _signed_in(world: World, alias: str) -> bool:
    return world.deployment.identity.who_is(world.session_of(alias), alias) is not None


def _name(world: World, alias: str) -> str | None:
    identity = world.deployment.identity.who_is(world.session_of(alias), alias)
    return identity.name if identity is not None else None


def from_foreign_page(world: World, alias: str, action: str, *, as_json: bool) -> None:
    """Do it with the person's cookies but from a page of another site, in each form that such a page can send."""
    api = world.proxy
    world.remember(Visitor(alias))
    cookie_session(world.target)
    if not _signed_in(world, alias):
        raise NotTested(f"the control ended {alias}'s session itself, so nothing can be told from its end.")
    operation = (
        api.operation("create") if action == "create a task" else world.deployment.operation(_OPERATION[action])
    )
    for form, tampering, canary in _forms(operation, as_json=as_json):
        exchange = perform(
            world.target,
            world.deployment.client,
            "a foreign page in her browser",
            operation,
            {**world.person(alias).values, "title": canary, "new_name": canary},
            world.session_of(alias),
            tampering,
        )
        world.judge.attempt(_attempt(world, alias, action, form, exchange, canary))


def _forms(operation: Operation, *, as_json: bool) -> Iterator[tuple[str, Tampering, str]]:
    kinds = (
        ["application/json"]
        if as_json
        else ["text/plain", "application/x-www-form-urlencoded", "multipart", "none"]
    )
    for kind in kinds:
        canary = new_canary()
        fields = render(operation.body or {}, _Anything(canary))
        content_type, body = _body(kind, fields)
        navigation = _FETCH if as_json else _NAVIGATION
        yield kind, Tampering(headers=navigation, origin=EVIL, content_type=content_type, raw_body=body), canary


class _Anything(dict[str, str]):
    """Values for a template of which only the canary matters."""

    def __init__(self, canary: str) -> None:
        super().__init__()
        self._canary = canary

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str)

    def __getitem__(self, key: str) -> str:
        return self._canary


def _body(kind: str, fields: dict[str, object]) -> tuple[str | None, bytes]:
    if kind == "none":
        return None, b""
    if kind == "multipart":
        request = httpx.Request(
            "POST", EVIL, files={name: (None, str(value)) for name, value in fields.items()} or None
        )
        return request.headers.get("content-type", "multipart/form-data; boundary=x"), request.read()
    if kind == "application/x-www-form-urlencoded":
        return kind, urlencode(fields).encode()
    return kind, json.dumps(fields).encode()


def _attempt(world: World, alias: str, action: str, form: str, exchange: Exchange, canary: str) -> Attempt:
    effects: dict[str, Callable[[], str | None]] = {
        "change her name": lambda: "her name was changed" if _name(world, alias) == canary else None,
        "sign her out": lambda: "she was signed out" if not _signed_in(world, alias) else None,
        "create a task": lambda: (
            "a task was made" if canary in world.proxy.listed(world.person(alias)).text else None
        ),
    }
    return Attempt(
        key=world.proxy.key("create", alias) if action == "create a task" else action,
        what=f"another site's attempt to {action} with a body of type {form}",
        exchange=exchange,
        effect=effects[action],
        harmless_success=True,
        also_refusal=lambda answer: httpx.codes.is_redirect(answer.status),
    )


def must_be_stopped(world: World, *, same_site_counts: bool) -> None:
    """Judge what the foreign page did; ``same_site_counts`` lets a cookie that stays at home be the defence."""
    device = world.device(world.recall(Visitor).alias, "first device")
    cookie = device.jar.find(cookie_session(world.target).cookie)
    if same_site_counts and cookie is not None and cookie.same_site in ("lax", "strict"):
        world.notes.append(f"SameSite={cookie.same_site} keeps the cookie out of requests from other sites")
        for attempt in world.judge.attempts:
            world.judge.needs(attempt.key)
        world.judge.attempts.clear()
        return
    world.judge.all_refused()


# --- CORS ---


def ask_across_origins(world: World, alias: str, word: str) -> None:
    """Ask for a place as a script of another site does, simply and by preflight, with the person's credential."""
    place, device = world.places[word], world.device(alias, "first device")
    if place.by_session:
        cookie_session(world.target)
    plain = place.credential(device).onto(Request("GET", place.url(device.person)))
    simple = plain.adding(headers=[("Origin", EVIL), *_FETCH])
    # A browser asks first without any credential, but for the address, which is the same.
    preflight = replace(simple, method="OPTIONS", headers=_PREFLIGHT, cookies={})
    client = world.deployment.client
    answers = (client.send("a foreign page", *request.encoded()) for request in (simple, preflight))
    world.remember(CrossOriginAnswers(place.key(alias), *answers))


def must_not_be_readable(world: World, *, with_credentials: bool) -> None:
    """Raise Unmet when an answer allows the foreign site to read it."""
    answers = world.recall(CrossOriginAnswers)
    world.judge.needs(answers.control)
    for answer in (answers.simple, answers.preflight):
        allowed = answer.header("access-control-allow-origin")
        credentials = (answer.header("access-control-allow-credentials") or "").lower() == "true"
        if allowed == EVIL and (credentials or not with_credentials):
            raise Unmet(
                f"that {EVIL} is not allowed to read {answer.url}",
                f"Access-Control-Allow-Origin is {allowed}"
                + (" and credentials are allowed" if credentials else ""),
                [answer],
            )
