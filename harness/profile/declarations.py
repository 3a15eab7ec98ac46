"""What a profile declares, in lines for people."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, assert_never

from harness.core.text import listed
from harness.profile.capabilities import absences
from harness.profile.credentials import LONGEST_UNREVOKED, BodyRefresh, CookieRefresh, CookieSession
from harness.profile.operations import Operations
from harness.profile.reach import proxy_parts
from harness.profile.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.profile.credentials import Refresh, Token
    from harness.profile.csrf import Csrf
    from harness.profile.profile import Profile

_SOMEWHERE = "https://profile.invalid"
"""No address is asked; https, so that nothing is called absent for lack of it."""


def declarations(profile: Profile) -> Iterator[tuple[str, str]]:
    """Label and sentence of each declaration, then of each absence."""
    yield "name", f"{profile.name}: {profile.title}"
    yield from _operations(profile)
    yield from _credentials(profile)
    if profile.pages is not None:
        sign_up = [profile.pages.sign_up] if profile.pages.sign_up is not False else []
        yield "pages", ", ".join(dict.fromkeys((*sign_up, profile.pages.sign_in, *profile.pages.protected)))
    yield from _reach(profile)
    if profile.custom is not None:
        yield "custom", profile.custom
    for variable, use in _variables(profile):
        yield "variable", f"{variable}, {use}: {'set' if os.environ.get(variable) else 'not set here'}"
    for absence in absences(Target(profile, _SOMEWHERE, _SOMEWHERE)):
        yield "absent", absence


def _reach(profile: Profile) -> Iterator[tuple[str, str]]:
    """What lets requests through to the deployment."""
    ways = [f"the header {name}" for name in profile.reach.headers]
    if profile.reach.basic is not None:
        ways.append("basic auth")
    if profile.reach.certificate is not None:
        ways.append("a client certificate")
    if profile.reach.proxy is not None:
        yield "proxy", proxy_parts(profile.reach.proxy)[1]
    if ways:
        yield "reached", f"with {listed(ways, 'and')}, which count as no credential"


def _operations(profile: Profile) -> Iterator[tuple[str, str]]:
    by_presence: dict[bool, list[str]] = {True: [], False: []}
    for name in Operations.model_fields:
        by_presence[getattr(profile.operations, name) is not None].append(name)
    yield "operations", ", ".join(by_presence[True])
    if by_presence[False]:
        yield "not declared", ", ".join(by_presence[False])
    for section, tasks in (("tasks", profile.tasks), ("proxy", profile.proxy)):
        if tasks is not None:
            verbs = [
                where.removeprefix(f"{section}.")
                for where, _ in profile.every_operation()
                if where.startswith(section)
            ]
            yield section, f"{', '.join(verbs)} on the {tasks.base} address, opened by the {tasks.credential}"

    if profile.further_routes:
        yield "further routes", ", ".join(route.word for route in profile.further_routes)


def _credentials(profile: Profile) -> Iterator[tuple[str, str]]:
    credentials = profile.credentials
    yield "session", _session(profile)
    held = credentials.session_cookie
    if held is not None and (limits := _limits(held)):
        yield "session ends", limits
    if held is not None and (held.cache_cookies or held.cache_lifetime is not None):
        names = listed((f'"{name}"' for name in held.cache_cookies), "and") or "a cookie that is not named"
        yield "cached in", f"{names}, which may answer for it for {held.longest_cache} s after its end"
    if credentials.token is not None:
        yield "access token", f"{_token(credentials.token)}, {_end(profile, credentials.token)}"
    if credentials.refresh is not None:
        yield "refresh token", _refresh(credentials.refresh)
    if profile.csrf is not None:
        yield "CSRF token", _csrf(profile.csrf)


def _session(profile: Profile) -> str:
    held = profile.credentials.session_cookie
    return f"{named(held)}, {_end(profile, held)}" if held is not None else "the access token"


def _limits(session: CookieSession) -> str:
    """When a session ends by itself, in words.

    Empty where nothing is declared.
    """
    limits = (
        (session.idle_timeout, "after {} s without use"),
        (session.absolute_lifetime, "{} s after sign-in at the latest"),
        (session.update_age, "renewed by a use after {} s"),
    )
    return ", ".join(words.format(seconds) for seconds, words in limits if seconds)


def named(session: CookieSession) -> str:
    """The session's cookie, or cookies, in words."""
    names = [f'"{name}"' for name in session.cookies]
    return f"the cookie {names[0]}" if len(names) == 1 else f"the cookies {listed(names, 'and')} together"


def _token(token: Token) -> str:
    kind = "a JWT" if token.is_jwt else "opaque"
    source = token.pointer or token.response_header or token.cookie
    return f"{kind}, from {token.issued_by} ({source}), presented in {_presented(token)}"


def _presented(token: Token) -> str:
    if token.by_header:
        return f"the header {token.header}: {token.scheme}".removesuffix(": ")
    return next(
        f"the {place} {name}"
        for place, name in (("cookie", token.in_cookie), ("query", token.in_query), ("body field", token.in_body))
        if name is not None
    )


def _end(profile: Profile, credential: CookieSession | Token) -> str:
    if profile.operations.sign_out is None:
        return "and there is no sign-out"
    if credential.dies_with_sign_out:
        return "revoked by sign-out"
    bound = f"outlives sign-out, at most {credential.max_lifetime} s"
    return bound if credential.max_lifetime <= LONGEST_UNREVOKED else f"{bound}, and more than an hour warns"


def _refresh(refresh: Refresh) -> str:
    interval = f", reusable for {refresh.reuse_interval} s" if refresh.reuse_interval is not None else ""
    match refresh:
        case BodyRefresh(pointer=pointer):
            return f"from {refresh.issued_by} ({pointer}){interval}"
        case CookieRefresh(cookie=name):
            return f'from {refresh.issued_by} (the cookie "{name}"){interval}'
        case _:
            assert_never(refresh)


def _csrf(csrf: Csrf) -> str:
    carrier = f"the header {csrf.header}" if csrf.header is not None else f"the body field {csrf.field}"
    return f"{csrf.kind}, in {carrier}, on {listed(csrf.bases, 'and')}"


def _variables(profile: Profile) -> Iterator[tuple[str, str]]:
    if profile.jwt.secret_env is not None:
        yield profile.jwt.secret_env, "the signing secret"
    for name in profile.reach.variables():
        yield name, "to reach the deployment"
    if profile.age_session is not None:
        yield profile.age_session.database_env, "the session database's URL"
