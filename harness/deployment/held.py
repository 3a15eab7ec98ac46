"""What a device holds after sign-in.

Where it is found in answers, and how it is presented in requests.
"""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from harness.core.errors import Absent
from harness.core.provenance import Taken, made
from harness.core.redaction import register
from harness.core.text import abridged, listed
from harness.deployment.answer import text_at
from harness.deployment.credential import Credential
from harness.deployment.errors import Missing
from harness.profile.credentials import BodyRefresh, CookieRefresh, CookieSession
from harness.wire.cookies import bare_name, parse_set_cookie

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.core.exchange import Exchange
    from harness.deployment.people import Device
    from harness.profile.credentials import Token
    from harness.profile.target import Target
    from harness.wire.cookies import Kept, SetCookie

_JWT = re.compile(r"[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
_PIECE = re.compile(r"\.\d+$")
_SHORTEST_TOKEN = 16
_VISITED = 8
"""Paths that a sentence names of those that a browser asked for."""


def declared_token(target: Target) -> Token:
    """The profile's access token. Raises Absent when the deployment has none."""
    declared = target.profile.credentials.token
    if declared is None:
        raise Absent("The profile declares no access token.")
    return declared


def cookie_session(target: Target) -> CookieSession:
    """The profile's session cookie.

    Raises Absent where the session is in no cookie.
    """
    session = target.profile.credentials.session_cookie
    if session is None:
        raise Absent("The profile declares that the session is an access token and in no cookie.")
    return session


def token_in(target: Target, exchange: Exchange, *, refreshed: bool = False) -> str | None:
    """The access token in an answer, if there is one."""
    declared = declared_token(target)
    found: str | None
    if refreshed and declared.refreshed_pointer is not None:
        place = declared.refreshed_pointer
        found = text_at(exchange, place)
    elif declared.cookie is not None:
        place = declared.cookie
        found = _set_cookie_value(exchange, place)
    elif declared.response_header is not None:
        place = declared.response_header
        found = exchange.header(place)
        found = found.removeprefix(f"{declared.scheme} ") if found is not None else None
    else:
        place = declared.pointer or ""
        found = text_at(exchange, place)
    return register(made("access token", Taken(found, exchange, place)), "access token") if found else None


def refresh_in(target: Target, exchange: Exchange, *, reissued: bool = False) -> str | None:
    """The refresh token in an answer, if there is one."""
    declared = target.profile.credentials.refresh
    match declared:
        case None:
            return None
        case CookieRefresh(cookie=place):
            found = _set_cookie_value(exchange, place)
        case BodyRefresh(pointer=pointer, reissued_pointer=next_pointer):
            place = (next_pointer if reissued else None) or pointer
            found = text_at(exchange, place)
        case _:
            assert_never(declared)
    return register(made("refresh token", Taken(found, exchange, place)), "refresh token") if found else None


def refreshed_place(target: Target) -> tuple[str, str]:
    """The profile's key for a refreshed access token, and its value."""
    declared = declared_token(target)
    for key in ("refreshed_pointer", "cookie", "response_header"):
        if (value := getattr(declared, key)) is not None:
            return f"credentials.token.{key}", value
    return "credentials.token.pointer", declared.pointer or ""


def token_places(exchange: Exchange, refresh_token: str | None) -> list[str]:
    """Pointers into an answer's JSON to what may be an access token."""
    try:
        content = exchange.json()
    except ValueError:
        return []
    return [
        pointer for pointer, value in _strings(content, "") if value != refresh_token and _may_be(pointer, value)
    ]


def _may_be(pointer: str, value: str) -> bool:
    by_name = "token" in pointer.rpartition("/")[2].lower() and len(value) >= _SHORTEST_TOKEN
    return by_name or _JWT.fullmatch(value) is not None


def _strings(content: object, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(content, str):
        yield pointer, content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from _strings(value, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")


def _set_cookie_value(exchange: Exchange, name: str) -> str | None:
    cookies = [parse_set_cookie(raw) for raw in exchange.set_cookies]
    return next((one.value for one in cookies if one and bare_name(one.name) == name and is_given(one)), None)


def is_given(cookie: SetCookie) -> bool:
    """Whether a ``Set-Cookie`` gives a value, and takes none away."""
    lifetime = cookie.lifetime(time.time())
    return bool(cookie.value) and (lifetime is None or lifetime > 0)


def presented(target: Target, token: str, label: str) -> Credential:
    """An access token as the profile says that requests carry it.

    By default as in RFC 6750 section 2.1.
    """
    declared = declared_token(target)
    if declared.in_cookie is not None:
        return Credential(label, cookies={declared.in_cookie: token})
    if declared.in_query is not None:
        return Credential(label, query={declared.in_query: token})
    if declared.in_body is not None:
        return Credential(label, body={declared.in_body: token})
    return Credential(label, headers=((declared.header, f"{declared.scheme} {token}".strip()),))


def session_values(target: Target, device: Device) -> tuple[str, ...]:
    """The values that are the session: its cookies' or the access token.

    Raises Missing when there is none.
    """
    if target.profile.credentials.session_cookie is not None:
        return tuple(kept.value for kept in session_cookies(target, device))
    if device.access_token is None:
        raise Missing(
            f"{device.who} holds no access token although signed in.",
            "Say in credentials.token of the profile where it is found.",
        )
    return (device.access_token,)


def session_alone(target: Target, device: Device) -> Credential:
    """A frozen copy of the session, without cookies that cache it.

    Raises Missing when there is none.
    """
    label = f"a copy of {device.who}'s session"
    if target.profile.credentials.session_cookie is not None:
        return Credential(label, {kept.name: kept.value for kept in session_cookies(target, device)})
    (token,) = session_values(target, device)
    return presented(target, token, label)


def is_cache(target: Target, name: str) -> bool:
    """Whether a cookie of that name only caches the session.

    As the profile says, also where a long one is in several.
    """
    session = target.profile.credentials.session_cookie
    bare = bare_name(name)
    return session is not None and bool({bare, whole_name(bare)} & set(session.cache_cookies))


def whole_name(name: str) -> str:
    """The name of what is in a cookie.

    A long value may be in several, numbered ``.0``, ``.1`` and so on.
    """
    return _PIECE.sub("", name)


def without_caches(target: Target, credential: Credential) -> Credential:
    """The credential without cookies that only cache the session."""
    kept = {name: value for name, value in credential.cookies.items() if not is_cache(target, name)}
    return replace(credential, cookies=kept)


def session_cookies(target: Target, device: Device) -> list[Kept]:
    """The cookies that are the session, as the device keeps them.

    Raises Missing when one isn't there.
    """
    return [_session_cookie(target, device, name) for name in cookie_session(target).cookies]


def _session_cookie(target: Target, device: Device, name: str) -> Kept:
    kept = device.jar.find(name, session_url(target))
    if kept is None:
        raise _without_cookie(device, name, session_url(target))
    return kept


def _without_cookie(device: Device, name: str, url: str) -> Missing:
    absence = device.jar.absence(name, url)
    if absence is not None:
        return Missing(
            f'{device.who} holds no cookie "{name}" any more: {absence}.',
            "Let sessions live longer than a scenario takes, or look why that ends the session.",
        )
    others = listed((f'"{kept.name}"' for kept in device.jar.alive), "and")
    holds = f"; it holds {others}" if others else ""
    remedy = "ame the deployment's session cookie in credentials.session.cookie of the profile."
    if device.visited:
        return Missing(
            f'the browser in which {device.person.alias} signed in holds no cookie "{name}"{holds}. It asked for '
            f"{abridged(device.visited, _VISITED)}.",
            f"If one of these ends the session unasked, correct the page; otherwise n{remedy}",
        )
    return Missing(f'{device.who} holds no cookie "{name}" although signed in{holds}.', f"N{remedy}")


def session_url(target: Target) -> str:
    """The address of the session endpoint."""
    session = target.profile.operations.session
    return target.url(session.base, session.path)


def holds_session(target: Target, device: Device) -> bool:
    """Whether the device holds anything that could be a session."""
    session = target.profile.credentials.session_cookie
    if session is not None:
        return all(device.jar.find(name, session_url(target)) is not None for name in session.cookies)
    return device.access_token is not None


def keep_tokens(target: Target, device: Device, name: str, exchange: Exchange) -> None:
    """Keep the tokens in the answer to an operation."""
    credentials = target.profile.credentials
    if credentials.token is not None and _hands_out(name, credentials.token.issued_by):
        device.access_token = token_in(target, exchange) or device.access_token
    if credentials.refresh is not None and _hands_out(name, credentials.refresh.issued_by):
        device.refresh_token = refresh_in(target, exchange) or device.refresh_token


def _hands_out(name: str, issuer: str) -> bool:
    # A sign-up that signs in answers as sign-in does.
    return name == issuer or (issuer == "sign_in" and name == "sign_up")
