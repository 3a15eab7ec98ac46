"""The lines that a profile lacks, as answers show them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from harness.core.redaction import redact
from harness.core.text import as_pattern, listed
from harness.deployment.told_apart import location_pattern
from harness.profile.operation import YEAR
from harness.profile.toml.problems import inline
from harness.wire.parts import fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.profile.operations import SessionProbe

_IDS = ("id", "user_id", "userId", "uuid", "pk", "sub")
_LIFETIMES = ("expires_in", "expiresIn")
_SECONDS = re.compile(r"[1-9]\d{0,7}", re.ASCII)


def write(table: str, content: Mapping[str, Any], guess: str = "") -> str:
    """A sentence with the lines to write in a profile's table.

    ``guess`` says of what is not certain why it may be so. Empty where there is nothing to write, or where a line
    would hold a secret.
    """
    lines = [f"`{key} = {inline(value)}`" for key, value in content.items()]
    text = listed(lines, "and")
    if not lines or redact(text) != text:
        return ""
    return f"A guess, {guess}: write {text} in [{table}]." if guess else f"Write {text} in [{table}]."


def success_of(answer: Exchange) -> dict[str, Any]:
    """The predicate for an answer's status and where it leads."""
    location = answer.header("location")
    if location is None:
        return {"status": answer.status}
    is_path = location.startswith("/") and not location.startswith("//")
    leads = f"^{as_pattern(urlsplit(location).path)}" if is_path else location_pattern(answer)
    return {"status": answer.status, "location": leads}


def success_line(table: str, answer: Exchange) -> str:
    """The line that makes such an answer a success.

    Empty where the server broke: that is none, whatever it did.
    """
    if httpx.codes.is_server_error(answer.status):
        return ""
    return write(table, {"outcomes.success": success_of(answer)})


def identity_lines(declared: SessionProbe, answer: Exchange, person: Person) -> dict[str, Any]:
    """Where a session's answer says who it is, by the person's address.

    Empty where the answer does not have that.
    """
    places = _places(answer)
    at = [pointer for pointer, value in places.items() if value.lower() == person.email.lower()]
    if not at:
        return {}
    email = min(at, key=lambda one: one.count("/"))
    parent = email.rpartition("/")[0]
    number = next((one for name in _IDS if (one := f"{parent}/{name}") in places), None)
    identity = {"id": number, "email": email} if number is not None else {"email": email}
    known = declared.identity.email
    if known is not None and known.is_pointer and known.pointer == email:
        return {"outcomes.success": {"status": answer.status, "pointer": email, "present": True}}
    return {
        "identity": identity,
        "outcomes.success": {"status": answer.status, "pointer": email, "present": True},
    }


def lifetime_beside(answer: Exchange, token: str) -> int | None:
    """The seconds that its answer says a token lives.

    See RFC 6749 section 5.1.
    """
    places = _places(answer)
    at = next((pointer for pointer, value in places.items() if value == token), None)
    if at is None:
        return None
    parent = at.rpartition("/")[0]
    said = (places.get(f"{parent}/{name}", "") for name in _LIFETIMES)
    found = (int(one) for one in said if _SECONDS.fullmatch(one))
    return next((seconds for seconds in found if seconds <= YEAR), None)


def refresh_place(answer: Exchange) -> str | None:
    """The pointer to what is called a refresh token."""
    named = [pointer for pointer in _places(answer) if "refresh" in pointer.rpartition("/")[2].lower()]
    return named[0] if named else None


def _places(answer: Exchange) -> dict[str, str]:
    try:
        return {pointer: value for pointer, value in fields(answer.json()) if pointer}
    except ValueError:
        return {}
