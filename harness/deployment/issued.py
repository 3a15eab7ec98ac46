"""Credentials that a deployment has handed out in this run.

One series for each user and kind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.deployment import held
from harness.tokens.jws import is_jwt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.deployment.people import Device, Person
    from harness.profile.target import Target

SESSION, ACCESS, REFRESH = "session value", "access token", "refresh token"


@dataclass(frozen=True)
class Issued:
    """What sign-ins gave, in their order and without repetitions.

    No JWT: what can't be guessed in one is its signature.
    """

    _series: dict[tuple[str, str, str], dict[str, None]] = field(default_factory=dict)
    """By the user's address, the kind, and the name of the cookie that holds it."""

    def note(self, target: Target, device: Device) -> None:
        """Note what the device holds that has just been signed in."""
        for kind, name, value in _held(target, device):
            if not is_jwt(value):
                self._series.setdefault((device.person.email, kind, name), {})[value] = None

    def of(self, person: Person, kind: str) -> dict[str, list[str]]:
        """The values of that kind that the person was given.

        By the name of the cookie, which is empty where it is in none.
        """
        return {
            name: [*values]
            for (email, of_kind, name), values in self._series.items()
            if (email, of_kind) == (person.email, kind)
        }


def _held(target: Target, device: Device) -> Iterator[tuple[str, str, str]]:
    session = target.profile.credentials.session_cookie
    for name in session.cookies if session is not None else ():
        kept = device.jar.find(name, held.session_url(target))
        if kept is not None:
            yield SESSION, name, kept.value
    if device.access_token is not None:
        yield ACCESS if session is not None else SESSION, "", device.access_token
    if device.refresh_token is not None:
        yield REFRESH, "", device.refresh_token
