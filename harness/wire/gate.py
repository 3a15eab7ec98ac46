"""What lets a request through to a deployment behind a gate.

A gate is a proxy, a host's protection of previews, a login of the web server. What it asks for is none of the
deployment's credentials: every request carries it, that of an anonymous client too, and no record of one has it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.blocker import Blocker
from harness.core.errors import Unavailable
from harness.core.redaction import register

if TYPE_CHECKING:
    from collections.abc import Collection

    from harness.core.exchange import Headers

AUTHORIZATION = "Authorization"


class AuthorizationTaken(Unavailable):
    """The gate and the request both need the header Authorization."""

    blocker = Blocker.MISSING


@dataclass(frozen=True)
class Gate:
    """Headers that each request carries.

    ``basic`` is a password for the web server, as "user:password".
    """

    headers: Headers = ()
    basic: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.basic is not None:
            register(self._encoded, "basic auth")

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.headers) or self.basic is not None

    @property
    def _encoded(self) -> str:
        return base64.b64encode((self.basic or "").encode()).decode()

    def beside(self, names: Collection[str]) -> Headers:
        """What is added to a request that has headers of these names.

        A header that it has itself is not sent twice. Raises AuthorizationTaken where it has a credential in
        Authorization.
        """
        taken = {name.lower() for name in names}
        if self.basic is not None and AUTHORIZATION.lower() in taken:
            raise AuthorizationTaken(
                "The request needs the header Authorization for itself, and basic auth (reach.basic) takes it.",
                "Let the suite through the gate in another way: by a header (reach.headers) or by this machine's "
                "address.",
            )
        return self.beside_own(taken)

    def beside_own(self, names: Collection[str]) -> Headers:
        """The same, for a request that may keep its own Authorization."""
        taken = {name.lower() for name in names}
        basic = [(AUTHORIZATION, f"Basic {self._encoded}")] if self.basic is not None else []
        return [one for one in (*self.headers, *basic) if one[0].lower() not in taken]


OPEN = Gate()
"""No gate at all."""
