"""Malformed tokens that crash the verifier, block it, or are accepted."""

from __future__ import annotations

import base64
import binascii
import json
import tempfile
import threading
from collections.abc import Callable
from json import JSONDecodeError
from pathlib import Path
from typing import Any

import jwt
from fastapi import Request, Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from reference_backend import identity, tasks, tokens
from reference_backend.identity import Services, UseCaller, UseServices
from reference_backend.models import User
from reference_backend.tokens import Claims, InvalidTokenError, Signer
from tests.detection.gullible import segment
from tests.detection.registry import fault
from tests.detection.routes import override, serve
from tests.detection.seams import wrap

DEFECT = "eh-malformed-token-5xx"
ODD = "error-malformed-token-is-refused"
BROKE = "is refused; but 500 came: the server broke"

Read = Callable[[str], object]


def header(token: str) -> Any:
    """Whatever JSON a token has for a header."""
    return json.loads(segment(token, 0))


def read_first(read: Read, *caught: type[Exception]) -> None:
    """Read something of the token before it is verified. Only what is ``caught`` makes it a bad token."""

    def verify(verify: Callable[..., Claims], signer: Signer, settings: object, token: str) -> Claims:
        try:
            read(token)
        except caught:
            raise InvalidTokenError from None
        return verify(signer, settings, token)

    wrap(tokens, "verify", verify)


def read_authorization(read: Callable[[list[str]], object]) -> None:
    """Read something of the Authorization headers first; whatever goes wrong is not caught."""

    def bearer(original: Callable[..., User], services: Services, authorization: list[str]) -> User:
        read(authorization)
        return original(services, authorization)

    wrap(identity, "_bearer", bearer)


# --- crashes: the whole token ---


@fault(
    defect=DEFECT,
    caught_by=ODD,
    says=rf"malformed token \((a header that is not JSON|claims in bad UTF-8)\) {BROKE}",
)
def the_library_s_errors_are_not_caught() -> None:
    """Whatever the JWT library raises becomes a 500."""

    def verify(_verify: Callable[..., Claims], signer: Signer, settings: Any, token: str) -> Claims:
        payload = jwt.decode(token, signer.public, [signer.algorithm], audience=settings.base_url)
        return Claims(payload["sub"], payload["sid"])

    wrap(tokens, "verify", verify)


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(two words\) {BROKE}")
def a_token_is_unpacked_into_three() -> None:
    """`header, payload, signature = token.split(".")`, with nothing around it."""

    def unpack(token: str) -> None:
        _head, _payload, _signature = token.split(".")

    read_first(unpack)


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(one letter\) {BROKE}")
def a_token_s_second_segment_is_taken_for_granted() -> None:
    """`token.split(".")[1]` for a log line."""
    read_first(lambda token: token.split(".")[1])


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(bad base64\) {BROKE}")
def bad_base64_is_not_expected() -> None:
    """The header is decoded strictly, and the decoder's error is not caught."""
    read_first(lambda token: base64.b64decode(token.split(".")[0] + "==", altchars=b"-_", validate=True))


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(bytes beyond ASCII\) {BROKE}")
def a_token_is_taken_for_ascii() -> None:
    """`token.encode("ascii")`."""
    read_first(lambda token: token.encode("ascii"))


# --- crashes: the header ---


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(a header that is a (list|number)\) {BROKE}")
def a_header_is_taken_for_an_object() -> None:
    """`header.get("kid")` of JSON that is not an object."""
    read_first(lambda token: header(token).get("kid"), ValueError)


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(a header that is not JSON\) {BROKE}")
def a_header_is_taken_for_json() -> None:
    """Bad base64 is caught; its content is not checked."""
    read_first(header, binascii.Error, UnicodeDecodeError)


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(no algorithm\) {BROKE}")
def an_algorithm_is_taken_for_granted() -> None:
    """`header["alg"]`."""
    read_first(lambda token: header(token)["alg"], ValueError, TypeError)


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(an algorithm that is (null|a number)\) {BROKE}")
def an_algorithm_is_taken_for_text() -> None:
    """`header["alg"].startswith("HS")`."""

    def starts(token: str) -> None:
        dict(header(token)).get("alg", "").startswith("HS")

    read_first(starts, ValueError, TypeError)


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(an algorithm that is a list\) {BROKE}")
def an_algorithm_is_looked_up_in_a_table() -> None:
    """`ALGORITHMS.get(header["alg"])`, which a list can't be a key of."""
    read_first(lambda token: {"HS256": "sha256"}.get(header(token)["alg"]), ValueError, KeyError)


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(a key id that is an object\) {BROKE}")
def a_key_id_is_looked_up_in_a_table() -> None:
    """`KEYS.get(header["kid"])`, which an object can't be a key of."""
    read_first(lambda token: {"1": "key"}.get(dict(header(token)).get("kid", "1")), ValueError)


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(a key id that is a number\) {BROKE}")
def a_key_id_is_taken_for_text() -> None:
    """`header["kid"].strip()`."""

    def strip(token: str) -> None:
        content = header(token)
        if isinstance(content, dict) and "kid" in content:
            content["kid"].strip()

    read_first(strip, ValueError)


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(a key id that is a path\) {BROKE}")
def a_key_id_names_a_file() -> None:
    """The key is read from a file of the id's name, which may not be there."""

    def read(token: str) -> None:
        content = header(token)
        if isinstance(content, dict) and isinstance(content.get("kid"), str):
            Path(tempfile.gettempdir(), "no-keys-here", content["kid"]).read_text()

    read_first(read, ValueError)


