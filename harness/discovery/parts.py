"""The parts that a shape's template puts together to a profile."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from harness.core.exchange import origin_of
from harness.discovery.documented import operation_table
from harness.discovery.pages import Pages, csrf_table, form_operation, pages_table
from harness.discovery.recognition import Recognition, other_loopback
from harness.discovery.resource import Resource, find_resource, guessed_table
from harness.discovery.schemas import find
from harness.discovery.shapes import conventions
from harness.discovery.toml_text import Toml, block, comment, commented_out
from harness.profile.draft import FILL_IN
from harness.profile.loader import chain_of

if TYPE_CHECKING:
    from harness.discovery.asker import Asker
    from harness.discovery.openapi import Described, Scheme

_CRUD = ("list", "create", "read", "replace", "update", "delete")
_GUARDED = (401, 403)
_UNSEEN = ("sign_out_button", "bad_credentials")
"""What of the pages a stranger does not see."""
_GUESSED_TASKS = (
    "operations, bodies and the list's place in its answer (items, next) are guesses; remove what is not so."
)
_NO_TASKS = f"""\
# {FILL_IN}: nothing that a person keeps behind sign-in was found. Without it every scenario about a protected
#   API is not applicable. It is written like this:
# [tasks]
# credential = "%s"
# list = {{ method = "GET", path = "/api/tasks" }}
# create = {{ method = "POST", path = "/api/tasks", json = {{ title = "{{title}}" }} }}
# read = {{ method = "GET", path = "/api/tasks/{{task_id}}" }}
"""


class Parts:
    """What was found, as parts of a profile."""

    def __init__(
        self, asker: Asker, recognition: Recognition, described: Sequence[Described], pages: Pages
    ) -> None:
        self.asker = asker
        self.addresses = asker.addresses
        self._two_hosts = len(self.addresses.bases) > 1
        self._recognition = recognition
        self._pages = pages
        self._inherited = _inherited(recognition.shape.extends)
        self._resource: Resource | None = find_resource(described, two_hosts=self._two_hosts)

    @property
    def missing(self) -> list[str]:
        """Tables of the profile above that the deployment does not have."""
        return ["pages"] if "pages" in self._inherited and self._pages.sign_in is None else []

    def context(self) -> dict[str, Any]:
        """All that templates may ask for; what is callable writes whole tables."""
        origin = origin_of(self.addresses.web)
        on_api = self._recognition.base == "api"
        return {
            "origin": origin,
            "other_loopback": other_loopback(origin),
            "base": self._recognition.base,
            "place": Toml('\nbase = "api"' if on_api else ""),
            "two_hosts": self._two_hosts,
            "holds": self._recognition.holds,
            "noted": self._recognition.noted,
            "found": self._recognition.found,
            "cookies": list(self.asker.cookies),
            "csrf_cookie": self._cookie(conventions().words.csrf_cookie),
            "session_cookie": self._cookie(conventions().words.session_cookie),
            "csrf_header": conventions().csrf_header,
            "operation": self.operation,
            "form_operation": self.form_operation,
            "csrf": self.csrf,
            "pointer": self.pointer,
            "identity": self.identity,
            "secured": self.secured,
            "tasks": self.tasks,
            "pages": self.pages,
        }

    def _cookie(self, word: str) -> str | None:
        return next((one for one in self.asker.cookies if re.search(word, one, re.IGNORECASE)), None)

    # --- operations ---

    def operation(self, name: str, **more: Any) -> Toml:  # noqa: ANN401 - JSON is any
        """The table of an operation that documents describe, with further keys."""
        described = self._recognition.found[name].described
        table, guesses = operation_table(name, described, two_hosts=self._two_hosts)
        notes = [f"{described.method} {described.path}, see {described.document}"]
        notes += [f"{FILL_IN}: guessed {one}." for one in guesses]
        if name == "sign_in" and self._has_user_names():
            notes.append("By the user name that sign-up gives, for it has one beside the address.")
            for body in ("json", "form"):
                table |= {body: _by_user_name(table[body])} if body in table else {}
        return block(f"operations.{name}", table | more, notes)

    def _has_user_names(self) -> bool:
        """Whether sign-in takes a user name instead of the address."""
        found = self._recognition.found
        names = {one: [field.name for field in found[one].described.fields] for one in found}
        asks = {
            one: {conventions().placeholder(one, field, beside_email=True) for field in names[one]}
            for one in names
        }
        return {"{email}", "{username}"} <= asks.get("sign_up", set()) and "{email}" not in asks.get(
            "sign_in", set()
        )

    def form_operation(self, name: str, **more: Any) -> Toml | None:  # noqa: ANN401 - JSON is any
        """The table of the operation that a page's form sends.

        None where it has no such form.
        """
        shown = self._pages.sign_up if name == "sign_up" else self._pages.sign_in
        table = form_operation(name, shown, self.addresses) if shown is not None else None
        if shown is None or table is None:
            return None
        return block(f"operations.{name}", table | more, [f"The form on {shown.path} sends this."])

    def csrf(self) -> Toml | None:
        """``[csrf]`` where a form carries a value against forged requests."""
        shown = self._pages.sign_in
        table = csrf_table(shown) if shown is not None else None
        if table is None:
            return None
        return block("csrf", table, [f"The form on {table['fetch']} carries it in a hidden field."])

    def pointer(self, name: str, word: str) -> str | None:
        """The pointer to a token, an id, ... in a documented answer.

        None if it isn't described.
        """
        if name not in self._recognition.found:
            return None
        described = self._recognition.found[name].described
        return find(described.root, described.answer, conventions().answers[word])

    def identity(self) -> dict[str, str]:
        """Where the answer that says who is signed in has what.

        What isn't described is where it often is.
        """
        described = {name: self.pointer("session", name) for name in ("id", "email", "name")}
        return {"id": "/id", "email": "/email"} | {name: at for name, at in described.items() if at is not None}

    def secured(self, name: str) -> Sequence[Scheme]:
        """How a documented operation is secured."""
        found = self._recognition.found.get(name)
        return found.described.schemes if found is not None else ()

    # --- the protected resource ---

    def tasks(self, credential: str = "token") -> Toml:
        """``[tasks]``, as far as it isn't inherited.

        ``credential`` is for where no document says it.
        """
        if self._resource is None:
            return self._undocumented_tasks(credential)
        table = self._unlike_inherited({"credential": credential} | self._resource.table)
        note = f"The tasks, or what a person keeps there, are in {self._resource.document}"
        if not table:
            return comment(f"{note} where the profile above says.")
        notes = [f"{note}."]
        if "credential" in table and "credential" not in self._resource.table:
            notes.append(f"A guess: that the {credential} opens them (credential), for it is not documented.")
        if not self._resource.well_named:
            notes.append(f"{FILL_IN}: a guess, by their shape only. Put the right collection here.")
        return block("tasks", table, notes)

    def _unlike_inherited(self, table: Mapping[str, Any]) -> dict[str, Any]:
        inherited = self._inherited.get("tasks")
        if inherited is None:
            return dict(table)
        base = (
            {"base": table.get("base", "api")} if inherited.get("base", "api") != table.get("base", "api") else {}
        )
        gone = {name: False for name in _CRUD if name in inherited and name not in table}
        new = {name: value for name, value in table.items() if not _does(inherited.get(name), value)}
        return base | new | gone

    def _undocumented_tasks(self, credential: str) -> Toml:
        if "tasks" in self._inherited:
            return self._inherited_tasks(self._inherited["tasks"]["list"]["path"])
        found = self._guarded_path()
        if found is None:
            return Toml(_NO_TASKS % credential)
        path, answer = found
        return block("tasks", guessed_table(path, credential), [answer, f"{FILL_IN}: {_GUESSED_TASKS}"])

    def _inherited_tasks(self, path: str) -> Toml:
        if not self._two_hosts:
            where = "An API with an address of its own is looked at with --api-url."
            return comment(
                f"No document describes the tasks; they are taken to be as in the profile above. {where}"
            )
        answer = self.asker.ask("api", "GET", path, (("Accept", "application/json"),))
        if answer is not None and answer.status in _GUARDED:
            return comment(f"GET {answer.url} answered {answer.status}: the tasks are as in the profile above.")
        came = f"answered {answer.status}" if answer is not None else "was not answered"
        return comment(
            f"{FILL_IN}: GET {self.addresses.api}{path} {came} and no document describes another place; "
            "write where the tasks are in [tasks]."
        )

    def _guarded_path(self) -> tuple[str, str] | None:
        """A usual path of tasks that refuses an anonymous client, and why."""
        for path in conventions().resource.paths:
            asked = path.replace("{user_id}", "1")
            answer = self.asker.ask(self.addresses.bases[-1], "GET", asked, (("Accept", "application/json"),))
            if answer is not None and answer.status in _GUARDED:
                return path, f"GET {answer.url} answered {answer.status}."
        return None

    # --- the pages ---

    def pages(self) -> Toml:
        """``[pages]``, as far as it isn't inherited."""
        signed_in = self._pages.sign_in
        if signed_in is None:
            return comment("No page to sign in on was found, so there is nothing for a browser to do.")
        table, guesses = pages_table(self._pages, signed_in)
        inherited = self._inherited.get("pages", {})
        kept = _UNSEEN if inherited else ()
        new = {name: one for name, one in table.items() if name not in kept and inherited.get(name) != one}
        gates = "".join(f"; {path} leads strangers to {target}" for path, target in self._pages.gates.items())
        notes = [f"The page {signed_in.path}{gates}.", *(f"{FILL_IN}: {one}." for one in guesses)]
        if self._pages.gates and "after_sign_in" in new:
            notes.append(f"A guess: that sign-in leads to {new['after_sign_in']} (after_sign_in).")
        if not inherited:
            notes.append(f"{FILL_IN}: {', '.join(_UNSEEN)} are guesses, for a stranger does not see them.")
        if not new:
            return comment(*notes, "All of it is as the profile above says.")
        if not self._pages.gates and not inherited:
            # What a browser does with a page that isn't there would be held against the deployment.
            return Toml(comment(*notes) + commented_out(block("pages", new)))
        return block("pages", new, notes)


def _inherited(name: str | None) -> Mapping[str, Any]:
    if name is None:
        return {}
    return chain_of(name).content()


def _by_user_name(body: Mapping[str, Any]) -> dict[str, Any]:
    by_name = {"{email}": "{username}"}
    return {
        name: _by_user_name(value) if isinstance(value, dict) else by_name.get(str(value), value)
        for name, value in body.items()
    }


def _does(inherited: Any, found: Any) -> bool:  # noqa: ANN401 - JSON is any
    """Whether the inherited table has all that was found."""
    if not isinstance(inherited, dict) or not isinstance(found, dict):
        return bool(inherited == found)
    return all(inherited.get(name) == value for name, value in found.items())
