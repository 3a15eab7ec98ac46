"""Sign-up and sign-in by GET, with a password in the query."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from harness.core.errors import Absent
from harness.core.exchange import is_safe
from harness.deployment import held
from harness.deployment.accounts import SIGN_IN
from harness.deployment.credential import ANONYMOUS
from harness.deployment.people import Device
from harness.deployment.refusal import Attempt
from harness.deployment.request import perform

if TYPE_CHECKING:
    from harness.deployment.people import Person
    from harness.profile.operation import Operation
    from harness.scenario.world import World


def ask_by_get(world: World, name: str, person: Person) -> None:
    """Ask for an operation by GET, its fields in the query."""
    operation = world.deployment.operation(name)
    if is_safe(operation.method):
        raise Absent(f"The profile says that {operation.path} is asked for by {operation.method}.")
    device = Device(person, "second device")
    by_get = operation.model_copy(
        update={"method": "GET", "query": {**operation.query, **_fields(operation)}, "body": None, "form": None}
    )
    exchange = perform(world.target, world.deployment.client, device.who, by_get, person.values, ANONYMOUS)
    device.keep_cookies(exchange)
    person.in_doubt = True
    held.keep_tokens(world.target, device, name, exchange)
    world.judge.attempt(
        Attempt(
            key=SIGN_IN,
            what=f"GET {operation.path} with an address and a password in the query",
            exchange=exchange,
            effect=partial(_done, world, device, by_sign_up=name == "sign_up"),
            harmless_success=True,
            harmless_crash=True,
            also_refusal=lambda _: True,
        )
    )


def _fields(operation: Operation) -> dict[str, str]:
    """The fields of the body as a query has them."""
    fields = operation.body or operation.form or {}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}


def _done(world: World, device: Device, *, by_sign_up: bool) -> str | None:
    if (came := world.accounts.yields(device)) is not None or not by_sign_up:
        return came
    again = Device(device.person, "second device")
    world.deployment.sessions.guess(again, device.person.password)
    return world.accounts.yields(again)
