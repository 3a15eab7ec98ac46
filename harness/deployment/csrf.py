"""CSRF tokens, which show that the deployment's own page asks.

ASVS 5.0 3.5.1; the Origin header is sent besides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from harness.core.provenance import Taken, made
from harness.core.redaction import register
from harness.deployment.answer import text_at
from harness.deployment.credential import Credential
from harness.deployment.errors import Missing
from harness.deployment.extraction import value_at, whole
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.profile.csrf import CookieToHeader, Fetched, FromSignIn
from harness.wire.cookies import bare_name
from harness.wire.request import JSON

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.operations import Operations
    from harness.deployment.people import Person
    from harness.profile.csrf import Csrf
    from harness.profile.operation import Base
    from harness.profile.target import Target
    from harness.wire.cookies import Kept


def for_browser(
    operations: Operations, device: Device, credential: Credential, base: Base, path: str
) -> Credential:
    """The credential with the CSRF token of the device's own page.

    ``path`` is where the request goes.
    """
    declared = operations.target.profile.csrf
    if declared is None or not operations.target.wants_csrf_token(base):
        return credential
    value = _value(operations, device, declared, operations.target.url(base, path))
    if value is None:
        return credential
    register(value, "CSRF token")
    if declared.header is not None:
        return credential.with_csrf_token(headers=((declared.header, value),))
    return credential.with_csrf_token(body={declared.field or "": value})


def for_client(
    operations: Operations, device: Device, credential: Credential, base: Base, path: str
) -> Credential:
    """Like `for_browser`, for a credential without the device's cookies.

    Those that the CSRF token belongs to are added.
    """
    credential = for_browser(operations, device, credential, base, path)
    if not credential.has_csrf_token:
        return credential
    compared = _compared(operations, device, operations.target.url(base, path))
    return replace(credential, cookies={**compared, **credential.cookies})


def _compared(operations: Operations, device: Device, url: str) -> dict[str, str]:
    match operations.target.profile.csrf:
        case CookieToHeader(cookie=name):
            kept = _held(operations, device, name, url)
            return {kept.name: kept.value} if kept is not None else {}
        case Fetched():
            # Which of them it is, nothing tells; but none that says who is there, nor a token that is held.
            held, tokens = device.jar.cookies_for(url), (device.access_token, device.refresh_token)
            telling = operations.target.profile.credentials.cookies
            return {
                name: value
                for name, value in held.items()
                if bare_name(name) not in telling and value not in tokens
            }
        case FromSignIn() | None:
            return {}
        case _:
            assert_never(operations.target.profile.csrf)


def for_anonymous(
    operations: Operations, person: Person, credential: Credential, base: Base, path: str
) -> Credential:
    """The credential with the CSRF token of an anonymous browser.

    Whoever may not do something can have one, unless it is given to nobody but those who are signed in. Without it
    a request would be refused for that, and not for who asks.
    """
    try:
        return for_client(operations, Device(person, "browser without a session"), credential, base, path)
    except Missing:
        return credential


def without_cookies(
    operations: Operations, device: Device, credential: Credential, base: Base, path: str
) -> Credential:
    """Like `for_client`, with no cookie but the CSRF token's own.

    Where the token is fetched, nothing tells which one that is: then it is an anonymous browser's.
    """
    if isinstance(operations.target.profile.csrf, Fetched):
        return for_anonymous(operations, device.person, credential, base, path)
    return for_client(operations, device, credential, base, path)


def keep(target: Target, device: Device, name: str, exchange: Exchange) -> None:
    """Keep the CSRF token in an answer to sign-in or sign-up."""
    declared = target.profile.csrf
    if name not in ("sign_in", "sign_up") or not isinstance(declared, FromSignIn):
        return
    if value := text_at(exchange, declared.pointer):
        device.csrf_token = made("CSRF token", Taken(value, exchange, declared.pointer))


def _value(operations: Operations, device: Device, declared: Csrf, url: str) -> str | None:
    match declared:
        case FromSignIn():
            return device.csrf_token
        case Fetched():
            return _fetched(operations, device, declared)
        case CookieToHeader():
            return _from_cookie(operations, device, declared, url)
        case _:
            assert_never(declared)


def _fetched(operations: Operations, device: Device, declared: Fetched) -> str:
    # Some answer a page to those that don't ask for JSON, and send whoever is signed in away from it.
    accept = (("Accept", JSON),) if declared.pointer is not None else ()
    answer = operations.visit(device, declared.fetch, accept, declared.fetched_from)
    value = value_at(whole(answer), declared)
    if value is None:
        raise Missing(
            f"GET {declared.fetch} gave {device.who} no CSRF token at {declared}; it was answered "
            f"{quoted(answer)}.",
            "Check csrf in the profile.",
            [answer],
        )
    return made("CSRF token", Taken(value, answer, declared.pointer or ""))


def _from_cookie(operations: Operations, device: Device, declared: CookieToHeader, url: str) -> str | None:
    kept = _held(operations, device, declared.cookie, url)
    if kept is None and declared.fetch is not None:
        answer = operations.visit(device, declared.fetch, base=declared.fetched_from)
        kept = _held(operations, device, declared.cookie, url)
        if kept is None:
            raise Missing(
                f'GET {declared.fetch} set {device.who} no cookie "{declared.cookie}"; it was answered '
                f"{quoted(answer)}.",
                "Check csrf in the profile.",
                [answer],
            )
    return kept.value if kept is not None else None


def _held(operations: Operations, device: Device, name: str, url: str) -> Kept | None:
    """The cookie that goes to that address.

    Or the one that the deployment's own page reads.
    """
    return device.jar.find(name, url) or device.jar.find(name, operations.target.url("web", "/"))