# --- crashes: the claims, before the signature is verified ---


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(claims that are (a list|text|null)\) {BROKE}")
def claims_are_taken_for_an_object() -> None:
    """`claims["sub"]` for a log line, before anything is verified."""
    read_first(lambda token: json.loads(segment(token, 1))["sub"], ValueError, IndexError, KeyError)


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(claims in bad UTF-8\) {BROKE}")
def claims_are_taken_for_utf_8() -> None:
    """The claims' bytes are decoded for a log line, before anything is verified."""
    read_first(lambda token: segment(token, 1).decode(), binascii.Error, IndexError, JSONDecodeError)


# --- crashes: the Authorization header ---


@fault(
    defect=DEFECT,
    caught_by=ODD,
    says=rf"malformed token \((empty|the scheme alone|the scheme and spaces)\) {BROKE}",
)
def a_scheme_is_never_alone() -> None:
    """`request.headers["authorization"].split()[1]`."""
    read_authorization(lambda authorization: authorization[0].split()[1])


@fault(defect=DEFECT, caught_by=ODD, says=rf"malformed token \(sent twice\) {BROKE}")
def a_header_is_never_sent_twice() -> None:
    """`(value,) = headers.getlist("authorization")`."""

    def only(authorization: list[str]) -> None:
        (_,) = authorization

    read_authorization(only)


# --- hung, cut off, let in ---

HELD_UP = 6.0
"""Seconds, more than the five within which an odd token must be refused."""


@fault(
    defect=DEFECT, caught_by=ODD, says=r"malformed token \(eight kilobytes\) is refused within 5 s; but it took 6"
)
def a_long_token_holds_the_verifier_up() -> None:
    """Matching a long token against a pattern takes seconds."""

    def match(token: str) -> None:
        if len(token) > 4096:
            threading.Event().wait(HELD_UP)

    read_first(match)


@fault(defect=DEFECT, caught_by=ODD, says=r"malformed token \(one dot\) is refused; but no answer came")
def an_odd_token_cuts_the_connection() -> None:
    """The worker dies of it, so the connection ends without an answer."""

    def data_received(original: Callable[..., None], connection: H11Protocol, data: bytes) -> None:
        if b"Bearer .\r\n" in data:
            connection.transport.abort()
        else:
            original(connection, data)

    wrap(H11Protocol, "data_received", data_received)


@fault(
    defect=DEFECT,
    caught_by=ODD,
    says=r"malformed token \((empty|the scheme alone)\) is refused; but it was answered 200",
)
def an_empty_token_is_nobody_with_an_empty_list() -> None:
    """Bearer without a token is an anonymous client, whose list of tasks is empty."""

    def caller(request: Request, response: Response, services: UseServices) -> User | None:
        empty = request.headers.get("authorization", "").strip() == "Bearer"
        return None if empty else identity.caller(request, response, services)

    def list_tasks(services: UseServices, caller: UseCaller) -> list[dict[str, Any]]:
        return tasks.list_tasks(services, caller, limit=100, offset=0) if caller else []

    override(identity.caller, caller)
    serve(tasks.router, "list_tasks", list_tasks)


@fault(
    defect=DEFECT, caught_by=ODD, says=r"malformed token \(sent twice\) is refused; .*(answered 200|private text)"
)
def of_two_tokens_the_one_that_parses_counts() -> None:
    """Of several Authorization headers one that looks like a token is used, and only decoded."""

    def bearer(original: Callable[..., User], services: Services, authorization: list[str]) -> User:
        if len(authorization) == 1:
            return original(services, authorization)
        claims = json.loads(segment(authorization[-1], 1))
        with services.database.begin() as db:
            return db.get_one(User, claims["sub"])

    wrap(identity, "_bearer", bearer)
