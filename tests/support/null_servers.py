"""Servers that are wrong in the simplest ways. No MUST may pass against any of them."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.limits import LIMIT_SECONDS


@dataclass
class Memory:
    """What a server has seen: how many requests, the latest person, their task and the end of the test."""

    asked: int = 0
    person: dict[str, str] = field(default_factory=lambda: {"email": "first@example.com", "name": "First"})
    title: str = ""
    people: dict[str, Memory] = field(default_factory=dict)
    answers: dict[str, Reply] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int
    content_type: str = "application/json"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


Answer = Callable[[BaseHTTPRequestHandler, bytes, Memory], Reply]


def deny_all(_handler: BaseHTTPRequestHandler, _body: bytes, _memory: Memory) -> Reply:
    return Reply(401, body=b'{"message": "Unauthorized"}', headers=(("WWW-Authenticate", "Bearer"),))


def allow_all(_handler: BaseHTTPRequestHandler, _body: bytes, _memory: Memory) -> Reply:
    return Reply(200, body=b"{}")


def allow_all_html(_handler: BaseHTTPRequestHandler, _body: bytes, _memory: Memory) -> Reply:
    return Reply(200, "text/html", b"<!doctype html><title>Welcome</title><h1>Welcome</h1>")


def redirect_all(_handler: BaseHTTPRequestHandler, _body: bytes, _memory: Memory) -> Reply:
    return Reply(302, headers=(("Location", "/signin"),))


def echo(handler: BaseHTTPRequestHandler, body: bytes, _memory: Memory) -> Reply:
    return Reply(200, handler.headers.get("Content-Type", "text/plain"), body or handler.path.encode())


def fail_all(_handler: BaseHTTPRequestHandler, _body: bytes, _memory: Memory) -> Reply:
    return Reply(500, "text/plain", b"Internal Server Error")


def not_found_all(_handler: BaseHTTPRequestHandler, _body: bytes, _memory: Memory) -> Reply:
    return Reply(404, body=b'{"message": "Not Found"}')


def hang(_handler: BaseHTTPRequestHandler, _body: bytes, memory: Memory) -> Reply:
    memory.over.wait(LIMIT_SECONDS)
    return Reply(200, body=b"{}")


def everyone_is_one(handler: BaseHTTPRequestHandler, body: bytes, memory: Memory) -> Reply:
    """Whoever signs up or in is the same user, who sees everything."""
    return _remembering(handler, body, memory, learns=False)


def previous_visitor(handler: BaseHTTPRequestHandler, body: bytes, memory: Memory) -> Reply:
    """Each answer holds what the visitor before it gave."""
    before = Memory(person=dict(memory.person), title=memory.title)
    _remembering(handler, body, memory, learns=True)
    return _remembering(handler, b"", before, learns=False)


def last_visitor_is_everybody(handler: BaseHTTPRequestHandler, body: bytes, memory: Memory) -> Reply:
    """Every session is that of whoever posted last; a browser without a cookie has none."""
    known = _remembering(handler, body, memory, learns=True)
    is_bare = not handler.headers.get("Cookie") and not handler.headers.get("Authorization")
    return _NOBODY if handler.command == "GET" and is_bare else known


def whoever_is_claimed(handler: BaseHTTPRequestHandler, body: bytes, memory: Memory) -> Reply:
    """Whoever signs up or in is signed in, whatever the password; the cookie itself says who that is."""
    given = _json(body)
    if "email" in given and "password" in given:
        claim = {key: str(given.get(key, "")) for key in ("email", "name")}
        token = base64.urlsafe_b64encode(json.dumps(claim).encode()).decode()
        cookies = tuple(("Set-Cookie", f"{name}={token}; Path=/; HttpOnly; SameSite=Lax") for name in _COOKIES)
        return Reply(200, body=json.dumps({"user": claim, "token": f"{token}.a.b"}).encode(), headers=cookies)
    claimed = _claimed(handler)
    if claimed is None:
        return _NOBODY if "get-session" in handler.path else Reply(401, body=b"{}")
    who = Memory(person={"email": "", "name": ""} | claimed, title=memory.title)
    answer = _remembering(handler, body, who, learns=False)
    memory.title = who.title
    return replace(answer, headers=())


def waf_page(_handler: BaseHTTPRequestHandler, _body: bytes, _memory: Memory) -> Reply:
    """A gate in front lets nobody through and gives everybody a cookie."""
    gate = b"<!doctype html><title>Checking your browser</title><h1>Access denied</h1><p>Incident 7c1f0a9d3e5b</p>"
    return Reply(
        403, "text/html", gate, (("Set-Cookie", "gate=7c1f0a9d3e5b; Path=/; HttpOnly"), ("Server", "gate"))
    )


def maintenance(_handler: BaseHTTPRequestHandler, _body: bytes, _memory: Memory) -> Reply:
    page = b"<!doctype html><title>We'll be back soon</title><h1>Down for maintenance</h1>"
    return Reply(503, "text/html", page, (("Retry-After", "120"),))


def first_answer_for_all(handler: BaseHTTPRequestHandler, body: bytes, memory: Memory) -> Reply:
    """A cache in front of everything: the first answer to a request is everybody's."""
    asked = f"{handler.command} {handler.path}"
    if asked not in memory.answers:
        memory.answers[asked] = _per_address(handler, body, memory)
    return memory.answers[asked]


