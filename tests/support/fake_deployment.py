"""A correct deployment in this process: no socket, no database, no clock but `time.time`.

It takes a credential wherever a profile may say that one travels (a cookie, a header, the query, the body), so
that one deployment does for profiles of every kind. Two hosts have the same routes; below ``/body`` every answer
is a 200 of which only the body says what it is, and below ``/page`` what it says stands in a page.
"""

from __future__ import annotations

import base64
import html
import json
import re
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jwt

from tests.support.security_headers import HARDENED

WEB = "https://shop.example"
API = "https://api.shop.example"
AUTH = "https://auth.shop.example"
SIGNING_SECRET = "the-secret-of-the-examples-in-the-shop's-documentation"
ISSUER, AUDIENCE = "https://shop.example", "shop"
TOKEN_SECONDS = 300
SESSION_SECONDS = 7_200
LEAST_PASSWORD = 12
COMMON = ("111111111111", "123123123123", "1q2w3e4r5t6y")
MOST_FAILURES = 10
WINDOW = 20
_UNTIMED = {"verify_exp": False, "verify_aud": False, "verify_iat": False}

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """One answer of the deployment."""

    status: int
    headers: Headers
    body: bytes


@dataclass
class Account:
    """One account and what belongs to it."""

    id: str
    email: str
    name: str
    password: str
    tasks: dict[str, str] = field(default_factory=dict)


@dataclass
class Session:
    """One session: its ticket is the cookie's value, its pass the opaque token, which a cookie may hold too."""

    id: str
    account: Account
    ticket: str
    bearer: str
    ends: float
    refresh: str


@dataclass(frozen=True)
class Asked:
    """One request, taken apart."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    fields: Mapping[str, Any]

    @property
    def is_navigation(self) -> bool:
        """Whether a browser asks for a page."""
        return "text/html" in self.headers.get("accept", "")

    def texts(self) -> Iterable[str]:
        """Whatever may be a credential, under any name that a profile may give it."""
        yield from (value for name, value in self.cookies.items() if not _is_another(name))
        yield from (_bare(name, value) for name, value in self.headers.items() if not _is_another(name))
        yield from (value for name, value in self.query.items() if name not in _NOT_IN_ADDRESSES)
        yield from (value for value in self.fields.values() if isinstance(value, str))


_NOT_IN_ADDRESSES = ("access_token", "token")
"""Parameters that the suite puts a token into, so that no server looks there."""


def _bare(name: str, value: str) -> str:
    """A header's value without the scheme, which the usual header has to name (RFC 6750 section 2.1)."""
    scheme, _, rest = value.partition(" ")
    if scheme.lower() == "bearer":
        return rest
    return "" if name.lower() == "authorization" else value


def _is_another(name: str) -> bool:
    """Whether the suite made the name up, so that no server looks there."""
    return name.lower().startswith("x-other-")


