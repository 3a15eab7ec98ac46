"""A profile's credentials: where from, how presented, what ends them."""

from __future__ import annotations

from typing import Annotated, Literal, assert_never

from pydantic import BeforeValidator, Field, model_validator

from harness.profile.operation import Model, Seconds
from harness.profile.toml.strings import (
    BareCookieName,
    CookieName,
    HeaderName,
    HeaderText,
    Line,
    Pointer,
    as_list,
)
from harness.wire.cookies import bare_name

CacheSeconds = Annotated[int, Field(ge=1, le=3600, examples=[900])]
"""As long as a token that nothing revokes may live."""

UNDECLARED_CACHE = 300
"""Seconds for which a cache may answer where the profile declares none."""

AfterSignOut = Literal["revoked", "until it ends"]

Leeway = Annotated[float, Field(ge=0, le=3600, examples=[15])]
"""Seconds after an end in which a verifier still accepts what ended, for clocks that differ."""

LONGEST_UNREVOKED = 3600
"""Seconds that a credential which nothing revokes may live, whatever a profile declares."""


def _is_revoked(after_sign_out: AfterSignOut) -> bool:
    match after_sign_out:
        case "revoked":
            return True
        case "until it ends":
            return False
        case _:
            assert_never(after_sign_out)


class CookieSession(Model):
    """A session that is held in a cookie."""

    kind: Literal["cookie"]
    """`cookie`."""
    cookies: Annotated[list[BareCookieName], BeforeValidator(as_list), Field(alias="cookie", min_length=1)]
    """The cookie's bare name, without `__Host-` or `__Secure-`. A list where the session is in several that
    sign in only together, such as a token and its fingerprint."""
    cache_cookies: list[BareCookieName] = []
    """Cookies that only cache the session, so that a copy of them outlives it. Looks at effects leave them out."""
    cache_lifetime: CacheSeconds | None = None
    """Seconds for which they may answer for a session that was ended; 300 unless said, and 3600 at most."""
    after_sign_out: AfterSignOut = "revoked"
    """What sign-out does to it. A cookie that holds everything itself (a JWT) may live on until it ends, which is
    measured."""
    max_lifetime: Seconds = 3600
    """Seconds that a session which no sign-out ends may live at most: one that lives longer fails. More than an
    hour is a warning, whatever stands here."""
    lifetime: Seconds | None = None
    """Seconds that a session lives, where neither its cookie nor the session endpoint tells. Its end is waited
    for, up to `--max-wait`."""
    leeway: Leeway = 0
    """Seconds after its end in which a session is still accepted, for clocks that differ."""
    idle_timeout: Seconds | Literal[False] | None = None
    """Seconds after which a session ends that is not used; left out or `false` where there is no such limit."""
    absolute_lifetime: Seconds | Literal[False] | None = None
    """Seconds after sign-in at which a session ends, however much it is used; left out or `false` where there is
    no such limit."""
    update_age: Seconds | Literal[False] | None = None
    """Seconds after which a question who is signed in moves the session's end; left out or `false` where none
    does."""

    @property
    def dies_with_sign_out(self) -> bool:
        """Whether sign-out is declared to revoke it."""
        return _is_revoked(self.after_sign_out)

    @property
    def longest_cache(self) -> int:
        """Seconds for which a cache may answer for an ended session."""
        return UNDECLARED_CACHE if self.cache_lifetime is None else self.cache_lifetime


class TokenSession(Model):
    """The access token is the session: its bearer is signed in."""

    kind: Literal["token"]
    """`token`."""


Session = Annotated[CookieSession | TokenSession, Field(discriminator="kind")]


class Token(Model):
    """An access token: where from, how presented, and what ends it.

    It comes from one of `pointer`, `response_header` and `cookie`, and is presented in a header or in one of
    `in_cookie`, `in_query` and `in_body`.
    """

    kind: Literal["jwt", "opaque"]
    """Whether it is a JWT (RFC 7519) that may be taken apart. Nothing else ever is."""
    issued_by: str
    """The operation whose answer holds it."""
    pointer: Pointer | None = None
    """Its place in the answer's JSON."""
    response_header: HeaderName | None = None
    """It is the value of that response header."""
    cookie: BareCookieName | None = None
    """It is the value of that cookie, by its bare name."""
    refreshed_pointer: Pointer | None = None
    """Its place in the JSON of the refresh operation's answer, when not the same."""
    header: HeaderName = "Authorization"
    """The request header that carries it (RFC 6750 section 2.1)."""
    scheme: HeaderText = "Bearer"
    """The word before it in that header; empty for the bare token."""
    in_cookie: CookieName | None = None
    """The cookie that carries it, in place of a header."""
    in_query: Line | None = None
    """The query parameter that carries it, in place of a header."""
    in_body: Line | None = None
    """The field of the body that carries it, in place of a header."""
    after_sign_out: AfterSignOut | None = None
    """What sign-out does to it. Left out: a JWT lives on until it ends, an opaque token is revoked."""
    max_lifetime: Seconds = 3600
    """Seconds that a token which no sign-out ends may live at most: one that lives longer does not pass. More than
    an hour is a warning, whatever stands here."""
    lifetime: Seconds | None = None
    """Seconds that an opaque token lives, which nothing else tells. Its end is waited for, up to `--max-wait`."""

    @model_validator(mode="after")
    def _one_source(self) -> Token:
        if sum(source is not None for source in (self.pointer, self.response_header, self.cookie)) != 1:
            raise ValueError('give one of "pointer", "response_header" and "cookie": where the token is found')
        if sum(place is not None for place in (self.in_cookie, self.in_query, self.in_body)) > 1:
            raise ValueError('give at most one of "in_cookie", "in_query" and "in_body"')
        return self

    @property
    def is_jwt(self) -> bool:
        """Whether it is a JWT, which may be taken apart."""
        match self.kind:
            case "jwt":
                return True
            case "opaque":
                return False
            case _:
                assert_never(self.kind)

    @property
    def dies_with_sign_out(self) -> bool:
        """Whether sign-out is declared to revoke it."""
        usual: AfterSignOut = "until it ends" if self.is_jwt else "revoked"
        return _is_revoked(self.after_sign_out or usual)

    @property
    def by_header(self) -> bool:
        """Whether a request header carries it."""
        return self.in_cookie is None and self.in_query is None and self.in_body is None


