"""What cookies of the run may not be."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness.flows.caching import shared_storage
from harness.flows.seen import Rule, always, each
from harness.wire.cache_control import cache_control
from harness.wire.cookies import domain_matches, prefix_holds

if TYPE_CHECKING:
    from harness.flows.seen import Seen
    from harness.profile.target import Target
    from harness.wire.cookies import SetCookie

_PREFIXES = ("__host-", "__secure-")


def _sets_cookies(seen: Seen) -> bool:
    return seen.is_ordinary and bool(seen.cookies)


def session_cookies(seen: Seen) -> list[SetCookie]:
    """The cookies of the answer that are the session, by the profile."""
    declared = seen.target.profile.credentials.session_cookie
    return seen.cookies_set(declared.cookies) if declared is not None else []


def _sets_session(seen: Seen) -> bool:
    return seen.is_ordinary and bool(session_cookies(seen))


def _no_cookie_session(target: Target) -> str | None:
    if target.profile.credentials.session_cookie is None:
        return "The profile declares that the session is an access token and in no cookie."
    return None


def _insecure_none(seen: Seen) -> str | None:
    bad = next((one for one in seen.cookies if one.same_site == "none" and not one.secure), None)
    return f'sets "{bad.name}" with SameSite=None and without Secure: browsers drop it' if bad else None


SECURE_NONE = Rule(
    "answer that sets a cookie",
    "that each cookie with SameSite=None is Secure",
    _sets_cookies,
    each(_insecure_none),
    rare=always,
)


def _broken_prefix(seen: Seen) -> str | None:
    bad = next((one for one in seen.cookies if not prefix_holds(one)), None)
    if bad is None:
        return None
    lower = bad.name.lower()
    wanted = "Secure, Path=/ and no Domain" if lower.startswith(_PREFIXES[0]) else "Secure"
    return f'sets "{bad.name}" with{_attributes(bad)}, where the prefix demands {wanted}: browsers drop it'


def _attributes(cookie: SetCookie) -> str:
    given = [f"{name}={value}" if value else name for name, value in cookie.attributes.items()]
    return f" {', '.join(given)}" if given else "out attributes"


PREFIXES = Rule(
    "answer that sets a cookie",
    "that each cookie has what the prefix of its name demands",
    _sets_cookies,
    each(_broken_prefix),
    rare=always,
)


def _without_prefix(seen: Seen) -> str | None:
    bad = next((one for one in session_cookies(seen) if not one.name.lower().startswith(_PREFIXES)), None)
    return f'sets "{bad.name}"' if bad is not None else None


PREFIXED = Rule(
    "answer that sets the session cookie",
    "that the name of the session cookie begins with __Host- or __Secure-",
    _sets_session,
    each(_without_prefix),
    _no_cookie_session,
)


def _cross_site(seen: Seen) -> bool:
    """Whether the deployment has pages on another site."""
    target = seen.target
    origins = {*target.bases, target.origin, *target.profile.trusted_origins}
    hosts = {urlsplit(origin).hostname or "" for origin in origins}
    return any(not (domain_matches(one, seen.host) or domain_matches(seen.host, one)) for one in hosts)


def _loose_same_site(seen: Seen) -> str | None:
    for cookie in session_cookies(seen):
        if cookie.same_site in ("lax", "strict") or (cookie.same_site == "none" and _cross_site(seen)):
            continue
        written = cookie.attributes.get("samesite")
        how = f"SameSite={written}" if written is not None else "no SameSite"
        return f'sets "{cookie.name}" with {how}'
    return None


SAME_SITE = Rule(
    "answer that sets the session cookie",
    "that the session cookie is SameSite=Lax or SameSite=Strict",
    _sets_session,
    each(_loose_same_site),
    _no_cookie_session,
)


def _too_wide(seen: Seen) -> str | None:
    own = {urlsplit(origin).hostname or "" for origin in (*seen.target.bases, seen.target.origin)}
    for cookie in session_cookies(seen):
        domain = cookie.attributes.get("domain", "").removeprefix(".").lower()
        wider = domain not in ("", seen.host) and domain_matches(seen.host, domain)
        # Two hosts of the deployment have only their common domain to share a session by.
        if wider and not any(host != seen.host and domain_matches(host, domain) for host in own):
            return f'sets "{cookie.name}" for every host below {domain}'
    return None


DOMAIN = Rule(
    "answer that sets the session cookie",
    "that the session cookie is for the deployment's own host",
    _sets_session,
    each(_too_wide),
    _no_cookie_session,
)


def _two_values(seen: Seen) -> str | None:
    values: dict[tuple[str, str, str], str] = {}
    for cookie in seen.cookies:
        key = cookie.name, cookie.attributes.get("domain", "").removeprefix(".").lower(), cookie.path
        if values.setdefault(key, cookie.value) != cookie.value:
            return f'sets "{cookie.name}" to two values'
    return None


DUPLICATES = Rule(
    "answer that sets a cookie",
    "that no answer sets one cookie to two values",
    _sets_cookies,
    each(_two_values),
    rare=always,
)


def signing_in(seen: Seen) -> list[SetCookie]:
    """The cookies of the answer that sign in, by the profile."""
    return seen.cookies_set(seen.target.profile.credentials.cookies)


def _shared(seen: Seen) -> str | None:
    cookies, allowance = signing_in(seen), shared_storage(seen.exchange)
    if not cookies or allowance is None or cache_control(seen.exchange).keeps_field_out("set-cookie"):
        return None
    return f'sets "{cookies[0].name}", and shared caches may keep it ({allowance})'


def _never_renews(target: Target) -> bool:
    """Whether no use of a session is declared to renew it."""
    session = target.profile.credentials.session_cookie
    return session is None or not session.update_age


SHARED = Rule(
    "answer to a GET that sets a cookie which signs in",
    "that no answer which shared caches may keep sets a cookie that signs in",
    lambda seen: seen.is_ordinary and seen.exchange.method == "GET" and bool(signing_in(seen)),
    each(_shared),
    _no_cookie_session,
    rare=_never_renews,
)