def address_is_the_cookie(handler: BaseHTTPRequestHandler, body: bytes, memory: Memory) -> Reply:
    """Each account has its own, and the session is the address in Base64: whoever knows it is signed in."""
    return _per_address(handler, body, memory)


def _per_address(handler: BaseHTTPRequestHandler, body: bytes, memory: Memory) -> Reply:
    given = _json(body)
    email = str(given.get("email", "")) or _address_in(handler)
    if not email:
        return _NOBODY if "get-session" in handler.path else Reply(401, body=b"{}")
    own = memory.people.setdefault(email, Memory(person={"email": email, "name": ""}))
    own.person["name"] = str(given.get("name", own.person["name"]))
    ticket = base64.urlsafe_b64encode(email.encode()).decode()
    cookies = tuple(("Set-Cookie", f"{name}={ticket}; Path=/; HttpOnly; SameSite=Lax") for name in _COOKIES)
    answer = _remembering(handler, body, own, learns=False)
    token = answer.body.replace(b'"a.b.c"', json.dumps(f"{ticket}.a.b").encode())
    return replace(answer, body=token, headers=cookies if "email" in given else ())


def _address_in(handler: BaseHTTPRequestHandler) -> str:
    carried = f"{handler.headers.get('Cookie', '')} {handler.headers.get('Authorization', '')}"
    for value in re.findall(r"[\w-]{8,}={0,2}", carried):
        with contextlib.suppress(ValueError):
            found = base64.urlsafe_b64decode(value).decode()
            if "@" in found:
                return found
    return ""


def _claimed(handler: BaseHTTPRequestHandler) -> dict[str, str] | None:
    """Whom the request's cookie or token names."""
    carried = f"{handler.headers.get('Cookie', '')} {handler.headers.get('Authorization', '')}"
    for value in re.findall(r"[\w-]{8,}={0,2}", carried):
        with contextlib.suppress(ValueError):
            found: dict[str, str] = json.loads(base64.urlsafe_b64decode(value))
            return found
    return None


_NOBODY = Reply(200, body=b"null")


def _remembering(handler: BaseHTTPRequestHandler, body: bytes, memory: Memory, *, learns: bool) -> Reply:
    given = _json(body)
    if learns and "email" in given:
        memory.person.update({key: str(given[key]) for key in ("email", "name") if key in given})
    memory.title = str(given.get("title", memory.title))
    user = {"id": "1", **memory.person}
    task = {"id": "7", "title": memory.title}
    cookie = (("Set-Cookie", f"{name}=one.one; Path=/; HttpOnly; SameSite=Lax") for name in _COOKIES)
    if "tasks" in handler.path:
        in_list = handler.command == "GET" and handler.path.split("?")[0].endswith("tasks")
        return Reply(200, body=json.dumps([task] if in_list else task).encode())
    content = {"user": user, "token": "a.b.c", "refreshToken": "r", "session": {"id": "1"}, "keys": []}
    return Reply(200, body=json.dumps(content).encode(), headers=tuple(cookie))


_COOKIES = ("auth.session_token", "better-auth.session_token")


def _json(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


SERVERS: dict[str, Answer] = {
    "deny-all": deny_all,
    "allow-all": allow_all,
    "allow-all-html": allow_all_html,
    "redirect-all": redirect_all,
    "echo": echo,
    "500-all": fail_all,
    "404-all": not_found_all,
    "hang": hang,
    "everyone-is-one": everyone_is_one,
    "previous-visitor": previous_visitor,
    "last-visitor-is-everybody": last_visitor_is_everybody,
    "whoever-is-claimed": whoever_is_claimed,
    "waf-page": waf_page,
    "maintenance": maintenance,
    "first-answer-for-all": first_answer_for_all,
    "address-is-the-cookie": address_is_the_cookie,
}


@contextlib.contextmanager
def running(answer: Answer) -> Iterator[tuple[str, Memory]]:
    """A server that answers so, on loopback: its URL and what it has seen."""
    memory = Memory()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            memory.asked += 1
            reply = answer(self, body, memory)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers:
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = _reply  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", memory
    finally:
        memory.over.set()
        server.shutdown()
        server.server_close()
        thread.join(LIMIT_SECONDS)