ReuseInterval = Annotated[int, Field(ge=1, le=60, examples=[10])]


class BodyRefresh(Model):
    """A refresh token in bodies.

    The refresh operation's template carries it as `{refresh_token}`.
    """

    kind: Literal["body"]
    """`body`."""
    issued_by: str
    """The operation whose answer holds the first one."""
    pointer: Pointer
    """Its place in that answer."""
    reissued_pointer: Pointer | None = None
    """Its successor's place in the refresh operation's answer, when not at `pointer`."""
    reuse_interval: ReuseInterval | None = None
    """Seconds in which a used one may be used again, for a response that was lost. Left out: none. The suite waits
    them out, up to `--max-wait`; then a used one must yield nothing."""
    lifetime: Seconds | None = None
    """Seconds after which one yields nothing any more, where it is no JWT that says so. Its end is waited for, up
    to `--max-wait`."""


class CookieRefresh(Model):
    """A refresh token in a cookie, sent to the refresh operation."""

    kind: Literal["cookie"]
    """`cookie`."""
    issued_by: str
    """The operation whose answer sets the first one."""
    cookie: BareCookieName
    """The cookie's bare name."""
    reuse_interval: ReuseInterval | None = None
    """Seconds in which a used one may be used again, for a response that was lost. Left out: none. The suite waits
    them out, up to `--max-wait`; then a used one must yield nothing."""
    lifetime: Seconds | None = None
    """Seconds after which one yields nothing any more, where it is no JWT that says so. Its end is waited for, up
    to `--max-wait`."""


Refresh = Annotated[BodyRefresh | CookieRefresh, Field(discriminator="kind")]


class Credentials(Model):
    """The credentials of the deployment."""

    session: Session
    """What says who is signed in."""
    token: Token | None = None
    """What opens the API, where that is not the session."""
    refresh: Refresh | None = None
    """What yields a new access token."""

    @property
    def token_is_jwt(self) -> bool:
        """Whether there is an access token that may be taken apart."""
        return self.token is not None and self.token.is_jwt

    @property
    def session_cookie(self) -> CookieSession | None:
        """The cookie that is the session; None where the access token is."""
        match self.session:
            case CookieSession():
                return self.session
            case TokenSession():
                return None
            case _:
                assert_never(self.session)

    @property
    def session_holder(self) -> CookieSession | Token:
        """What is the session: its cookie or the access token."""
        holder = self.session_cookie or self.token
        if holder is None:  # refused by `_token_is_there`
            raise ValueError("there is neither a session cookie nor an access token")
        return holder

    @property
    def session_is_jwt(self) -> bool:
        """Whether the session itself is the JWT."""
        if self.token is None or not self.token.is_jwt:
            return False
        return self.session_cookie is None or self.token.cookie in self.session_cookie.cookies

    @property
    def cookies(self) -> set[str]:
        """The bare names of all cookies that say who is there."""
        named = [*self._of_session(), *self._of_token(), *self._of_refresh()]
        return {bare_name(name) for name in named if name is not None}

    def _of_session(self) -> list[str]:
        held = self.session_cookie
        return [*held.cookies, *held.cache_cookies] if held is not None else []

    def _of_token(self) -> list[str | None]:
        return [self.token.cookie, self.token.in_cookie] if self.token is not None else []

    def _of_refresh(self) -> list[str]:
        match self.refresh:
            case CookieRefresh(cookie=name):
                return [name]
            case BodyRefresh() | None:
                return []
            case _:
                assert_never(self.refresh)

    @model_validator(mode="after")
    def _token_is_there(self) -> Credentials:
        if self.session_cookie is None and self.token is None:
            raise ValueError('session.kind = "token" speaks of the access token; describe it in credentials.token')
        return self
