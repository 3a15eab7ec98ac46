"""A copy of all that a browser held, caches included."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from harness.core.text import listed
from harness.deployment.people import Device
from harness.profile.credentials import UNDECLARED_CACHE
from harness.wire.cookies import bare_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.deployment.deployment import Deployment
    from harness.profile.target import Target
    from harness.wire.cookies import Kept

_MEASURABLE = 1.5
"""Seconds by which an end has to move until that is no rounding."""


def of(deployment: Deployment, device: Device) -> SessionCopy:
    """A copy of all that the device holds now."""
    kept = {one.name: one for one in device.jar.alive}
    return SessionCopy(deployment, device.frozen("captured cookies"), device.who, kept, time.time())


def bound(target: Target) -> int:
    """Seconds for which a cache may answer for an ended session."""
    session = target.profile.credentials.session_cookie
    return session.longest_cache if session is not None else UNDECLARED_CACHE


def lives_too_long(target: Target, copy: SessionCopy) -> bool:
    """Whether it lives too long for a cache, by its cookies."""
    return copy.seconds_left is not None and copy.seconds_left > bound(target)


@dataclass(frozen=True)
class SessionCopy:
    """A frozen copy of all that a device held.

    ``of`` says whose it was, ``kept`` are its cookies with their ends, ``taken_at`` is when it was taken (Unix
    time). No browser keeps the copy, so nothing in it ends by itself.
    """

    deployment: Deployment
    device: Device
    of: str
    kept: Mapping[str, Kept]
    taken_at: float

    def fresh(self) -> Device:
        """A device that holds what was copied, for one attempt."""
        return self.device.frozen(self.device.name)

    @property
    def holds_more(self) -> bool:
        """Whether there are cookies in it besides the session's own."""
        return any(bare_name(name) not in self._own for name in self.kept)

    @property
    def _own(self) -> list[str]:
        session = self.deployment.target.profile.credentials.session_cookie
        return session.cookies if session is not None else []

    @cached_property
    def caches(self) -> list[Kept]:
        """The cookies that the ended session lives by, but its own.

        Found by elimination, for a profile need not name them. None where the session's own cookie is enough.
        """
        cookies = self.deployment.access.whole_jar(self.fresh()).cookies
        needed = self.deployment.identity.needed(self.device.person, cookies)
        return [self.kept[name] for name in needed if bare_name(name) not in self._own]

    @property
    def seconds_left(self) -> float | None:
        """Seconds for which it lives by what its cookies say.

        None where they say nothing.
        """
        ends = [kept.expires for kept in self.caches if kept.expires is not None]
        return max(0.0, min(ends) - time.time()) if ends else None

    @property
    def end(self) -> str:
        """When it ends, as a sentence."""
        if not self.caches:
            return "what opens it is the session itself, and no cache of it"
        names = listed((f'"{kept.name}"' for kept in self.caches), "and")
        left = self.seconds_left
        if left is None:
            return f"the cookie {names} answers for it, and names no end"
        return f"the cookie {names} answers for it, and says that it lives {left:.0f} s more"

    def prolonged_by(self, device: Device) -> Kept | None:
        """A new cookie that keeps the ended session alive, or None.

        ``device`` is a copy that has been used: it holds what answers have set since.
        """
        new = self._new_in(device)
        later = [kept for kept in new if _is_later(kept, self.kept.get(kept.name))]
        credential = self.deployment.access.whole_jar(device)
        if not later or not self.deployment.identity.is_session_of(device.person, credential, "the attacker"):
            return None
        needed = self.deployment.identity.needed(device.person, credential.cookies)
        return next((kept for kept in later if kept.name in needed), None)

    def is_too_new_for(self, device: Device) -> bool:
        """Whether it is too new to tell two ends apart."""
        is_new = time.time() - self.taken_at <= _MEASURABLE
        return is_new and any(kept.name in self.kept for kept in self._new_in(device))

    def _new_in(self, device: Device) -> list[Kept]:
        before = {name: kept.value for name, kept in self.kept.items()}
        return [kept for kept in device.jar.alive if before.get(kept.name) != kept.value]


def _is_later(kept: Kept, before: Kept | None) -> bool:
    """Whether a cookie ends later than the one that it replaces.

    True where one of them names no end.
    """
    if before is None or before.expires is None or kept.expires is None:
        return True
    return kept.expires - before.expires > _MEASURABLE
