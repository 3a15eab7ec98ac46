"""A target: a profile with the addresses and secrets of a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from harness.core.exchange import origin_of
from harness.core.provenance import Given, made
from harness.core.redaction import publish
from harness.profile.custom import load_custom
from harness.profile.operation import by_base
from harness.wire.addresses import origin_read, resolved

if TYPE_CHECKING:
    from harness.profile.custom import Custom
    from harness.profile.operation import Base
    from harness.profile.profile import Profile


class TargetError(Exception):
    """The target can't be tested.

    The message says why and what to do.
    """


@dataclass(frozen=True)
class Target:
    """``web``, ``api`` and ``auth_url`` are base URLs without a trailing slash.

    Without the last one an auth server is at ``web``. The rest is what the user passed.
    """

    profile: Profile
    web: str
    api: str
    jwt_secret: str | None = None
    database_url: str | None = None
    auth_url: str | None = None

    def __post_init__(self) -> None:
        for said in (*self.bases, self.origin, self.profile.model_dump_json()):
            publish(said)
        if self.jwt_secret is not None and self.profile.jwt.secret_env is not None:
            made("signing secret", Given(self.jwt_secret, self.profile.jwt.secret_env))

    def url(self, base: Base, path: str) -> str:
        """The absolute URL of a path on one of the bases."""
        return self.address(base) + path

    def address(self, base: Base) -> str:
        """The base URL of that name."""
        return by_base(base, web=self.web, api=self.api, auth=self.auth)

    def wants_csrf_token(self, base: Base) -> bool:
        """Whether requests to that base that change something carry the CSRF token.

        So they do, too, where the session opens the tasks at an address that a declared base has as well: a
        profile need not say `bases` where there is one address only.
        """
        declared = self.profile.csrf
        if declared is None or base in declared.bases:
            return declared is not None
        sections = (self.profile.tasks, self.profile.proxy)
        opened = {tasks.base for tasks in sections if tasks is not None and tasks.credential == "session"}
        return base in opened and self.address(base) in map(self.address, declared.bases)

    @property
    def origin(self) -> str:
        """The public origin of the pages and the auth server."""
        return self.profile.public_origin or origin_of(self.web)

    @property
    def issuer(self) -> str | None:
        """The `iss` of its tokens, where the profile says it."""
        return self._filled(self.profile.jwt.issuer)

    @property
    def audience(self) -> str | None:
        """The `aud` of its tokens, where the profile says it."""
        return self._filled(self.profile.jwt.audience)

    def _filled(self, text: str | None) -> str | None:
        return None if text is None else text.replace("{origin}", self.origin)

    @property
    def auth(self) -> str:
        """The base URL of the auth server."""
        return self.auth_url or self.web

    @property
    def bases(self) -> tuple[str, ...]:
        """Its base URLs, each once."""
        return tuple(map(self.address, self.distinct_bases))

    @property
    def distinct_bases(self) -> tuple[Base, ...]:
        """The names of its bases, one for each URL."""
        first: dict[str, Base] = {}
        names: tuple[Base, ...] = ("web", "api", "auth")
        for name in names:
            first.setdefault(self.address(name), name)
        return tuple(first.values())

    @property
    def origins(self) -> frozenset[str]:
        """Every origin that requests may go to."""
        return frozenset(map(origin_of, self.bases))

    @property
    def https(self) -> bool:
        """Whether people reach the deployment over TLS."""
        return self.web.startswith("https://")

    def resolves_outside(self, location: str, base: str) -> bool:
        """Whether a redirect's destination leaves the deployment.

        Resolved from ``base`` as a browser does. One that is no address leads nowhere.
        """
        seen = resolved(location, base)
        if seen is None:
            return False
        own = self.origins | {self.origin} | frozenset(self.profile.trusted_origins)
        return origin_read(seen) not in map(origin_read, own)

    @property
    def custom(self) -> Custom:
        """What the profile's Python class adds.

        Raises TargetError when it can't be loaded.
        """
        return load_custom(self.profile.custom)


def other(base: Base) -> Base:
    """The base that may be meant in place of another."""
    return by_base(base, web="api", api="web", auth="web")


def flag_of(base: Base) -> str:
    """The option that gives a base's address."""
    return by_base(base, web="--base-url", api="--api-url", auth="--auth-url")


def same_origin(one: str, other: str) -> bool:
    """Whether two URLs are on one origin (RFC 6454)."""
    return origin_of(one) == origin_of(other)


def _is_host(name: str) -> bool:
    """Whether a host may have that name."""
    if not name or " " in name:
        return False
    try:
        name.encode("idna")
        # It is decoded when it is asked for.
        return bool(httpx.URL(f"http://[{name}]/" if ":" in name else f"http://{name}/").host)
    except (UnicodeError, httpx.InvalidURL):
        return False


def base_url(value: str, flag: str) -> str:
    """A usable base URL, without trailing slash.

    Raises TargetError with what to write.
    """
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and value.isprintable() and _is_host(parts.hostname or "")
    except ValueError:  # a host in brackets that is no address
        usable = False
    if not usable:
        raise TargetError(f'{flag} "{value}" is not a base URL; write it like https://app.example.com.')
    if parts.username:
        raise TargetError(
            f"{flag} has a user; write it without, like https://app.example.com. A password that the web server "
            'asks for goes into the profile: `[reach] basic = "{env:GATE_USER}:{env:GATE_PASSWORD}"`.'
        )
    if parts.query or parts.fragment:
        raise TargetError(f"{flag} has a query or a fragment; write it without, like https://app.example.com.")
    try:
        parts.port  # noqa: B018 - the property raises on a bad port
    except ValueError as error:
        raise TargetError(f'{flag} "{value}" has an impossible port.') from error
    return value.rstrip("/")