class Deployment:
    """Accounts, sessions, refresh tokens and tasks, and the routes to them."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.sessions: dict[str, Session] = {}
        self.refreshing: dict[str, Session] = {}
        self.failures: dict[str, list[float]] = defaultdict(list)
        self.numbers = 0
        self.key = 1
        """Which key signs: each is known by its number, and all are the same."""
        self._acts: dict[str, list[tuple[str, Callable[..., Answer]]]] = defaultdict(list)
        for method, pattern, act in self._routes():
            self._acts[method].append((pattern, act))

    def answer(self, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes | None) -> Answer:
        """The answer to one request."""
        if url.startswith("http://"):
            return Answer(308, [("Location", WEB)], b"")
        asked = _taken_apart(method, url, headers, body or b"")
        if asked.path.startswith("/body/"):
            answer = self._routed(replace(asked, path=asked.path.removeprefix("/body")))
            headers = [(name, value.replace(f"; Max-Age={SESSION_SECONDS}", "")) for name, value in answer.headers]
            return replace(answer, status=200, headers=headers)
        if asked.path.startswith("/page/"):
            return _drawn(self._routed(replace(asked, path=asked.path.removeprefix("/page"))))
        return self._routed(asked)

    def _routed(self, asked: Asked) -> Answer:
        for pattern, act in self._acts[asked.method]:
            if found := re.fullmatch(pattern, asked.path):
                return act(asked, *(unquote(part) for part in found.groups()))
        return _told(404, {"code": "NOT_FOUND"})

    def _routes(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        return [
            ("GET", "/", lambda asked: _page("Welcome")),
            ("GET", "/form", lambda asked: _told(200, {"csrf": self._fresh("csrf")}, self._csrf_cookie())),
            ("GET", "/signup", lambda asked: _page("Name Email Password Confirm Company Sign up")),
            ("GET", "/signin", lambda asked: _page("Email Password Company Sign in")),
            ("GET", "/home", self._home),
            ("POST", "/signup", self._sign_up),
            ("POST", "/login", self._sign_in),
            ("GET", "/me", self._who),
            ("POST", "/logout", self._sign_out),
            ("GET", "/token", self._token),
            ("GET", "/keys", lambda asked: _told(200, {"keys": []})),
            ("POST", "/rotate", self._rotate),
            ("POST", "/refresh", self._refresh),
            ("POST", "/password", self._change_password),
            (
                "POST",
                "/forgotten",
                lambda asked: _told(202, {"message": "If there is an account, we write to it."}),
            ),
            ("POST", "/profile", self._rename),
            ("DELETE", "/me", self._delete),
            ("GET", "/sessions", self._list_sessions),
            ("DELETE", "/sessions", self._revoke_others),
            ("POST", "/sessions/end", self._revoke_all),
            ("DELETE", "/sessions/([^/]+)", self._revoke),
            ("GET", "/tasks", self._list_tasks),
            ("POST", "/tasks", self._create_task),
            ("GET", "/tasks/([^/]+)", self._read_task),
            ("PUT", "/tasks/([^/]+)", self._write_task),
            ("PATCH", "/tasks/([^/]+)", self._write_task),
            ("DELETE", "/tasks/([^/]+)", self._delete_task),
            ("GET", "/tasks/([^/]+)/title", self._read_task),
            ("GET", "/users", self._refuse_lookup),
            ("GET", "/users/([^/]+)", self._refuse_lookup),
        ]

    # --- who is there ---

    def _session(self, asked: Asked) -> Session | None:
        in_cookies = set(asked.cookies.values())
        texts = (text for text in asked.texts() if text in in_cookies or not text.startswith("ticket-"))
        return next((one for text in texts if (one := self._opened_by(text)) is not None), None)

    def holding(self, text: str) -> Session | None:
        """The session whose ticket or pass it is, though it may be over."""
        by_pass = (one for one in self.sessions.values() if one.bearer == text)
        return self.sessions.get(text) or next(by_pass, None)

    def _opened_by(self, text: str) -> Session | None:
        session = self.holding(text)
        if session is None:
            if not text.startswith("eyJ"):
                return None
            claims = _verified(text)
            account = next((one for one in self.accounts.values() if one.id == claims.get("sub")), None)
            right = account is not None and claims.get("email") == account.email
            return Session("", account, "", "", 0.0, "") if account is not None and right else None
        return session if session.ends > time.time() else None

    def _fresh(self, kind: str) -> str:
        self.numbers += 1
        return f"{kind}-{self.numbers}-{secrets.token_hex(16)}"

    def _csrf_cookie(self) -> Headers:
        return [("Set-Cookie", f"csrf={self._fresh('csrf')}; Path=/; Secure")]

    # --- accounts ---

    def _sign_up(self, asked: Asked) -> Answer:
        name, email, password = (str(asked.fields.get(key, "")) for key in ("name", "email", "password"))
        email = email.strip().lower()
        is_form = "form" in asked.headers.get("content-type", "") and not asked.is_navigation
        if len(password) < LEAST_PASSWORD or not ADDRESS.fullmatch(email) or password in COMMON:
            return (
                Answer(303, [("Location", "/signup?error=invalid")], b"")
                if is_form
                else _told(422, {"code": "INVALID"})
            )
        if email in self.accounts:
            return _told(409, {"code": "EXISTS"})
        self.accounts[email] = account = Account(self._fresh("user"), email, name, password)
        return _told(201, {}) if is_form else self._opened(account, asked)

    def _sign_in(self, asked: Asked) -> Answer:
        if _is_foreign(asked):
            return _told(403, {"code": "FOREIGN"})
        email = str(asked.fields.get("email", "")).strip().lower()
        failed = self.failures[email] = [one for one in self.failures[email] if one > time.time() - WINDOW]
        if len(failed) >= MOST_FAILURES:
            return _told(429, {"code": "SLOW_DOWN"}, [("Retry-After", str(WINDOW))])
        account = self.accounts.get(email)
        if account is None or asked.fields.get("password") != account.password:
            failed.append(time.time())
            return _told(401, {"code": "BAD_CREDENTIALS"})
        before = next((self.sessions[text] for text in asked.cookies.values() if text in self.sessions), None)
        if before is not None:
            self._end(before)
        return self._opened(account, asked)

    def _opened(self, account: Account, asked: Asked) -> Answer:
        ticket, bearer, renewal = self._fresh("ticket"), self._fresh("pass"), self._fresh("refresh")
        session = Session(self._fresh("session"), account, ticket, bearer, time.time() + SESSION_SECONDS, renewal)
        self.sessions[ticket] = self.refreshing[renewal] = session
        wanted = asked.fields.get("next", asked.query.get("next"))
        is_own = wanted is None or re.fullmatch(r"/(?!/)[^\\\s\x00-\x1f]*", str(wanted)) is not None
        target = wanted if is_own else "https://partner.example/welcome"
        body = {**_identity(account), "access": self._jwt(session), "refresh": renewal}
        ending = f"; Max-Age={SESSION_SECONDS}" if asked.fields.get("remember", True) else ""
        cookie = f"Path=/; Secure; HttpOnly; SameSite=Lax{ending}"
        return _told(
            200,
            {**body, "csrf": self._fresh("csrf"), "next": target, "elsewhere": "https://elsewhere.example/"},
            [
                ("Set-Cookie", f"sid={ticket}; {cookie}"),
                ("Set-Cookie", f"sid_cache={_cached(account)}.{self._fresh('cache')}; {cookie}"),
                ("Set-Cookie", f"renewal={renewal}; {cookie}"),
                ("X-Ticket", bearer),
            ],
        )

    def _jwt(self, session: Session) -> str:
        now = int(time.time())
        account = session.account
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": account.id, "email": account.email, "iat": now}
        claims |= {"exp": now + TOKEN_SECONDS, "jti": self._fresh("jti")}
        return jwt.encode(claims, SIGNING_SECRET, "HS256", headers={"kid": f"key {self.key}"})

    def _rotate(self, _: Asked) -> Answer:
        self.key += 1
        return _told(200, {})

    def _who(self, asked: Asked) -> Answer:
        session = self._session(asked)
        return _told(200, _identity(session.account)) if session is not None else Answer(200, _JSON, b"null")

    def _sign_out(self, asked: Asked) -> Answer:
        # With a token that has expired it is the refresh token that says whose session it is.
        renewing = (self.refreshing[text] for text in asked.texts() if text in self.refreshing)
        session = self._session(asked) or next(renewing, None)
        if session is not None and not _is_foreign(asked):
            self._end(session)
        return _told(200, {}, [("Set-Cookie", "sid=; Path=/; Secure; Max-Age=0")])

    def _end(self, session: Session) -> None:
        self.sessions.pop(session.ticket, None)
        self.refreshing = {key: one for key, one in self.refreshing.items() if one.id != session.id}

    def _end_others(self, session: Session) -> None:
        for one in [*self.sessions.values()]:
            if one.account is session.account and one is not session:
                self._end(one)

    def _token(self, asked: Asked) -> Answer:
        session = self._session(asked)
        return _told(200, {"token": self._jwt(session)}) if session is not None else _told(401, {"code": "NOBODY"})

    def _refresh(self, asked: Asked) -> Answer:
        in_body = [text for text in map(str, asked.fields.values()) if text.startswith("refresh-")]
        given = in_body or list(asked.cookies.values())
        session = next((self.refreshing.pop(text) for text in given if text in self.refreshing), None)
        if session is None or session.ends <= time.time():
            for used in (one for one in self.sessions.values() if one.refresh in given):
                self.refreshing = {key: one for key, one in self.refreshing.items() if one.id != used.id}
            return _told(401, {"code": "NO_REFRESH"})
        renewal = self._fresh("refresh")
        self.refreshing[renewal] = session
        body = {"access": self._jwt(session), "token": session.bearer, "refresh": renewal}
        return _told(
            200, body, [("Set-Cookie", f"renewal={renewal}; Path=/; Secure"), ("X-Ticket", session.bearer)]
        )

    def _change_password(self, asked: Asked) -> Answer:
        session = self._session(asked)
        if session is None:
            return _told(401, {"code": "NOBODY"})
        if asked.fields.get("old") != session.account.password:
            return _told(400, {"code": "BAD_CREDENTIALS"})
        session.account.password = str(asked.fields.get("new"))
        for one in [
            one for one in self.sessions.values() if one.account is session.account and one is not session
        ]:
            self._end(one)
        return _told(200, {})

    def _rename(self, asked: Asked) -> Answer:
        session = self._session(asked)
        if session is None or _is_foreign(asked):
            return _told(401 if session is None else 403, {"code": "REFUSED"})
        session.account.name = str(asked.fields.get("name"))
        return _told(200, {})

    def _delete(self, asked: Asked) -> Answer:
        session = self._session(asked)
        if session is None:
            return _told(401, {"code": "NOBODY"})
        del self.accounts[session.account.email]
        for one in [one for one in self.sessions.values() if one.account is session.account]:
            self._end(one)
        return _told(200, {})

    # --- sessions ---

    def _list_sessions(self, asked: Asked) -> Answer:
        session = self._session(asked)
        if session is None:
            return _told(401, {"code": "NOBODY"})
        own = [
            {"id": one.id, "device": one.ticket}
            for one in self.sessions.values()
            if one.account is session.account
        ]
        return _told(200, {"sessions": own, "older": own[:-1]})

    def _revoke(self, asked: Asked, wanted: str) -> Answer:
        session = self._session(asked)
        if session is None:
            return _told(401, {"code": "NOBODY"})
        for one in [one for one in self.sessions.values() if one.id == wanted and one.account is session.account]:
            self._end(one)
        return _told(200, {})

    def _revoke_others(self, asked: Asked) -> Answer:
        session = self._session(asked)
        if session is None:
            return _told(401, {"code": "NOBODY"})
        for one in [
            one for one in self.sessions.values() if one.account is session.account and one is not session
        ]:
            self._end(one)
        return _told(200, {})

    def _revoke_all(self, asked: Asked) -> Answer:
        session = self._session(asked)
        if session is None or _is_foreign(asked):
            return _told(401 if session is None else 403, {"code": "REFUSED"})
        for one in [one for one in self.sessions.values() if one.account is session.account]:
            self._end(one)
        return _told(200, {})

    def _refuse_lookup(self, asked: Asked, _user: str = "") -> Answer:
        """Administrators alone may look up users, and there are none."""
        session = self._session(asked)
        return _told(401, {"code": "NOBODY"}) if session is None else _told(403, {"code": "REFUSED"})

    # --- tasks ---

    def _list_tasks(self, asked: Asked) -> Answer:
        session = self._session(asked)
        if session is None:
            return _told(401, {"code": "NOBODY"})
        tasks = [_task(number, title) for number, title in session.account.tasks.items()]
        later = len(tasks) > 1 and "page" not in asked.query
        shown = tasks[:-1] if later else tasks[-1:]
        return _told(200, {"items": shown, "next": "?page=2" if later else None})

    def _create_task(self, asked: Asked) -> Answer:
        session = self._session(asked)
        if session is None or _is_foreign(asked):
            return _told(401 if session is None else 403, {"code": "REFUSED"})
        if not isinstance(title := asked.fields.get("title"), str):
            return _told(422, {"code": "NO_TITLE"})
        number = self._fresh("task")
        session.account.tasks[number] = title
        return _told(201, {"item": _task(number, session.account.tasks[number])})

    def _read_task(self, asked: Asked, number: str) -> Answer:
        return self._own(asked, number, lambda tasks: _told(200, {"item": _task(number, tasks[number])}))

    def _write_task(self, asked: Asked, number: str) -> Answer:
        def write(tasks: dict[str, str]) -> Answer:
            if not isinstance(title := asked.fields.get("title"), str):
                return _told(422, {"code": "NO_TITLE"})
            tasks[number] = title
            return _told(200, {"item": _task(number, tasks[number])})

        return self._own(asked, number, write)

    def _delete_task(self, asked: Asked, number: str) -> Answer:
        return self._own(asked, number, lambda tasks: _told(204, {"was": tasks.pop(number)}))

    def _own(self, asked: Asked, number: str, act: Callable[[dict[str, str]], Answer]) -> Answer:
        session = self._session(asked)
        if session is None:
            return _told(401, {"code": "NOBODY"})
        return act(session.account.tasks) if number in session.account.tasks else _told(404, {"code": "NO_SUCH"})

    # --- pages ---

    def _home(self, asked: Asked) -> Answer:
        session = self._session(asked)
        if session is None:
            return Answer(302, [("Location", "/signin")], b"")
        return _page(" ".join(["Menu", session.account.name, *session.account.tasks.values(), "Sign out"]))


_HARDENED: Headers = list(HARDENED.items())
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_JSON: Headers = [("Content-Type", "application/json"), *_HARDENED]


def _is_foreign(asked: Asked) -> bool:
    """Whether another site's page asks, by its Origin or else its Referer."""
    source = asked.headers.get("origin", asked.headers.get("referer", WEB))
    return not f"{source}/".startswith(f"{WEB}/")


