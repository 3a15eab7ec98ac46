"""A page of another site that signs its visitor in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from harness.deployment.accounts import SIGN_IN
from harness.deployment.credential import ANONYMOUS
from harness.deployment.held import cookie_session
from harness.deployment.people import Device
from harness.deployment.refusal import Attempt
from harness.deployment.request import perform
from harness.flows.foreign_page import FOREIGN, sent_as

if TYPE_CHECKING:
    from harness.scenario.world import World

KINDS = ("application/x-www-form-urlencoded", "text/plain")
"""Bodies of a form that hold what sign-in asks for; the second is JSON all the same."""


def sign_in_from_foreign_page(world: World, alias: str) -> None:
    """Send the address and password in a form of another site's.

    The browser has no cookies.
    Raises Absent where no cookie is a session: then no browser is signed in by another site's form.
    """
    cookie_session(world.target)
    operation, person = world.deployment.operation("sign_in"), world.person(alias)
    person.in_doubt = True
    for kind in KINDS:
        form = sent_as(kind, operation.body or operation.form or {}, person.values, FOREIGN)
        device = Device(person, "a visitor's browser")
        exchange = perform(
            world.target, world.deployment.client, device.who, operation, person.values, ANONYMOUS, form.tampering
        )
        device.keep_cookies(exchange)
        world.judge.attempt(
            Attempt(
                key=SIGN_IN,
                what=f"another site's attempt to sign its visitor in by a form of type {kind}",
                exchange=exchange,
                effect=partial(_signed_in, world, device),
                harmless_success=True,
                harmless_crash=True,
                also_refusal=lambda _: True,
            )
        )


def _signed_in(world: World, device: Device) -> str | None:
    session = world.deployment.access.browser_session(device)
    identity = world.deployment.identity.who_is(session, device.who)
    return None if identity is None else f"the visitor's browser is signed in as {identity.called}"
