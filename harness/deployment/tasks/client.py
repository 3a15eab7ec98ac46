"""Calls of the task API, and what its answers hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

import httpx

from harness.core.errors import Absent
from harness.core.exchange import is_safe
from harness.core.findings import Unmet
from harness.deployment import csrf
from harness.deployment.answer import how_answered, matches
from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.extraction import first, items, value_at, whole
from harness.deployment.people import Person, Task, new_canary
from harness.deployment.presence import must_be_there
from harness.deployment.quotation import json_of
from harness.deployment.request import perform
from harness.deployment.tampered import UNTAMPERED, Tampering
from harness.deployment.tasks.front_end import why_refused
from harness.deployment.tasks.shortfall import without_id, without_list, without_title
from harness.deployment.template import render
from harness.wire.addresses import resolved
from harness.wire.request import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.core.exchange import Exchange
    from harness.deployment.deployment import Deployment
    from harness.deployment.extraction import Part
    from harness.profile.extraction import Extraction
    from harness.profile.operation import Operation
    from harness.profile.tasks import Tasks

Verb = Literal["list", "create", "read", "replace", "update", "delete"]
Route = Literal["tasks", "proxy"]


MOST_PAGES = 50
"""Pages of a list that are read at most."""

CANARY_HERE = "{canary}"
"""Where the canary stands in a text that is to hold one."""

PLAIN_TITLE = f"water the plants {CANARY_HERE}"


@dataclass(frozen=True)
class Listing:
    """A list as it was read, page after page."""

    pages: list[Exchange]

    @property
    def text(self) -> str:
        """All pages' bodies."""
        return "\n".join(page.text for page in self.pages)


@dataclass(frozen=True)
class Call:
    """A call of the task API, and the canary that it wrote."""

    exchange: Exchange
    written: str


@dataclass(frozen=True)
class OwnCall:
    """An owner's call of a verb, before its effect was looked at."""

    verb: Verb
    owner: Person
    task: Task | None
    """The task that it is about; None when it creates one."""
    exchanges: list[Exchange]
    """One, or a list's pages."""
    written: str
    """The canary that a write carried."""


