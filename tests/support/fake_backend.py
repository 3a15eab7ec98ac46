"""A correct deployment in memory, in the words of the reference profile, for `FakeClient`."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import jwt

from tests.support.fake_client import API, WEB, Answer, Sent

SECRET = "the-shared-secret-of-the-deployment-0001"
COOKIE = "auth.session_token"
AUTH = "/api/auth"
NOBODY = Answer(200, None)
BAD_REQUEST = Answer(400, {"message": "Bad Request"})
UNAUTHENTICATED = Answer(401, {"message": "Unauthorized"})
NOT_FOUND = Answer(404, {"message": "Not Found"})
PAGE = (
    "<!doctype html><form><label>Name <input></label><label>Email <input></label><label>Password <input></label>"
)

Route = Callable[[Sent], Answer]


@dataclass(eq=False)
class Account:
    """Somebody who signed up."""

    id: str
    name: str
    email: str
    password: str
    tasks: dict[str, str] = field(default_factory=dict)

    @property
    def user(self) -> dict[str, str]:
        """What the session endpoint says."""
        return {"id": self.id, "name": self.name, "email": self.email}


class FakeBackend:
    """Answers as the reference backend does; a test that needs it wrong replaces one of ``routes``."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.sessions: dict[str, Account] = {}
        self.refresh_tokens: dict[str, Account] = {}
        self._numbers = itertools.count(1)
        self.routes: dict[str, Route] = {
            "GET /": lambda _: Answer(200, "<h1>Welcome</h1>", HTML),
            "GET /signup": lambda _: Answer(200, PAGE, HTML),
            "GET /signin": lambda _: Answer(200, PAGE, HTML),
            "GET /tasks": self.tasks_page,
            f"POST {AUTH}/sign-up/email": self.sign_up,
            f"POST {AUTH}/sign-in/email": self.sign_in,
            f"GET {AUTH}/get-session": self.session,
            f"GET {AUTH}/token": self.token,
            f"GET {AUTH}/jwks": lambda _: Answer(200, {"keys": []}),
            f"POST {AUTH}/refresh": self.refresh,
            f"POST {AUTH}/sign-out": self.sign_out,
            f"POST {AUTH}/change-password": self.change_password,
            f"POST {AUTH}/update-user": self.update_user,
            f"POST {AUTH}/delete-user": self.delete_user,
            f"GET {AUTH}/list-sessions": self.list_sessions,
            f"POST {AUTH}/revoke-session": self.revoke_session,
            f"POST {AUTH}/revoke-other-sessions": self.revoke_other_sessions,
            f"POST {AUTH}/revoke-sessions": self.revoke_sessions,
            "GET /api/tasks": self.list_tasks,
            "POST /api/tasks": self.create_task,
            "GET /api/tasks/1": self.read_task,
            "PUT /api/tasks/1": self.write_task,
            "PATCH /api/tasks/1": self.write_task,
            "DELETE /api/tasks/1": self.delete_task,
        }

    def __call__(self, sent: Sent) -> Answer:
        """The answer to one request; auth and pages are at WEB, tasks at both."""
        path = re.sub(r"^(/api/tasks)/[^/]+$", r"\1/1", sent.path)
        if sent.url.startswith(API) and not path.startswith("/api/tasks"):
            return NOT_FOUND
        route = self.routes.get(f"{sent.method} {path}")
        try:
            return route(sent) if route else NOT_FOUND
        except (KeyError, ValueError):  # a body without what it takes, or none at all
            return BAD_REQUEST

    def number(self) -> str:
        """An id that was not there before."""
        return str(next(self._numbers))

    # --- who asks ---

    def signed_in(self, sent: Sent) -> Account | None:
        """Whose session the request shows."""
        return self.sessions.get(sent.cookies.get(COOKIE, ""))

    def caller(self, sent: Sent) -> Account | None:
        """Who asks for tasks: at WEB by session, at API by token."""
        if sent.url.startswith(WEB):
            return self.signed_in(sent)
        values = [value for name, value in sent.headers if name.lower() == "authorization"]
        try:
            scheme, _, token = "".join(values[:2]).partition(" ")
            if scheme.lower() != "bearer":
                return None
            claims = jwt.decode(token, SECRET, ["HS256"], options={"verify_aud": False})
        except jwt.InvalidTokenError:
            return None
        return next((one for one in self.accounts.values() if one.id == claims["sub"]), None)

    def admitted(self, account: Account) -> Answer:
        """The answer that signs somebody in."""
        session, refresh = f"session-number-{self.number()}", f"refresh-number-{self.number()}"
        self.sessions[session], self.refresh_tokens[refresh] = account, account
        cookie = ("Set-Cookie", f"{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800")
        return Answer(200, {"user": account.user, "refreshToken": refresh}, [cookie])

    # --- accounts ---

    def sign_up(self, sent: Sent) -> Answer:
        """Make an account, unless there is one of that address."""
        form = sent.fields
        email = form["email"].lower()
        if email in self.accounts or len(form["password"]) < 8:
            return Answer(422, {"message": "Not possible"})
        self.accounts[email] = Account(f"user-{self.number()}", form["name"], email, form["password"])
        return self.admitted(self.accounts[email])

    def sign_in(self, sent: Sent) -> Answer:
        """Sign in by address and password."""
        account = self.accounts.get(sent.fields["email"].lower())
        if account is None or account.password != sent.fields["password"]:
            return Answer(401, {"message": "Invalid email or password"})
        answer = self.admitted(account)
        if sent.fields.get("rememberMe", True):
            return answer
        return replace(
            answer, headers=[(name, value.replace("; Max-Age=604800", "")) for name, value in answer.headers]
        )

    def session(self, sent: Sent) -> Answer:
        """Who is there."""
        account = self.signed_in(sent)
        return Answer(200, {"user": account.user}) if account else NOBODY

    def token(self, sent: Sent) -> Answer:
        """An access token of the session's owner."""
        account = self.signed_in(sent)
        return Answer(200, {"token": signed(account)}) if account else UNAUTHENTICATED

    def refresh(self, sent: Sent) -> Answer:
        """A new pair of tokens for a refresh token, which works once."""
        account = self.refresh_tokens.pop(sent.fields["refreshToken"], None)
        if account is None:
            return UNAUTHENTICATED
        following = f"refresh-number-{self.number()}"
        self.refresh_tokens[following] = account
        return Answer(200, {"token": signed(account), "refreshToken": following})

    def sign_out(self, sent: Sent) -> Answer:
        """End the session."""
        self.sessions.pop(sent.cookies.get(COOKIE, ""), None)
        return Answer(200, {"success": True}, [("Set-Cookie", f"{COOKIE}=; Path=/; Max-Age=0")])

    def change_password(self, sent: Sent) -> Answer:
        """Another password, and no other session."""
        account = self.signed_in(sent)
        if account is None or account.password != sent.fields.get("currentPassword"):
            return UNAUTHENTICATED
        account.password = sent.fields["newPassword"]
        mine = sent.cookies[COOKIE]
        self.sessions = {key: one for key, one in self.sessions.items() if one is not account or key == mine}
        return Answer(200, {"user": account.user})

    def update_user(self, sent: Sent) -> Answer:
        """Another name, asked for by the deployment's own page."""
        account = self.signed_in(sent)
        if account is None or sent.header("origin") != WEB or "json" not in (sent.header("content-type") or ""):
            return UNAUTHENTICATED
        account.name = sent.fields["name"]
        return Answer(200, {"user": account.user})

    def delete_user(self, sent: Sent) -> Answer:
        """No account any more, and nothing that opened it."""
        account = self.signed_in(sent)
        if account is None:
            return UNAUTHENTICATED
        del self.accounts[account.email]
        self.sessions = {key: one for key, one in self.sessions.items() if one is not account}
        return Answer(200, {"success": True})

    # --- sessions ---

    def list_sessions(self, sent: Sent) -> Answer:
        """The ids of the caller's sessions."""
        account = self.signed_in(sent)
        mine = [{"id": key} for key, one in self.sessions.items() if one is account]
        return Answer(200, mine) if account else UNAUTHENTICATED

    def revoke_session(self, sent: Sent) -> Answer:
        """End one of the caller's sessions."""
        account = self.signed_in(sent)
        if account is None or self.sessions.get(sent.fields.get("id", "")) is not account:
            return NOT_FOUND
        del self.sessions[sent.fields["id"]]
        return Answer(200, {"status": True})

    def revoke_other_sessions(self, sent: Sent) -> Answer:
        """End the caller's sessions but the one that asks."""
        account, mine = self.signed_in(sent), sent.cookies.get(COOKIE)
        if account is None:
            return UNAUTHENTICATED
        self.sessions = {key: one for key, one in self.sessions.items() if one is not account or key == mine}
        return Answer(200, {"status": True})

    def revoke_sessions(self, sent: Sent) -> Answer:
        """End all of the caller's sessions."""
        account = self.signed_in(sent)
        if account is None:
            return UNAUTHENTICATED
        self.sessions = {key: one for key, one in self.sessions.items() if one is not account}
        return Answer(200, {"status": True})

    # --- tasks ---

    def tasks_page(self, sent: Sent) -> Answer:
        """The caller's name and tasks; whoever is not signed in is sent to sign-in."""
        account = self.signed_in(sent)
        if account is None:
            return Answer(303, "", [("Location", "/signin")])
        return Answer(200, "".join(f"<p>{text}</p>" for text in (account.name, *account.tasks.values())), HTML)

    def list_tasks(self, sent: Sent) -> Answer:
        """The caller's tasks."""
        account = self.caller(sent)
        return Answer(200, [shown(*task) for task in account.tasks.items()]) if account else UNAUTHENTICATED

    def create_task(self, sent: Sent) -> Answer:
        """A task of the caller's."""
        account = self.caller(sent)
        if account is None:
            return UNAUTHENTICATED
        number = self.number()
        account.tasks[number] = sent.fields["title"]
        return Answer(201, shown(number, account.tasks[number]))

    def read_task(self, sent: Sent) -> Answer:
        """One of the caller's tasks."""
        return self._with_task(sent, lambda _, number, title: Answer(200, shown(number, title)))

    def write_task(self, sent: Sent) -> Answer:
        """Another title for one of the caller's tasks."""

        def write(account: Account, number: str, _title: str) -> Answer:
            account.tasks[number] = sent.fields["title"]
            return Answer(200, shown(number, account.tasks[number]))

        return self._with_task(sent, write)

    def delete_task(self, sent: Sent) -> Answer:
        """One task less."""

        def delete(account: Account, number: str, _title: str) -> Answer:
            del account.tasks[number]
            return Answer(204)

        return self._with_task(sent, delete)

    def _with_task(self, sent: Sent, do: Callable[[Account, str, str], Answer]) -> Answer:
        account, number = self.caller(sent), sent.path.rpartition("/")[2]
        if account is None:
            return UNAUTHENTICATED
        return do(account, number, account.tasks[number]) if number in account.tasks else NOT_FOUND


HTML = [("Content-Type", "text/html; charset=utf-8")]


def shown(number: str, title: str) -> dict[str, Any]:
    """A task as the API says it."""
    return {"id": number, "title": title, "completed": False}


def signed(account: Account, secret: str = SECRET, **claims: object) -> str:
    """An access token of that account."""
    now = int(time.time())
    usual = {"sub": account.id, "iat": now, "exp": now + 900, "iss": WEB, "aud": WEB}
    return jwt.encode({**usual, **claims}, secret, "HS256")