def _told(status: int, body: Mapping[str, Any], headers: Iterable[tuple[str, str]] = ()) -> Answer:
    challenge = [("WWW-Authenticate", "Bearer")] if status == 401 else []
    return Answer(status, [*_JSON, *challenge, *headers], json.dumps(body).encode())


def _page(text: str) -> Answer:
    body = f"<!doctype html><title>Shop</title><p>{html.escape(text)}</p>"
    return Answer(200, [("Content-Type", "text/html"), *_HARDENED], body.encode())


def _drawn(answer: Answer) -> Answer:
    """The same answer as a page: elements whose classes are the names of the fields."""
    headers = [(name, value) for name, value in answer.headers if name != "Content-Type"]
    body = _elements(json.loads(answer.body)) if ("Content-Type", "application/json") in answer.headers else ""
    return Answer(answer.status, [*headers, ("Content-Type", "text/html")], f"<title>Shop</title>{body}".encode())


def _elements(content: Any) -> str:
    if isinstance(content, list):
        return "".join(f"<li>{_elements(one)}" for one in content)
    if isinstance(content, dict):
        return "".join(f'<div class="{name}">{_elements(one)}</div>' for name, one in content.items())
    said = html.escape(str(content))
    return "" if content is None else f'<a data-value="{said}" href="/of/{said}">{said}</a>'


