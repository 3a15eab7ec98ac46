"""What opens the tasks: an access token, or the session's own cookies.

Requirements about a missing, malformed, forged or expired credential speak of this, and not of a section of the
profile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from harness.core.errors import Absent
from harness.deployment import csrf, held
from harness.deployment.credential import Credential
from harness.deployment.held import declared_token
from harness.tokens.jws import is_jwt

if TYPE_CHECKING:
    from harness.deployment.access import Access
    from harness.deployment.people import Device
    from harness.profile.operation import Base


@dataclass(frozen=True)
class Opener:
    """What opens the tasks, or a further resource.

    ``path`` is where something is written, for a CSRF token.
    """

    access: Access
    credential: Literal["token", "session"]
    base: Base
    path: str

    @property
    def by_cookie(self) -> bool:
        """Whether the session's cookies open them, and no token is presented."""
        profile = self.access.operations.target.profile
        return self.credential == "session" and profile.credentials.session_cookie is not None

    @property
    def noun(self) -> str:
        """What sentences call it."""
        return "session cookie" if self.by_cookie else "token"

    @property
    def is_jwt(self) -> bool:
        """Whether it may be taken apart."""
        credentials = self.access.operations.target.profile.credentials
        if self.by_cookie:
            return credentials.session_is_jwt
        return declared_token(self.access.operations.target).is_jwt

    def must_be_token(self) -> None:
        """Raise Absent where no access token opens the tasks."""
        if self.by_cookie:
            raise Absent(
                "The profile declares that the session's cookie opens the tasks, and no access token does; what "
                "is demanded of that cookie is judged by itself."
            )

    def must_be_jwt(self) -> None:
        """Raise Absent where what opens the tasks has no parts to change."""
        if self.is_jwt:
            return
        what = (
            "the session's cookie opens the tasks, and is no JWT"
            if self.by_cookie
            else "the access token is opaque"
        )
        raise Absent(f"The profile declares that {what}: it has no parts to change.")

    def value(self, device: Device) -> str:
        """The token, or the cookie's value.

        Of several cookies it is the one that is a JWT, or the first.
        """
        if not self.by_cookie:
            return self.access.access_token(device)
        values = held.session_values(self.access.operations.target, device)
        return next((one for one in values if self.is_jwt and is_jwt(one)), values[0])

    def presenting(self, device: Device, value: str, label: str, *, writes: bool = False) -> Credential:
        """The credential with another value in its place.

        Where the session's cookies are presented to write something, the CSRF token is the session's own: a
        refusal for that would say nothing of the session.
        """
        if not self.by_cookie:
            return self.access.bearer(value, label)
        own = self.value(device)
        alone = self.access.captured_session(device)
        name = next(name for name, one in alone.cookies.items() if one == own)
        altered = replace(alone, label=label, cookies={**alone.cookies, name: value})
        if not writes:
            return altered
        return csrf.for_client(self.access.operations, device, altered, self.base, self.path)
