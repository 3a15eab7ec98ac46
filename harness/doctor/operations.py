"""Whether each declared operation is there and does what scenarios need.

They are carried out as the scenarios do it, by two people of the doctor's own.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from harness.core.errors import Absent, Unavailable
from harness.core.findings import Unmet
from harness.deployment.answer import at, matches
from harness.deployment.lines import success_line
from harness.deployment.quotation import quoted
from harness.doctor.accounts import SECOND
from harness.doctor.trials import called, tried
from harness.flows import account_deletion, password_change, refresh, session_management
from harness.flows.common import must_be_done, sign_out
from harness.flows.page_actions import ChangeName
from harness.tokens.jws import Jwt, NotAJwt

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.doctor.findings import Finding
    from harness.scenario.world import World


def examine(world: World, one: str, other: str) -> list[Finding]:
    """Carry out every declared operation once.

    The first person is signed in on two devices, and signs out on the second; the other's account is changed and
    deleted.
    """
    trials: list[tuple[str, str, str, Callable[[], object]]] = [
        ("jwks", one, "has the published keys", lambda: _keys(world, one)),
        ("refresh", one, "yields an access token", lambda: _refresh(world, one)),
        ("sign_out", one, "ends a session", lambda: _sign_out(world, one)),
        (
            "list_sessions",
            other,
            "lists a session that a sign-in adds",
            lambda: session_management.control_list(world, other, SECOND),
        ),
        ("revoke_session", other, "ends that session", lambda: _revoke(world, other)),
        (
            "revoke_other_sessions",
            other,
            "is carried out",
            lambda: session_management.revoke_others(world, other, "first device"),
        ),
        ("revoke_all_sessions", other, "is carried out", lambda: _revoke_all(world, other)),
        ("update_user", other, "changes a name", lambda: _change_name(world, other)),
        (
            "change_password",
            other,
            "changes a password",
            lambda: password_change.change_password(world, other, "first device"),
        ),
        ("delete_user", other, "deletes an account", lambda: account_deletion.delete_account(world, other)),
    ]
    return [finding for name, alias, does, act in trials for finding in _tried(world, name, alias, does, act)]


def _tried(world: World, name: str, alias: str, does: str, act: Callable[[], object]) -> list[Finding]:
    operation = getattr(world.target.profile.operations, name)
    if operation is None:
        return []

    def signed_in() -> None:
        sign_in_again(world, alias)
        act()

    return tried(world.target, called(operation, name), f"operations.{name}", does, signed_in)


def sign_in_again(world: World, alias: str, device_name: str = "first device") -> None:
    """Sign in on the device where its session was ended."""
    device, deployment = world.device(alias, device_name), world.deployment
    if deployment.identity.who_is(deployment.access.browser_session(device), device.who) is None:
        deployment.sessions.sign_in_verified(device)


def _keys(world: World, alias: str) -> None:
    token = world.device(alias, "first device").access_token
    with contextlib.suppress(NotAJwt):
        if token is not None and Jwt.parse(token).symmetric:
            raise Absent("The deployment signs with a shared secret, for which no keys are published.")
    answer = world.deployment.call("jwks", "an anonymous client", {})
    must_be_done(world, "jwks", answer)
    if not isinstance(at(answer, "/keys"), list):
        raise Unavailable(
            f"it was answered {quoted(answer)}, which has no list of keys.", "Correct its path in the profile."
        )


def _refresh(world: World, alias: str) -> None:
    if world.device(alias, SECOND).refresh_token is None:
        raise Absent("Nothing to refresh with, which the line about refresh tokens says.")
    refresh.refresh(world, alias, SECOND)


def _sign_out(world: World, alias: str) -> None:
    # A refresh may have replaced what it holds, and what is dead shows no end.
    sign_in_again(world, alias, SECOND)
    device, deployment = world.device(alias, SECOND), world.deployment
    frozen = deployment.access.captured_session(device)
    sign_out(world, alias, SECOND)
    answer = world.last()
    if world.target.profile.stateless_session is not None:
        must_be_done(world, "sign_out", answer)
    elif deployment.identity.who_is(frozen, device.who) is not None:
        came = f"it was answered {quoted(answer)}, and the session is alive"
        raise Unmet("that it ends the session", came, [answer])
    elif not matches(deployment.operation("sign_out").outcomes.success, answer):
        raise Unavailable(
            f"it was answered {quoted(answer)} and ended the session, which is no success as the profile says it.",
            success_line("operations.sign_out", answer),
        )


def _revoke_all(world: World, alias: str) -> None:
    """End every session, and sign in again for the next trial."""
    session_management.revoke_all(world, alias, "first device")
    world.cast.recover(world.person(alias))


def _revoke(world: World, alias: str) -> None:
    if not world.remembers(session_management.SessionList):
        raise Absent("There is no list of sessions to choose from.")
    device, deployment = world.device(alias, SECOND), world.deployment
    frozen = deployment.access.captured_session(device)
    session_management.revoke(world, alias, "first device")
    if (
        world.target.profile.stateless_session is None
        and deployment.identity.who_is(frozen, device.who) is not None
    ):
        came = f"it was answered {quoted(world.last())}, and the session is alive"
        raise Unmet("that it ends the session that the list shows", came, [world.last()])


def _change_name(world: World, alias: str) -> None:
    if world.target.profile.operations.session.identity.name is not None:
        ChangeName().own(world, alias)
        return
    device = world.device(alias, "first device")
    values = {**device.person.values, "new_name": "Another Name"}
    must_be_done(world, "update_user", world.deployment.access.on_device("update_user", device, values))