def _identity(account: Account) -> dict[str, Any]:
    login = "".join(letter for letter in account.email.partition("@")[0] if letter.isalnum())
    known = {"id": account.id, "email": account.email, "name": account.name, "login": login}
    return {"user": known, "other": {"id": f"x{account.id}", "name": "Somebody Else"}}


def _cached(account: Account) -> str:
    """Who is there, for whoever decodes it; no route goes by it."""
    return (
        base64.urlsafe_b64encode(json.dumps({"id": account.id, "email": account.email}).encode())
        .decode()
        .rstrip("=")
    )


def _task(number: str, title: str) -> dict[str, str]:
    return {"id": number, "number": f"x{number}", "title": title, "text": "nothing"}


def _taken_apart(method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> Asked:
    parts = urlsplit(url)
    lower = {name.lower(): value for name, value in headers}
    pairs = (pair.partition("=") for pair in lower.pop("cookie", "").split("; "))
    try:
        fields = json.loads(body) if "json" in lower.get("content-type", "") else dict(parse_qsl(body.decode()))
    except (ValueError, RecursionError):
        fields = {}
    return Asked(
        method,
        parts.path,
        dict(parse_qsl(parts.query)),
        lower,
        {name: value for name, _, value in pairs if name},
        fields if isinstance(fields, dict) else {},
    )


def _verified(token: str) -> dict[str, Any]:
    """The claims of a token that is the shop's own and in force; none of another."""
    # By the clock of the test, which the library does not know.
    by_clock = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat")}
    options: Any = {**by_clock, "require": ["exp", "iss", "aud", "sub"]}
    try:
        claims: dict[str, Any] = jwt.decode(
            token, SIGNING_SECRET, ["HS256"], audience=AUDIENCE, issuer=ISSUER, options=options
        )
    except jwt.InvalidTokenError:
        return {}
    end, beginning = claims["exp"], claims.get("nbf", 0)
    if not all(isinstance(moment, int | float) and moment is not True for moment in (beginning, end)):
        return {}
    return claims if beginning <= time.time() < end else {}
