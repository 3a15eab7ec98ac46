"""Sign-outs that are requested otherwise than by the own page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Absent
from harness.core.exchange import is_safe
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment import csrf, held
from harness.deployment.credential import Credential
from harness.deployment.errors import Missing
from harness.deployment.held import cookie_session
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.deployment.request import perform
from harness.deployment.tampered import Tampering
from harness.flows.captured import key_of
from harness.flows.session import random_session
from harness.scenario.world import Answer

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.scenario.world import World

_AS_A_LINK = {"Accept": "text/html,application/xhtml+xml"}


# --- by GET ---


def get_sign_out(world: World, alias: str, device_name: str) -> None:
    """Request the address of sign-out as a link does.

    Raises NotApplicable where that is how the deployment signs out.
    """
    cookie_session(world.target)
    operation, device = world.deployment.operation("sign_out"), world.device(alias, device_name)
    if is_safe(operation.method):
        raise NotApplicable(f"The profile declares that sign-out itself is a {operation.method}.")
    changes = {"method": "GET", "body": None, "form": None, "headers": _AS_A_LINK}
    link, url = operation.model_copy(update=changes), world.deployment.url("sign_out")
    credential = world.deployment.access.sent_by_any_page(device, url)
    answer = perform(world.target, world.deployment.client, device.who, link, device.person.values, credential)
    device.keep_cookies(answer)
    world.remember(Answer(answer))


def must_still_be_signed_in(world: World, alias: str, device_name: str) -> None:
    """Raise Unmet if what the device has left signs in no more."""
    world.judge.needs(key_of("session endpoint"))
    device = world.device(alias, device_name)
    if not world.deployment.identity.is_session_of(
        device.person, world.deployment.access.browser_session(device), device.who
    ):
        came = f"{device.who} is signed out by it"
        raise Unmet("that a GET request for the address of sign-out has no effect", came, [world.last()])


# --- without a session ---


@dataclass(frozen=True)
class SignOuts:
    """The answers to requests for sign-out, each with its way."""

    answers: list[tuple[str, Exchange]] = field(default_factory=list)


@dataclass(frozen=True)
class Before:
    """All that the device held before the first of them."""

    device: Device


def request_sign_outs(world: World, alias: str, device_name: str, ways: list[str]) -> None:
    """Request sign-out in each way, until one breaks the server.

    A way that makes an ordinary request of this deployment is left out.
    """
    device = world.device(alias, device_name)
    device.person.in_doubt = True
    if world.deployment.operation("sign_out").credential == "token":
        world.deployment.access.access_token(device)  # once the session has ended, none comes
    world.remember(Before(device.frozen(device.name)))
    answers = world.setdefault(SignOuts()).answers
    for way in ways:
        try:
            answers.append((way, WAYS[way](world, device)))
        except (Absent, Missing) as reason:
            world.notes.append(f"not requested: {way}; {reason.reason}")
        # With what broke its connection may close, and what is sent on it next would be sent twice.
        if answers and httpx.codes.is_server_error(answers[-1][1].status):
            break


def _without_body(world: World, device: Device) -> Exchange:
    operation = world.deployment.operation("sign_out")
    if operation.body is None and operation.form is None:
        raise Absent("The profile declares that sign-out has no body.")
    return world.deployment.access.on_device("sign_out", device, device.person.values, Tampering(raw_body=b""))


def _once_more(world: World, _device: Device) -> Exchange:
    """As the own page does, twice: the session may still be alive."""
    first = _as_its_page(world)
    return first if httpx.codes.is_server_error(first.status) else _as_its_page(world)


def _as_its_page(world: World) -> Exchange:
    before = world.recall(Before).device
    device = before.frozen(before.name)
    return world.deployment.access.on_device("sign_out", device, device.person.values)


def _with(world: World, device: Device, credential: Credential) -> Exchange:
    operation, person = world.deployment.operation("sign_out"), device.person
    carried = csrf.for_anonymous(world.deployment, person, credential, operation.base, operation.path)
    values = {"refresh_token": random_session(), **person.values}
    return world.deployment.call("sign_out", credential.label, values, carried)


def _without_session(world: World, device: Device) -> Exchange:
    return _with(world, device, Credential("a browser without a session"))


def _made_up(world: World, device: Device) -> Exchange:
    credential = Credential("a browser with a made-up session")
    by_cookie = world.target.profile.credentials.session_cookie is not None
    if not by_cookie or world.deployment.operation("sign_out").credential == "token":
        credential = world.deployment.access.bearer(random_session(), credential.label)
    kept = held.session_cookies(world.target, world.recall(Before).device) if by_cookie else []
    made_up = {one.name: random_session() for one in kept}
    return _with(world, device, replace(credential, cookies={**credential.cookies, **made_up}))


WAYS: Vocabulary[Callable[[World, Device], Exchange]] = Vocabulary(
    "way to request sign-out",
    {
        "without a body": _without_body,
        "once more": _once_more,
        "without a session": _without_session,
        "with a made-up session": _made_up,
    },
)


def must_have_broken_nothing(world: World) -> None:
    """Raise Unmet if a sign-out was answered with a server error.

    Raises NotThere where none ended the session, since there is no such operation, NotTested where none was sent.
    """
    answers = world.recall(SignOuts).answers
    if not answers:
        raise NotTested("no sign-out could be requested otherwise than its own page does.")
    for way, answer in answers:
        if httpx.codes.is_server_error(answer.status):
            raise Unmet(f"that a sign-out {way} breaks nothing", f"it was answered {quoted(answer)}", [answer])
    device = world.recall(Before).device
    if world.deployment.identity.who_is(world.deployment.access.browser_session(device), device.who) is not None:
        for _, answer in answers[:1]:
            world.deployment.must_be_there("sign_out", answer)
