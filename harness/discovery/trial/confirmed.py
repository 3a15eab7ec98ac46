"""A draft made certain: each part is tried with one account.

What does not work is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from harness.deployment.quotation import is_html, quoted
from harness.deployment.told_apart import told_apart
from harness.discovery.pages import pages_table
from harness.discovery.toml_text import literal
from harness.discovery.trial.account import SignedIn, open_account
from harness.discovery.trial.attempts import destination
from harness.discovery.trial.collection import find_collection
from harness.discovery.trial.csrf_source import settle
from harness.discovery.trial.endings import find_deletion, find_sign_out
from harness.discovery.trial.holder import Holder, find_holder, identity_of, subject_of, with_token
from harness.discovery.trial.own_pages import look_around, look_out
from harness.discovery.trial.refusal_text import refusal_said
from harness.profile.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harness.core.exchange import Exchange
    from harness.deployment.journal import Journal
    from harness.deployment.people import Person
    from harness.discovery.trial.clues import Clues
    from harness.discovery.trial.visitor import Table, Trial, Visitor

_FOUND_BY_TRYING = ("sign_up", "sign_in", "session", "sign_out", "delete_user")
_SIGNED = (
    ", signed data that may hold all by itself. Sign-out has to end a copy of it too; where none can, declare "
    'after_sign_out = "until it ends" in [credentials.session], and its end is measured'
)
_ALWAYS_KEPT = ("outcomes", "people", "rate_limit", "age_session", "public_origin", "trusted_origins")


@dataclass(frozen=True)
class LeftOut:
    """A part that was not found, and the line to write."""

    what: str
    why: str
    line: str

    def __str__(self) -> str:
        return f"{self.what}: {self.why}. To have it judged, write in the profile: {self.line}"


@dataclass
class Confirmed:
    """A profile's content of which every part worked."""

    content: Table
    left_out: list[LeftOut] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    """A sentence for each thing that was found by trying."""


class TooLittle(TargetError):  # noqa: N818 - what was found
    """Not enough was found to judge anything.

    The message says what was seen.
    """


def confirm(trial: Trial, clues: Clues, person: Person, journal: Journal) -> Confirmed:
    """Try the draft with one account, which is deleted where that works.

    Raises TooLittle where no account, no sign-in or no answer to "who is signed in" was found.
    """
    account, tried = open_account(trial, clues, person, journal)
    if account is None:
        raise TooLittle(_no_account(person, tried))
    holder = find_holder(account, clues)
    if holder is None:
        raise TooLittle(_no_identity(account))
    return _Confirmation(trial, clues, account, holder, journal).run()


