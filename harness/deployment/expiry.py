"""How expiry is reached: without waiting, or within a limit."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.blocker import Blocker
from harness.core.text import listed, one_line
from harness.deployment.errors import EndOutOfReach
from harness.deployment.held import declared_token, session_cookies, session_values
from harness.profile.profile import asked_for
from harness.tokens.jws import Jwt, is_jwt

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.deployment.people import Device
    from harness.profile.target import Target

_HOUR = 3600
MARGIN = 2.0
"""Seconds past the end, so that nothing is ever judged at the edge."""
_GIVE_DATABASE = "give the session database's URL in the variable that age_session.database_env names"


def _jwt(token: str) -> Jwt | None:
    return Jwt.parse(token) if is_jwt(token) else None


@dataclass
class Expiry:
    """``max_wait`` is the longest wait in seconds that a scenario may cost."""

    target: Target
    max_wait: float

    def expired_token(self, token: str) -> tuple[str, str]:
        """The token after its end, and how that was reached.

        Raises EndOutOfReach when it can't be.
        """
        parsed = Jwt.parse(token)
        secret = self.target.jwt_secret
        if parsed.symmetric and secret is not None:
            now = int(time.time())
            expired = parsed.with_claims(iat=now - 2 * _HOUR, exp=now - _HOUR)
            return expired.signed(secret.encode()), "mint: signed again with an end one hour ago"
        end = parsed.ends + self.target.profile.jwt.leeway + MARGIN
        self._wait_until(end, "the token", self._instead_of_token(parsed))
        return token, "short-lived: waited for its own end"

    def end_opaque_token(self) -> str:
        """Wait until an opaque access token has expired, and say how.

        Raises EndOutOfReach where nothing tells its lifetime, or that is too long.
        """
        lifetime = declared_token(self.target).lifetime
        if lifetime is None:
            raise EndOutOfReach(
                "nothing tells when the access token ends, for it is opaque.",
                "Say in credentials.token.lifetime how long it lives.",
            )
        self._wait_until(time.time() + lifetime + MARGIN, "the access token", "")
        return "short-lived: waited for its declared end"

    @property
    def ages(self) -> bool:
        """Whether sessions are brought to their end in the database."""
        return self.target.profile.age_session is not None and self.target.database_url is not None

    def end_sessions(self, device: Device) -> tuple[float | None, str]:
        """Make the device's session end on the server.

        Returns when it was due to end (Unix time), where that is known, and how it was reached.

        Raises EndOutOfReach when that can't be done.
        """
        ageing, url = self.target.profile.age_session, self.target.database_url
        if ageing is not None and url is not None:
            self._run(url, ageing.statement, device)
            return None, "age: the session's end was set one hour back in the database"
        lifetime = self._lifetime(device)
        if lifetime is None:
            raise self._endless()
        due, leeway = time.time() + lifetime, self._leeway()
        self._wait_until(due + leeway + MARGIN, "the session", f"{_GIVE_DATABASE}, or")
        return due, f"short-lived: waited for its own end{f' and {leeway:g} s of leeway' if leeway else ''}"

    def end_refresh_token(self, device: Device, token: str) -> tuple[str, str]:
        """The device's refresh token after its end, and how that was reached.

        Raises EndOutOfReach when it can't be.
        """
        parsed, secret, declared = _jwt(token), self.target.jwt_secret, self.target.profile.credentials.refresh
        if parsed is not None and secret is not None and parsed.signed(secret.encode()) == token:
            now = int(time.time())
            expired = parsed.with_claims(iat=now - 2 * _HOUR, exp=now - _HOUR)
            return expired.signed(secret.encode()), "mint: signed again with an end one hour ago"
        ageing, url = self.target.profile.age_session, self.target.database_url
        if ageing is not None and ageing.refresh_statement is not None and url is not None:
            self._run(url, ageing.refresh_statement, device)
            return token, "age: the refresh token's end was set back in the database"
        end = parsed.ends if parsed is not None else math.inf
        if declared is not None and declared.lifetime is not None:
            end = min(end, time.time() + declared.lifetime)
        if math.isinf(end):
            raise EndOutOfReach(
                "nothing tells when the refresh token ends, and nothing brings it there.",
                "Say in age_session.refresh_statement how it is aged in the database, or in "
                "credentials.refresh.lifetime how long it lives, and run against one that lives for some seconds.",
                blocker=Blocker.UNFIT,
            )
        alternative = "say in age_session.refresh_statement how it is aged in the database, or"
        self._wait_until(end + MARGIN, "the refresh token", alternative)
        return token, "short-lived: waited for its own end"

    def _run(self, url: str, statement: str, device: Device, **further: object) -> None:
        """Run an ageing statement.

        It gets what it asks for to know whose session it is.
        """
        from harness.deployment.expiry_sql import age_sessions  # not before it is needed: it takes a second

        person = device.person
        known: dict[str, Callable[[], object]] = {
            "email": lambda: person.email,
            "user_id": lambda: person.id,
            "session": lambda: session_values(self.target, device)[0],
        }
        who = {name: known[name]() for name in asked_for(statement)}
        age_sessions(url, statement, who | further)

    def _leeway(self) -> float:
        session = self.target.profile.credentials.session_cookie
        return session.leeway if session is not None else 0

    def pass_time(self, device: Device, seconds: float, what: str, whole: float | None = None) -> float:
        """Let so many seconds pass for the device's session.

        ``whole`` are all those that a scenario lets pass. Returns those that only the database knows of: cookies
        do not.

        Raises EndOutOfReach where it would have to wait for longer than the run may.
        """
        ageing, url = self.target.profile.age_session, self.target.database_url
        if ageing is not None and ageing.elapse is not None and url is not None:
            passed = math.ceil(seconds)
            self._run(url, ageing.elapse, device, seconds=passed)
            return passed
        if (wait := seconds if whole is None else whole) > self.max_wait:
            raise EndOutOfReach(
                f"{what} is over after {wait:.0f} s, later than the {self.max_wait:.0f} s that --max-wait allows.",
                "Say in age_session.elapse of the profile how time passes for a session in the database, or run "
                "against a deployment where it is some seconds.",
                blocker=Blocker.UNFIT,
            )
        time.sleep(seconds)
        return 0.0

    def wait_out(self, end: float, what: str) -> None:
        """Wait until something that was declared to end is surely over.

        Raises EndOutOfReach when that takes longer than the run may wait.
        """
        wait = end + MARGIN - time.time()
        if wait > self.max_wait:
            raise EndOutOfReach(
                f"{what} ends in {wait:.0f} s, later than the {self.max_wait:.0f} s that --max-wait allows.",
                f"Run with --max-wait {wait:.0f}.",
            )
        time.sleep(max(0.0, wait))

    def let_time_pass(self, what: str) -> None:
        """Wait until an end that moves with each use has visibly moved.

        Raises EndOutOfReach where the run may not wait at all.
        """
        if self.max_wait < MARGIN:
            raise EndOutOfReach(
                f"{what} shows after {MARGIN:.0f} s, and --max-wait allows {self.max_wait:.0f} s.",
                f"Run with --max-wait {MARGIN:.0f}.",
            )
        time.sleep(MARGIN)

    def _instead_of_token(self, token: Jwt) -> str:
        """What to do other than wait, where a secret is shared."""
        if not token.symmetric:
            return ""
        variable = self.target.profile.jwt.secret_env
        if variable is None:
            return "name the variable of the shared secret in jwt.secret_env and set it, or"
        return f"give the shared secret in {variable}, or"

    def _endless(self) -> EndOutOfReach:
        cookie = self.target.profile.credentials.session_cookie
        database = f"{_GIVE_DATABASE[0].upper()}{_GIVE_DATABASE[1:]}"
        if cookie is None:
            lifetime = "say in credentials.token.lifetime how long an opaque token lives"
            return EndOutOfReach("nothing tells when the session ends.", f"{database}, or {lifetime}.")
        names = listed((f'"{name}"' for name in cookie.cookies), "and")
        return EndOutOfReach(
            f"nothing tells when the session ends: its cookie {names} has neither Max-Age nor Expires.",
            f"{database}, or say in credentials.session.lifetime how long a session lives.",
        )

    def _wait_until(self, moment: float, what: str, alternative: str) -> None:
        wait = moment - time.time()
        if wait > self.max_wait:
            lives = (
                f"lives {wait:.0f} s more, longer than"
                if wait < float("inf")
                else "never ends, and is not over in"
            )
            raise EndOutOfReach(
                f"{what} {lives} the {self.max_wait:.0f} s that --max-wait allows.",
                one_line(f"To test it, {alternative} run against a deployment with lifetimes of a few seconds."),
            )
        time.sleep(max(0.0, wait))

    def _lifetime(self, device: Device) -> float | None:
        credentials = self.target.profile.credentials
        if credentials.session_cookie is None:
            return credentials.token.lifetime if credentials.token is not None else None
        # Of several that are needed together the first that ends is the session's end. From now on, for a use may
        # have moved the server's end without a new cookie.
        lifetimes = [kept.cookie.lifetime(time.time()) for kept in session_cookies(self.target, device)]
        return min((one for one in lifetimes if one is not None), default=credentials.session_cookie.lifetime)
