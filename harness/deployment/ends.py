"""When a session or token ends, as the deployment says."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.deployment.answer import at
from harness.deployment.errors import Missing
from harness.deployment.held import is_given
from harness.deployment.quotation import quoted
from harness.tokens.jws import Jwt
from harness.wire.cookies import parse_set_cookie

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harness.core.exchange import Exchange
    from harness.profile.operations import SessionProbe
    from harness.wire.cookies import Kept

_USUAL = tuple(f"{where}/{name}" for where in ("", "/session") for name in ("expires", "expiresAt", "expires_at"))
_MILLISECONDS = 1e11
"""From this number on it counts milliseconds since 1970: in seconds it would be the year 5138."""


@dataclass(frozen=True)
class End:
    """When something ends (Unix time), and what says so."""

    moment: float
    source: str

    @property
    def left(self) -> float:
        """Seconds until then."""
        return self.moment - time.time()


def of_cookies(cookies: Iterable[Kept]) -> End | None:
    """The end that cookies have which are needed together.

    The first that ends is the end of all. None where none has one.
    """
    ends = [End(kept.expires, f'its cookie "{kept.name}"') for kept in cookies if kept.expires is not None]
    return min(ends, key=lambda end: end.moment, default=None)


def of_jwt(token: str) -> End:
    """The end that a JWT names; without one it never ends.

    Raises NotAJwt.
    """
    return End(Jwt.parse(token).ends, "its exp claim")


def said(probe: SessionProbe, exchange: Exchange) -> End | None:
    """The end that the session endpoint tells.

    Raises Missing when it gives none where the profile says.
    """
    for pointer in (probe.expires,) if probe.expires is not None else _USUAL:
        moment = _moment(at(exchange, pointer))
        if moment is not None:
            return End(moment, f"the session endpoint ({pointer})")
    if probe.expires is not None:
        raise Missing(
            f"the session endpoint tells no end of the session at {probe.expires}; it was answered "
            f"{quoted(exchange)}.",
            "Correct operations.session.expires in the profile.",
            [exchange],
        )
    return None


def _moment(value: object) -> float | None:
    try:
        if isinstance(value, str):
            date = dt.datetime.fromisoformat(value)
            return (date if date.tzinfo is not None else date.replace(tzinfo=dt.UTC)).timestamp()
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = float(value)
            return seconds / 1000 if seconds > _MILLISECONDS else seconds
    except (ValueError, OverflowError):
        return None
    return None


def given(exchange: Exchange, names: Iterable[str]) -> Iterator[tuple[str, str, float | None]]:
    """Each of these cookies that an answer sets: name, value, end.

    The answer has just come. The end is None for a cookie that ends with the browser.
    """
    wanted, now = set(names), time.time()
    for raw in exchange.set_cookies:
        cookie = parse_set_cookie(raw)
        if cookie is not None and cookie.name in wanted and is_given(cookie):
            lifetime = cookie.lifetime(now)
            yield cookie.name, cookie.value, None if lifetime is None else now + lifetime