class _Confirmation:
    """Puts the confirmed content together."""

    def __init__(self, trial: Trial, clues: Clues, account: SignedIn, holder: Holder, journal: Journal) -> None:
        self.trial, self.clues, self.account, self.holder, self.journal = trial, clues, account, holder, journal
        person = account.person
        person.id = identity_of(account, holder.probe) or ""
        self.found = Confirmed({})

    def run(self) -> Confirmed:
        """Everything, the account's end last."""
        draft, content = self.clues.draft, self.found.content
        content |= {"name": draft["name"], "title": draft["title"]}
        content |= {key: draft[key] for key in _ALWAYS_KEPT if key in draft}
        content["operations"] = self._operations()
        content["credentials"] = self.holder.credentials
        self._jwt(content)
        look_around(self.account, self.clues)
        self._csrf(content)
        self._collections(content)
        self._pages(content)
        self._sign_out(content["operations"])
        self._end(content["operations"])
        return self.found

    def _operations(self) -> Table:
        drafted = self.clues.draft.get("operations", {})
        kept = {name: one for name, one in drafted.items() if name not in _FOUND_BY_TRYING}
        probe = self.holder.probe.operation
        self.found.seen += [
            _said("sign-up", self.account.sign_up, self.account.made),
            _said("sign-in", self.account.sign_in, self.account.answer),
            f"who is signed in: {probe['method']} {probe['path']}, at {_places(probe['identity'])}",
            f"the session: {_held(self.holder)}",
        ]
        own = {"sign_up": self._sign_up(), "sign_in": self.account.sign_in, "session": probe}
        return {**own, **kept}

    def _sign_up(self) -> Table:
        first = self.holder.presented(self.account.first, self.account.made)
        signs_in = self.holder.probe.shows(first)
        operation = {**self.account.sign_up, "signs_in": signs_in}
        if self.clues.is_known and "outcomes" in operation:
            return operation
        # The address is taken, so that this makes no account, whatever the deployment thinks of the password.
        refused = self.account.first.stranger().send(self.account.sign_up, password="")
        apart = told_apart(self.account.made, refused) or {}
        as_sign_up = {"success": "success", "invalid": "bad_credentials"}
        outcomes = {name: apart[one] for name, one in as_sign_up.items() if one in apart}
        if not outcomes and not httpx.codes.is_success(self.account.made.status):
            outcomes = {"success": {"status": self.account.made.status}}
        plain = {key: one for key, one in operation.items() if key != "outcomes"}
        return {**plain, **({"outcomes": outcomes} if outcomes else {})}

    def _jwt(self, content: Table) -> None:
        token = self.holder.credentials.get("token", {})
        drafted = dict(self.clues.draft.get("jwt", {}))
        if token.get("kind") != "jwt":
            return
        if (subject := subject_of(self.account, self.holder.token, self.account.person.id or None)) is not None:
            drafted["subject"] = subject
        if drafted:
            content["jwt"] = drafted

    def _csrf(self, content: Table) -> None:
        why = settle(self.trial, self.account, self.clues)
        if why is not None:
            line = '[csrf] kind = "fetched", fetch = "/...", css = "input[name=...]", field = "..."'
            self.found.left_out.append(LeftOut("csrf", why, line))
        if self.trial.csrf is not None:
            content["csrf"] = self.trial.csrf

    def _page(self, path: str) -> Exchange | None:
        return self.account.device.get("web", path, as_json=False)

    # --- the collection ---

    def _collections(self, content: Table) -> None:
        for section in ("tasks", "proxy"):
            if section == "proxy" and section not in self.clues.draft:
                continue
            visitor, credential = self._opener(self.clues.draft.get(section, {}).get("credential"))
            found, tried = find_collection(visitor, self.clues, section, credential)
            if found is not None:
                content[section] = found.table
                where = " through the front end" if section == "proxy" else ""
                self.found.seen.append(
                    f"what a person keeps{where}: {found.table['list']['path']}, put in and read again"
                )
                self._left_out_verbs(section, found.left_out)
            elif section == "tasks" or section in self.clues.draft:
                self._no_collection(section, tried)

    def _opener(self, drafted: str | None) -> tuple[Visitor, str]:
        """Who opens a collection, and by which credential."""
        device, token = self.account.device, self.holder.credentials.get("token")
        if self.holder.token is not None:
            return device, "token"
        issuing = self.clues.draft.get("operations", {}).get("token")
        if drafted != "token" or token is None or issuing is None:
            return device, "session"
        opener = with_token(device, token, device.send(issuing))
        return (opener, "token") if opener is not None else (device, "session")

    def _left_out_verbs(self, section: str, left_out: Mapping[str, str]) -> None:
        for verb, came in left_out.items():
            self.found.left_out.append(
                LeftOut(f"{section}.{verb}", came, f'{verb} = {{ method = "...", path = "..." }} in [{section}]')
            )

    def _no_collection(self, section: str, tried: Sequence[str]) -> None:
        why = (
            f"nothing that a person keeps was found ({'; '.join(tried[:3])})"
            if tried
            else ("nothing that a person keeps was found at the usual paths, and no document or page names it")
        )
        line = (
            f'[{section}] credential = "{"token" if self.holder.token is not None else "session"}", '
            'list = { method = "GET", path = "/api/..." }, '
            'create = { method = "POST", path = "/api/...", json = { title = "{title}" } }'
        )
        self.found.left_out.append(LeftOut(section, why, line))

    # --- the pages ---

    def _pages(self, content: Table) -> None:
        pages = self.clues.pages
        if pages.sign_in is None:
            line = '[pages] sign_in = "/...", protected = ["/..."], email = { value = "Email" }, ...'
            self.found.left_out.append(LeftOut("pages", "no page with a field for a password was found", line))
            return
        if "pages" in self.clues.draft and self.clues.is_known:
            content["pages"] = self.clues.draft["pages"]
            return
        for path in dict.fromkeys(one for one in (destination(self.account.answer), *self.clues.seen[:5]) if one):
            self._gate(path)
        if not pages.gates:
            why = f"none of the pages tried sends an anonymous client to {pages.sign_in.path}"
            line = '[pages] protected = ["/..."], after_sign_in = "/..."'
            self.found.left_out.append(LeftOut("pages", why, line))
            return
        table, _ = pages_table(pages, pages.sign_in)
        if (said := refusal_said(self.account, pages.sign_in)) is not None:
            table["bad_credentials"] = said
        landed = destination(self.account.answer)
        if landed in pages.gates:
            table["after_sign_in"] = landed
            table["protected"] = [landed, *(one for one in table["protected"] if one != landed)]
        content["pages"] = table | {"sign_up": table["sign_up"] if pages.sign_up is not None else False}

    def _gate(self, path: str) -> None:
        """Note a page that sends anonymous clients to sign-in."""
        pages = self.clues.pages
        answer = self._page(path)
        if answer is None or not is_html(answer) or answer.status != httpx.codes.OK:
            return
        anonymous = self.account.device.stranger().get("web", path, as_json=False)
        leads = destination(anonymous)
        if leads is not None and pages.sign_in is not None and leads == pages.sign_in.path:
            pages.gates[path] = leads

    # --- the ends ---

    def _sign_out(self, operations: Table) -> None:
        look_out(self.account, self.holder, self.clues)
        found = find_sign_out(self.account, self.holder, self.clues)
        if found is not None:
            operations["sign_out"] = found
            if "pages" in self.found.content and (button := self.clues.buttons.get(found["path"])):
                self.found.content["pages"]["sign_out_button"] = button
                if (link := self.clues.steps.get(found["path"])) is not None:
                    self.found.content["pages"]["sign_out_steps"] = [link]
            self.found.seen.append(f"sign-out: {found['method']} {found['path']}")
            return
        line = '[operations.sign_out] method = "POST", path = "/..."'
        self.found.left_out.append(LeftOut("operations.sign_out", "nothing that ends a session was found", line))

    def _end(self, operations: Table) -> None:
        person = self.account.person
        self.journal.deleting(person.email)
        found = find_deletion(self.account, self.holder, self.clues)
        if found is not None:
            self.journal.deleted(person.email)
            self.found.seen.append(f"deletion of an account: {found['method']} {found['path']}")
            operations["delete_user"] = found
            return
        self.journal.made(person.email)
        why = "nothing that deletes an account was found, so that the accounts of the run stay"
        line = '[operations.delete_user] method = "DELETE", path = "/..."'
        self.found.left_out.append(LeftOut("operations.delete_user", why, line))


