"""Frozen copies of credentials, as an attacker has them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.deployment.credential import Credential
    from harness.deployment.people import Device
    from harness.deployment.session_copy import SessionCopy
    from harness.wire.cookies import Kept


@dataclass(frozen=True)
class CapturedSession:
    """A frozen copy of a device's session.

    ``values`` are the token's own, or its cookies': several where these are needed together. ``whole`` is a copy
    of all that the device held, caches of the session included.
    """

    device: Device
    credential: Credential
    values: tuple[str, ...]
    whole: SessionCopy
    kept: tuple[Kept, ...] = ()
    """Its cookies as the device kept them; none where it is a token."""
    at: float = field(default_factory=lambda: time.time(), compare=False)
    """When it was captured (Unix time)."""

    def with_value(self, old: str, new: str, label: str) -> Credential:
        """The session with one of its values replaced."""
        cookies = self.credential.cookies
        name = next((name for name, value in cookies.items() if value == old), None)
        if name is None:
            return self.credential.with_value(old, new, label)
        return replace(self.credential, label=label, cookies={**cookies, name: new})


@dataclass(frozen=True)
class CapturedToken:
    """A copy of an access token."""

    value: str
    kept: Kept | None = None
    """The cookie that it came in, if it did."""
    at: float = field(default_factory=lambda: time.time(), compare=False)
    """When it was captured (Unix time)."""
