"""Sessions and tokens that can be guessed from others."""

from __future__ import annotations

import itertools
import secrets
import time
import uuid
from collections.abc import Callable
from types import ModuleType
from typing import Any

from reference_backend import cookies, refresh, sessions, tokens
from tests.detection.registry import fault
from tests.detection.seams import replace, wrap

GUESSABLE = "se-low-entropy-token"
UNGUESSABLE = "session-values-cannot-be-guessed"
RANDOM = "session-values-have-128-random-bits"
OPAQUE = '[credentials.token]\nkind = "opaque"\n'


def drawing(module: ModuleType, draw: Callable[[], str], *, signed: bool = False) -> None:
    """Have the values of ``module`` drawn by ``draw``; a cookie is the value alone, unless it is ``signed``."""
    replace(module, "new_token", draw)
    if not signed:
        cookie_alone()


def cookie_alone() -> None:
    """Let the cookie be the session's value, without a signature."""

    def write(response: Any, settings: Any, token: str, max_age: int | None) -> None:
        cookies._set(response, settings, token, max_age)

    def read(request: Any, settings: Any) -> str | None:
        values = cookies.presented(request, settings)
        return values.pop() or None if len(values) == 1 else None

    replace(cookies, "write", write)
    replace(cookies, "read", read)


def counted(form: str) -> Callable[[], str]:
    """Draws one number after the other, in that form."""
    numbers = itertools.count(int(time.time()) % 10_000 + 10_000)
    return lambda: form.format(next(numbers))


@fault(
    defect=GUESSABLE,
    caught_by=(UNGUESSABLE, RANDOM),
    says='session values of Ann\'s in the cookie "auth.session_token" differ by (64|128) random bits or more; '
    "but it is [0-9]+ bits at most: of their 20 characters 1[0-9] are the same in all",
)
def sessions_are_counted() -> None:
    """The session's value is the number of its row, with zeros before it."""
    drawing(sessions, counted("{:020}"))


@fault(
    defect=GUESSABLE, caught_by=UNGUESSABLE, says="session values of Ann's .*; but it is [0-9]+ bits at most: of"
)
def sessions_are_the_time() -> None:
    """The session's value is the time in nanoseconds, in hexadecimal digits."""
    drawing(sessions, lambda: f"{time.time_ns():032x}")


@fault(
    defect=GUESSABLE, caught_by=UNGUESSABLE, says="session values of Ann's .*: they are UUIDs of the time and the"
)
def sessions_are_uuids_of_the_time() -> None:
    """The session's value is a UUID, of the version that is no secret."""
    drawing(sessions, lambda: str(uuid.uuid1()))


@fault(defect=GUESSABLE, caught_by=UNGUESSABLE, says="session values of Ann's .*but it is 3[0-9] bits at most")
def sessions_are_short() -> None:
    """The session's value is six random letters and digits."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    drawing(sessions, lambda: "".join(secrets.choice(letters) for _ in range(6)))


@fault(
    defect=GUESSABLE,
    caught_by=UNGUESSABLE,
    says="session values of Ann's .*random bits or more; but it is [0-9]+ bits at most: of their ",
)
def sessions_of_a_node_library_are_counted() -> None:
    """A signed cookie, marked and padded as a well-known library does, of a number."""

    def write(response: Any, settings: Any, token: str, max_age: int | None) -> None:
        cookies._set(response, settings, f"s:{token}.{cookies._signature(settings, token)}=", max_age)

    def read(original: Any, request: Any, settings: Any) -> str | None:
        values = cookies.presented(request, settings)
        token, _, signature = (values.pop() if len(values) == 1 else "").removeprefix("s:").partition(".")
        return token if token and signature == f"{cookies._signature(settings, token)}=" else None

    drawing(sessions, counted("{}"), signed=True)
    replace(cookies, "write", write)
    original = cookies.read
    replace(cookies, "read", lambda request, settings: read(original, request, settings))


@fault(
    defect=GUESSABLE,
    caught_by=RANDOM,
    says="session values of Ann's .*128 random bits or more; but it is [0-9]+ bits at most: before the last dot",
    level="should",
    spares=(UNGUESSABLE,),
    profile=OPAQUE,
)
def signed_sessions_are_counted() -> None:
    """The session's value is a number; only its signature can't be guessed."""
    drawing(sessions, counted("{:08}"), signed=True)
    opaque_tokens(lambda: secrets.token_urlsafe(32))


@fault(
    defect=GUESSABLE,
    caught_by=RANDOM,
    says="session values of Ann's .*128 random bits or more; but it is 64 bits at most",
    level="should",
    spares=(UNGUESSABLE,),
    profile=OPAQUE,
)
def sessions_have_64_bits() -> None:
    """The session's value is eight random bytes."""
    drawing(sessions, lambda: secrets.token_hex(8))
    opaque_tokens(lambda: secrets.token_urlsafe(32))


@fault(
    defect=GUESSABLE,
    caught_by=UNGUESSABLE,
    says="refresh tokens of Ann's differ by 64 random bits or more; but it is [0-9]+ bits at most",
)
def refresh_tokens_are_counted() -> None:
    """The refresh token is a number behind a name."""
    replace(refresh, "new_token", counted("refresh_{:016}"))


@fault(
    defect=GUESSABLE,
    caught_by=UNGUESSABLE,
    says="access tokens of Ann's differ by 64 random bits or more; but it is [0-9]+ bits at most",
    profile=OPAQUE,
)
def access_tokens_are_counted() -> None:
    """The access token is a number, by which the server finds the claims."""
    opaque_tokens(counted("{:012}"))


def opaque_tokens(draw: Callable[[], str]) -> None:
    """Have access tokens drawn by ``draw``, each a reference to claims that the server keeps."""
    kept: dict[str, str] = {}

    def issue(original: Any, *arguments: Any) -> str:
        reference = draw()
        kept[reference] = original(*arguments)
        return reference

    wrap(tokens, "issue", issue)
    wrap(
        tokens, "verify", lambda original, signer, settings, token: original(signer, settings, kept.get(token, ""))
    )