def _said(what: str, operation: Table, answer: Exchange) -> str:
    body = next((key for key in ("json", "form") if key in operation), None)
    fields = f" with {body} {literal(operation[body])}" if body is not None else ""
    return f"{what}: {operation['method']} {operation['path']}{fields}, answered {answer.status}"


def _places(identity: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{key} {value if isinstance(value, str) else 'on the page'}" for key, value in identity.items()
    )


def _held(holder: Holder) -> str:
    credentials = holder.credentials
    if credentials["session"]["kind"] == "cookie":
        named = credentials["session"]["cookie"]
        names = [named] if isinstance(named, str) else named
        held = f"the cookie{'s' if len(names) > 1 else ''} {', '.join(names)}"
        return f"{held}{_SIGNED if holder.is_signed else ''}"
    token = credentials["token"]
    return f"a token ({token['kind']}) at {token['pointer']} of the answer to sign-in"


def _no_account(person: Person, tried: Sequence[str]) -> str:
    came = f" ({'; '.join(tried[:6])})" if tried else ""
    what = "no sign-in after sign-up" if person.has_account else "no way to sign up"
    return f"{what} was found by looking and trying{came}."


def _no_identity(account: SignedIn) -> str:
    return (
        f"signing up and in works ({account.sign_in['method']} {account.sign_in['path']} was answered "
        f"{quoted(account.answer)}), and nothing was found that says who is signed in: no answer and no page "
        "that names the person's address."
    )
