"""Which operation says who is signed in, found by whom it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from harness.deployment.quotation import is_html
from harness.deployment.told_apart import location_pattern
from harness.discovery.schemas import find
from harness.discovery.shapes import conventions
from harness.discovery.trial.attempts import destination
from harness.discovery.trial.json_places import beside, content_of, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.discovery.trial.account import SignedIn
    from harness.discovery.trial.clues import Clues
    from harness.discovery.trial.visitor import Table, Visitor

_MOST_DOCUMENTED = 12
_USUAL = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)


@dataclass(frozen=True)
class Probe:
    """An operation that says who is signed in."""

    operation: Table

    def shows(self, visitor: Visitor) -> bool:
        """Whether it shows that the visitor's owner is signed in."""
        return _identity(visitor.send(self.operation), visitor.person) is not None


def find_probe(visitor: Visitor, clues: Clues, account: SignedIn) -> Probe | None:
    """The first candidate that names the person, and not to a stranger."""
    pages = []
    for operation in candidates(clues, account):
        answer = visitor.send(operation)
        identity = _identity(answer, visitor.person)
        if answer is None or identity is None:
            continue
        anonymous = visitor.stranger().send(operation)
        if anonymous is None or _identity(anonymous, visitor.person) is not None:
            continue
        given: Table = {key: operation[key] for key in ("method", "path", "base", "headers") if key in operation}
        outcomes = _outcomes(operation, answer, anonymous, identity)
        probe = Probe({**given, "identity": identity, **({"outcomes": outcomes} if outcomes else {})})
        if not is_html(answer):
            return probe
        pages.append(probe)
    return pages[0] if pages else None


def candidates(clues: Clues, account: SignedIn) -> Iterator[Table]:
    """What may say who is signed in, the likeliest first."""
    known: set[tuple[str, str]] = set()
    for one in _candidates(clues, account):
        way = (one.get("base", "web"), one["path"])
        if way not in known and "{" not in one["path"]:
            known.add(way)
            yield one


def _candidates(clues: Clues, account: SignedIn) -> Iterator[Table]:
    drafted = clues.draft.get("operations", {}).get("session")
    if drafted is not None and drafted["method"] == "GET":
        yield drafted
    yield from _documented(clues)
    yield from clues.operations("session")
    landing = destination(account.answer)
    pages = [*([landing] if landing is not None else []), *clues.pages.gates]
    yield from ({"method": "GET", "path": path} for path in pages)


def _documented(clues: Clues) -> list[Table]:
    """Documented reads without a parameter; those with an address go first."""
    reads = [one for one in clues.described if one.method == "GET" and "{" not in one.path]
    words = conventions().answers["email"]
    ranked = sorted(reads, key=lambda one: (find(one.root, one.answer, words) is None, len(one.path)))
    two_hosts = len(clues.addresses.bases) > 1
    return [
        {"method": "GET", "path": one.path} | ({"base": "api"} if one.base == "api" and two_hosts else {})
        for one in ranked[:_MOST_DOCUMENTED]
    ]


def _identity(answer: Exchange | None, person: Person) -> Table | None:
    """Where an answer says that it is the person.

    None where it does not.
    """
    if answer is None or not httpx.codes.is_success(answer.status):
        return None
    if is_html(answer):
        return _on_page(answer, person)
    content = content_of(answer)
    names = {"email": person.email.lower(), "username": person.values["username"].lower()}
    for key, value in names.items():
        place = place_of(content, lambda text, value=value: text.lower() == value)  # type: ignore[misc]
        if place is not None:
            return _further(content, place, key, person)
    return None


def _further(content: Any, place: str, key: str, person: Person) -> Table:  # noqa: ANN401 - JSON is any
    """The identity with what stands beside its mark."""
    found: Table = {key: place}
    if (number := beside(content, place, "id")) is not None:
        found["id"] = number
    if (name := place_of(content, lambda text: text == person.name)) is not None:
        found["name"] = name
    return found


def _on_page(answer: Exchange, person: Person) -> Table | None:
    domain = re.escape(person.email.partition("@")[2])
    found = re.findall(rf"[\w.+-]+@{domain}", answer.text)
    # One address alone, or it is not known whose page it is.
    if {one.lower() for one in found} != {person.email.lower()}:
        return None
    return {"email": {"pattern": rf"([A-Za-z0-9_.+-]+@{domain})"}}


def _outcomes(operation: Table, answer: Exchange, anonymous: Exchange, identity: Table) -> Table:
    """What distinguishes the two answers, where they are unusual."""
    drafted = operation.get("outcomes", {})
    given: Table = {}
    if isinstance(drafted.get("success"), dict) and drafted["success"].get("status") == answer.status:
        # A known shape's own words; it has others for a session that was ended.
        given = dict(drafted)
    if anonymous.status in _USUAL or "unauthenticated" in given:
        return given
    said: Table = {"status": anonymous.status}
    if httpx.codes.is_redirect(anonymous.status):
        said["location"] = location_pattern(anonymous)
    elif httpx.codes.is_success(anonymous.status):
        place = next((one for one in identity.values() if isinstance(one, str)), None)
        if anonymous.body.strip() in (b"", b"null"):
            said["null_body"] = True
        elif place is not None:
            given["success"] = {"status": answer.status, "pointer": place, "present": True}
            said |= {"pointer": place, "present": False}
    return {**given, "unauthenticated": said}
