"""What a deployment hands out besides access tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from harness.core.errors import Absent
from harness.core.vocabulary import Vocabulary
from harness.deployment import held
from harness.flows.access_token import attempt_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from harness.deployment.people import Device
    from harness.profile.target import Target
    from harness.scenario.world import World

_SHORTEST = 8
"""Characters of what may be a credential: less is a setting, such as a language."""


def _session(target: Target, device: Device) -> Iterable[str]:
    if target.profile.credentials.session_cookie is None:
        return []
    return held.session_values(target, device)


def _parts(target: Target, device: Device) -> Iterable[str]:
    return [part for value in _session(target, device) if len(parts := value.split(".")) > 1 for part in parts]


def _others(target: Target, device: Device) -> Iterable[str]:
    session = target.profile.credentials.session_cookie
    named = session.cookies if session is not None else ()
    return [kept.value for kept in device.jar.alive if kept.bare_name not in named]


VALUES: Vocabulary[Callable[[Target, Device], Iterable[str]]] = Vocabulary(
    "value that is no access token",
    {
        "her session cookie": _session,
        "a part of her session cookie": _parts,
        "another of her cookies": _others,
    },
)
"""What a person's browser holds besides the access token."""


def present_as_token(world: World, alias: str, word: str) -> None:
    """List the person's tasks with each value in the token's place.

    Raises Absent where there is none, or none but the access token itself.
    """
    device = world.device(alias, "first device")
    token = world.opener.value(device)
    spelt = (form for value in VALUES[word](world.target, device) for form in (value, unquote(value)))
    values = [value for value in dict.fromkeys(spelt) if len(value) >= _SHORTEST and token not in value]
    if not values:
        raise Absent(f"{alias}'s browser holds no such value that is not the access token: {word}.")
    for value in values:
        attempt_with(world, alias, "list", value, f"{word} in place of an access token")
