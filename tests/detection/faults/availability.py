"""Requests that meet each other, and addresses that keep the server busy."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session as Database
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import accounts, identity
from reference_backend.identity import UseServices
from reference_backend.models import User
from tests.detection.registry import fault
from tests.detection.request_bodies import take_for_json
from tests.detection.routes import override
from tests.detection.seams import middleware, wrap

PARALLEL = "availability-parallel-requests-are-answered"
SIGN_INS = "availability-parallel-signins-stay-apart"
ADDRESS = "availability-long-address-is-checked-quickly"
HELD_UP = 6.0
"""Seconds, more than the five within which an answer has to come."""
_MEETING = 0.3
"""Seconds in which requests at the same moment meet."""

together = functools.partial(fault, defect="av-parallel-requests-fail", level="should")
slow = functools.partial(fault, defect="av-regex-dos", caught_by=ADDRESS, level="should")


@together(caught_by=PARALLEL, says="(Ann|Bob) is given (Ann|Bob)'s own tasks when .* was given (Ann|Bob)'s")
def the_caller_is_a_global_variable() -> None:
    """The verified caller is kept in a variable of the module until the tasks are read."""
    current: list[User] = []

    def caller(request: Request, response: Response, services: UseServices) -> User:
        current[:] = [identity.caller(request, response, services)]
        if request.method == "GET":
            threading.Event().wait(_MEETING)
        return current[0]

    override(identity.caller, caller)


def answer_lists_beyond(most: int, answer: ASGIApp) -> None:
    """Have ``answer`` speak for a list that is asked for while so many are being read."""
    under_way: list[Scope] = []

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if scope["path"] != "/api/tasks" or scope["method"] != "GET":
            await inner(scope, receive, send)
            return
        if len(under_way) >= most:
            await answer(scope, receive, send)
            return
        under_way.append(scope)
        try:
            await inner(scope, receive, send)
        finally:
            under_way.remove(scope)

    middleware(handle)


@together(caught_by=PARALLEL, says="is served when others ask at the same moment; but the server broke")
def a_request_finds_no_connection() -> None:
    """A list that is asked for while others are being read is an error."""

    async def break_down(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("database is locked")

    answer_lists_beyond(2, break_down)


@together(caught_by=SIGN_INS, says="is given a session of (Ann|Bob)'s; but it is")
def who_signs_in_is_a_global_variable() -> None:
    """Who was verified last is who is signed in, whoever asked."""
    current: list[User] = []

    def sign_in(original: Callable[..., User], db: Database, *arguments: Any) -> User:
        current[:] = [original(db, *arguments)]
        threading.Event().wait(_MEETING * 2)
        return current[0]

    wrap(accounts, "sign_in", sign_in)


# --- patterns that backtrack ---


def _held_up(path: str, word: Callable[[str], bool]) -> None:
    """Keep the whole server busy with an address of that sort, as a pattern that backtracks does."""

    def match(content: dict[str, Any]) -> None:
        if word(str(content.get("email"))):
            threading.Event().wait(HELD_UP)

    take_for_json("POST", path, match, dict)


@slow(says=r"that sign_in answers an odd address within 5 s; but it did not \(6")
def an_address_without_an_at_sign_backtracks() -> None:
    """`(\\w+)*@` tries each way to divide the letters."""
    _held_up("/api/auth/sign-in", lambda email: "@" not in email and len(email) > 1000)


@slow(says=r"that sign_up answers an odd address within 5 s; but it did not \(6")
def an_address_of_many_labels_backtracks() -> None:
    """`((\\w+\\.?)+)$` tries each way to divide the labels."""
    _held_up("/api/auth/sign-up", lambda email: email.count(".") > 1000)


@slow(says=r"that sign_in answers an odd address within 5 s; but it did not \(6")
def an_address_of_many_at_signs_backtracks() -> None:
    """`(.+@)+` tries each way to divide the signs."""
    _held_up("/api/auth/sign-in", lambda email: email.count("@") > 1000)


@slow(says="that Ann's session is shown within 5 s after it; but it took 6")
def an_address_is_looked_at_in_the_background() -> None:
    """The answer comes at once, and the look at the address then keeps everybody waiting."""
    waiting: list[str] = []

    def note(content: dict[str, Any]) -> None:
        if len(str(content.get("email"))) > 1000:
            waiting.append("")

    take_for_json("POST", "/api/auth/sign-up", note, dict)

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        if waiting and scope["path"].endswith("get-session"):
            waiting.clear()
            threading.Event().wait(HELD_UP)
        await inner(scope, receive, send)

    middleware(handle)