class TaskClient:
    """Calls the task API.

    ``route`` is ``tasks`` (the API itself) or ``proxy`` (the front end's way to it).
    """

    def __init__(self, deployment: Deployment, route: Route) -> None:
        self.deployment = deployment
        self.route = route

    @property
    def declared(self) -> Tasks:
        """The profile's section. Raises Absent when the deployment has none."""
        found: Tasks | None = getattr(self.deployment.target.profile, self.route)
        if found is None:
            raise Absent(f'The profile declares no section "{self.route}".')
        return found

    def operation(self, verb: Verb) -> Operation:
        """The operation behind a verb. Raises Absent when the API lacks it."""
        found: Operation | None = getattr(self.declared, verb)
        if found is None:
            raise Absent(f'The profile declares no way to {verb} in "{self.route}".')
        return found.model_copy(update={"base": self.declared.base})

    def key(self, verb: Verb, owner: str) -> str:
        """The name of the control that a refusal of this needs."""
        return f"{verb} {owner}'s by {self.route}"

    def credential(self, person: Person, device: str = "first device") -> Credential:
        """What opens the API for that person."""
        return self.deployment.access.resource_credential(person.device(device), self.declared)

    def url(self, verb: Verb, under: Person) -> str:
        """The address of a verb that needs no task.

        ``under`` is whose tasks the path speaks of.
        """
        operation = self.operation(verb)
        path = render(operation.path, {name: quote(value, safe="") for name, value in under.values.items()})
        return self.deployment.target.url(operation.base, path)

    # --- plain calls ---

    def call(
        self,
        verb: Verb,
        who: str,
        credential: Credential,
        under: Person,
        task_id: str = "",
        tampering: Tampering = UNTAMPERED,
        title: str = PLAIN_TITLE,
    ) -> Call:
        """Call ``verb``; a write carries a new canary in the title.

        ``under`` is whose tasks the path speaks of, where the profile's paths name a person.
        """
        canary = new_canary()
        values = {**under.values, "task_id": task_id, "title": title.replace(CANARY_HERE, canary)}
        target, client = self.deployment.target, self.deployment.client
        operation = self.operation(verb)
        if not is_safe(operation.method) and not credential.has_csrf_token:
            credential = csrf.for_anonymous(self.deployment, under, credential, operation.base, operation.path)
        return Call(perform(target, client, who, operation, values, credential, tampering), canary)

    def make(self, owner: Person, title: str = PLAIN_TITLE) -> Task:
        """Make a task of the owner's.

        ``title`` has `CANARY_HERE` where its canary is to stand. Raises Unmet when that does not work.
        """
        call = self.call("create", owner.alias, self.credential(owner), owner, title=title)
        return self._made(owner, call.exchange, call.written, title)

    def _made(self, owner: Person, exchange: Exchange, written: str, title: str = PLAIN_TITLE) -> Task:
        if not self._succeeded("create", exchange):
            raise self._broken("create", "creates a task", owner, exchange)
        task_id = self._of_item(exchange, self.declared.id) or self._id_in_list(owner, exchange, written)
        if task_id is None:
            lacks = without_id(self.route, self.declared, exchange, written)
            raise self._broken("create", "creates a task", owner, exchange, lacks)
        task = Task(task_id, title.replace(CANARY_HERE, written), written)
        owner.tasks.append(task)
        return task

    def _of_item(self, exchange: Exchange, place: Extraction) -> str | None:
        """What an answer with one item has at a place of it."""
        item = first(whole(exchange), self.declared.item)
        return value_at(item, place) if item is not None else None

    def _id_in_list(self, owner: Person, exchange: Exchange, written: str) -> str | None:
        """The id of a new task as the list has it.

        None where the answer to its creation is JSON, which has the id itself.
        """
        if json_of(exchange) is not None:
            return None
        title, listed = self.declared.title, self._all_listed(owner)
        new = next((item for item in listed if written in (value_at(item, title) or "")), None)
        return value_at(new, self.declared.id) if new is not None else None

    def listed(self, owner: Person) -> Listing:
        """The owner's whole list, page after page.

        Raises Unmet when it can't be had.
        """
        return self._listing(self.credential(owner), owner.alias, owner)

    def _listing(self, credential: Credential, who: str, owner: Person) -> Listing:
        pages = self.pages_from(self.call("list", who, credential, owner).exchange, who, credential)
        for page in pages:
            if self.items(page) is None:
                lacks = without_list(self.route, self.declared, page, owner.canaries)
                raise self._broken("list", "sees the tasks", owner, page, lacks)
        return Listing(pages)

    def pages_from(self, first: Exchange, who: str, credential: Credential) -> list[Exchange]:
        """A list's first page and those that it leads to."""
        pages, following = [first], self.declared.next
        while following is not None and len(pages) < MOST_PAGES:
            address = value_at(whole(pages[-1]), following)
            there = resolved(address, pages[-1].url) if address is not None else None
            if there is None:
                break
            page = credential.onto(Request("GET", there))
            pages.append(self.deployment.client.send(who, *page.encoded()))
        return pages

    def items(self, exchange: Exchange) -> list[Part] | None:
        """The items of a list answer; None when it isn't one."""
        success = matches(self.operation("list").outcomes.success, exchange)
        return items(whole(exchange), self.declared.items) if success else None

    def _read(self, owner: Person, task: Task) -> Exchange:
        return self.call("read", owner.alias, self.credential(owner), owner, task.id).exchange

    def title_of(self, owner: Person, task: Task, *, is_kept: bool = False) -> str | None:
        """The task's title as its owner reads it, or None.

        None when the task is gone. Raises NotThere where there is no such operation, if that is no wonder: a task
        that ``is_kept`` is nowhere else to be found.
        """
        if self.declared.read is None:
            return self._title_in_list(owner, task)
        exchange = self._read(owner, task)
        if matches(self.operation("read").outcomes.missing, exchange):
            if is_kept:
                self._must_be_there("read", exchange)
            return None
        title = self._of_item(exchange, self.declared.title)
        if title is None:
            lacks = without_title(self.route, self.declared, exchange, task.canary)
            raise self._broken("read", "reads the task again", owner, exchange, lacks)
        return title

    def _title_in_list(self, owner: Person, task: Task) -> str | None:
        found = [item for item in self._all_listed(owner) if value_at(item, self.declared.id) == task.id]
        return value_at(found[0], self.declared.title) or "" if found else None

    def _all_listed(self, owner: Person) -> list[Part]:
        return [item for page in self.listed(owner).pages for item in self.items(page) or []]

    def discard(self, owner: Person) -> None:
        """Take away the tasks that a scenario made.

        What the API can't delete stays, and is counted.
        """
        for task in owner.tasks:
            if self.declared.delete is None or not self._succeeded("delete", self._taken_away(owner, task)):
                owner.tasks_left += 1
        owner.tasks.clear()

    def adopt(self, owner: Person, written: Sequence[str]) -> None:
        """Have the owner's tasks with such text taken away with the rest.

        Raises Unmet when the list can't be had.
        """
        for item in self._all_listed(owner):
            title, task_id = value_at(item, self.declared.title) or "", value_at(item, self.declared.id)
            if task_id is not None and any(text in title for text in written):
                owner.tasks.insert(0, Task(task_id, title, next(text for text in written if text in title)))

    def clear(self, owner: Person) -> None:
        """Take away every task that is in the owner's list.

        Raises Unmet when the list can't be had.
        """
        known = {task.id for task in owner.tasks}
        ids = [value_at(item, self.declared.id) for item in self._all_listed(owner)]
        owner.tasks += [Task(one, "", "") for one in ids if one is not None and one not in known]
        self.discard(owner)

    def _taken_away(self, owner: Person, task: Task) -> Exchange:
        return self.call("delete", owner.alias, self.credential(owner), owner, task.id).exchange

    def _must_be_there(self, verb: Verb, exchange: Exchange) -> None:
        target, client = self.deployment.target, self.deployment.client
        must_be_there(target, client, f"{self.route}.{verb}", self.operation(verb), exchange)

    def _succeeded(self, verb: Verb, exchange: Exchange) -> bool:
        return matches(self.operation(verb).outcomes.success, exchange)

    def _broken(self, verb: Verb, does: str, owner: Person, exchange: Exchange, lacks: str = "") -> Unmet:
        """What an owner misses.

        ``lacks`` is what a success does not have or do. Raises NotThere where there is no such operation.
        """
        self._must_be_there(verb, exchange)
        operation = self.operation(verb)
        came = how_answered(operation, exchange)
        if self._succeeded(verb, exchange):
            came = f"it was answered {exchange.status} {lacks}"
        elif why := self._why_refused(owner, exchange):
            came = f"{came}; {why}"
        where = f"{operation.method} {operation.path}, {self.route}.{verb}"
        return Unmet(f"that {owner.alias} {does} ({where})", came, [exchange])

    def _why_refused(self, owner: Person, exchange: Exchange) -> str:
        if self.declared.credential == "token":
            return self.deployment.token_refusals.why(exchange, self.url("list", owner))
        if self.route != "proxy" or exchange.status != httpx.codes.UNAUTHORIZED:
            return ""
        with self.deployment.client.transcript.aside("why it was refused"):
            bare = self.call("list", "an anonymous client", ANONYMOUS, owner).exchange
            return why_refused(self.deployment, owner.alias, self.credential(owner), exchange, bare)
