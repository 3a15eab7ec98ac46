"""Checks of the task API: what works for the owner alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from harness.core.findings import HarnessError
from harness.core.text import counted
from harness.deployment.answer import refuses
from harness.deployment.quotation import excerpt
from harness.deployment.refusal import Attempt
from harness.deployment.tasks.client import Listing, OwnCall, TaskClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.deployment.credential import Credential
    from harness.deployment.people import Person, Task
    from harness.deployment.tasks.client import Call, Verb


class TaskApi(TaskClient):
    """The calls of the task API, with what each has to do."""

    # --- controls: the owner does it, and it works ---

    def control(self, verb: Verb, owner: Person, task: Task | None) -> Callable[[], Exchange]:
        """A check that the owner's call works; see `Judge.control`.

        Creating and deleting need no task.
        """
        self.operation(verb)
        if task is None and verb not in ("create", "delete"):
            raise HarnessError(f"a control of {verb} needs a task, and none was given")
        return lambda: self.took_effect(self.call_own(verb, owner, task))

    def call_own(self, verb: Verb, owner: Person, task: Task | None) -> OwnCall:
        """Call a verb on the owner's task as the owner does.

        What is deleted is a spare task.
        """
        if verb == "list":
            return OwnCall(verb, owner, task, self.listed(owner).pages, "")
        if verb == "delete":
            task = self._spare(owner)
        task_id = "" if verb == "create" or task is None else task.id
        call = self.call(verb, owner.alias, self.credential(owner), owner, task_id)
        return OwnCall(verb, owner, task, [call.exchange], call.written)

    def took_effect(self, made: OwnCall) -> Exchange:
        """The exchange that shows a call's effect to the owner.

        Raises Unmet when there is none.
        """
        owner, task, exchange = made.owner, made.task, made.exchanges[0]
        if made.verb == "create" or task is None:
            return self._lists(self.listed(owner), owner, self._made(owner, exchange, made.written))
        match made.verb:
            case "list":
                return self._lists(Listing(made.exchanges), owner, task)
            case "read":
                lacks = f"without the task's title: {excerpt(exchange)}"
                return self._shows("read", exchange, owner, task, lacks)
            case "replace" | "update":
                return self._written(made.verb, exchange, owner, task, made.written)
            case "delete":
                return self._deleted(exchange, owner, task)
            case _:
                assert_never(made.verb)

    def opens(self, credential: Credential, who: str, owner: Person, task: Task) -> Exchange:
        """List with a credential and insist on seeing the owner's task."""
        return self._lists(self._listing(credential, who, owner), owner, task)

    def _lists(self, listing: Listing, owner: Person, task: Task) -> Exchange:
        page = next((page for page in listing.pages if task.canary in page.text), listing.pages[-1])
        number = sum(len(self.items(page) or []) for page in listing.pages)
        return self._shows("list", page, owner, task, f"with {counted(number, 'item')}, and without the task")

    def _shows(self, verb: Verb, exchange: Exchange, owner: Person, task: Task, lacks: str) -> Exchange:
        if not self._succeeded(verb, exchange) or task.canary not in exchange.text:
            raise self._broken(verb, "sees the task", owner, exchange, lacks)
        return exchange

    def _written(self, verb: Verb, exchange: Exchange, owner: Person, task: Task, written: str) -> Exchange:
        if written not in (self.title_of(owner, task, is_kept=True) or ""):
            lacks = "and the task, read again, is as before"
            raise self._broken(verb, f"can {verb} the task", owner, exchange, lacks)
        task.canary = written
        return exchange

    def _spare(self, owner: Person) -> Task:
        spare = self.make(owner)
        if spare.canary not in (self.title_of(owner, spare, is_kept=True) or ""):
            # What can't be read can't be seen to be gone either.
            lacks = "without the new task's title"
            page = self.listed(owner).pages[-1]
            raise self._broken("list", "reads a task before deleting it", owner, page, lacks)
        return spare

    def _deleted(self, exchange: Exchange, owner: Person, task: Task) -> Exchange:
        if self.title_of(owner, task) is not None:
            raise self._broken("delete", "deletes a task", owner, exchange, "and the task is still there")
        owner.tasks.remove(task)
        return exchange

    # --- attempts: somebody who must not ---

    def attempt(
        self,
        verb: Verb,
        who: str,
        credential: Credential,
        victim: Person,
        task: Task,
        *,
        what: str,
        harmless_success: bool = False,
        under: Person | None = None,
    ) -> Attempt:
        """Call a verb on the victim's task with another's credential.

        ``under`` is whose tasks the path speaks of, where it names a person: the victim's if left out.
        """
        call = self.call(verb, who, credential, under or victim, task.id)
        operation = self.operation(verb)
        return Attempt(
            key=self.key(verb, victim.alias),
            what=what,
            exchange=call.exchange,
            hidden=tuple(victim.canaries),
            effect=lambda: self._effect(verb, victim, task, call),
            harmless_success=harmless_success,
            also_refusal=lambda answer: refuses(operation, answer) or self.deployment.to_sign_in(answer),
        )

    def _effect(self, verb: Verb, victim: Person, task: Task, call: Call) -> str | None:
        match verb:
            case "list" | "read":
                return None
            case "create":
                appeared = call.written in self.listed(victim).text
                return f"a new task stands in {victim.alias}'s list" if appeared else None
            case "replace" | "update" | "delete":
                title = self.title_of(victim, task)
                if title is None:
                    return f"{victim.alias}'s task is gone"
                return f"{victim.alias}'s task was changed" if task.canary not in title else None
            case _:
                assert_never(verb)
