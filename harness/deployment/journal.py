"""The accounts that were asked for, written down before each request.

A run that ends halfway leaves them on the deployment; from the journal they can be listed and deleted. A line of
JSON says that one is asked for, made, given another password, or deleted; all processes of a run append to it.
"""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.core import private
from harness.core.exchange import origin_of
from harness.core.findings import HarnessError

if TYPE_CHECKING:
    from harness.profile.target import Target

FILE = "accounts.jsonl"
"""Its name in the report's folder."""


class State(StrEnum):
    """What is known of an account, the last word counts."""

    ASKED = "asked for"
    """No answer was seen, or the answer says nothing of the account."""
    MADE = "made"
    REFUSED = "refused"
    DELETING = "deletion asked for"
    DELETED = "deleted"

    @property
    def remains(self) -> bool:
        """Whether there may be an account."""
        return self not in (State.REFUSED, State.DELETED)


class JournalError(Exception):
    """A journal can't be read or written.

    The message says why and what to do.
    """


@dataclass(frozen=True)
class Account:
    """What the journal says of one account.

    ``passwords`` are those that it may have, the likeliest last.
    """

    origin: str
    email: str
    since: str
    state: State = State.ASKED
    passwords: tuple[str, ...] = ()

    def after(self, line: dict[str, Any]) -> Account:
        """The account after another line about it."""
        said = State(line["state"]) if "state" in line else self.state
        # A second sign-up with a taken address says nothing of the account that has it.
        state = self.state if said in (State.ASKED, State.REFUSED) and self.state is not State.ASKED else said
        added = tuple(one for one in line.get("passwords", ()) if isinstance(one, str))
        kept = tuple(one for one in self.passwords if one not in added)
        return replace(self, state=state, passwords=kept + added)


@dataclass(frozen=True)
class Journal:
    """Where accounts are written down; without a path nowhere.

    Passwords are kept only where the accounts can be deleted, which takes a sign-in.
    """

    path: Path | None = None
    origin: str = ""
    keeps_passwords: bool = False

    def asked(self, email: str, password: str) -> None:
        """An account is about to be asked for."""
        self._note(email, State.ASKED, password)

    def made(self, email: str) -> None:
        """The deployment says that there is an account."""
        self._note(email, State.MADE)

    def refused(self, email: str) -> None:
        """The deployment refused to make it."""
        self._note(email, State.REFUSED)

    def changing(self, email: str, password: str) -> None:
        """A change to that password is about to be asked for."""
        if self.keeps_passwords:
            self._note(email, None, password)

    def deleting(self, email: str) -> None:
        """Its deletion is about to be asked for."""
        self._note(email, State.DELETING)

    def deleted(self, email: str) -> None:
        """The deployment says that it is deleted."""
        self._note(email, State.DELETED)

    def _note(self, email: str, state: State | None, password: str | None = None) -> None:
        if self.path is None:
            return
        line: dict[str, Any] = {"at": _now(), "origin": self.origin, "email": email}
        if state is not None:
            line["state"] = state
        if password is not None and self.keeps_passwords:
            line["passwords"] = [password]
        try:
            _append(self.path, _encoded(line))
        except OSError as error:
            raise HarnessError(_why_not_written(self.path, error)) from error

    def settle(self) -> list[Account]:
        """Leave only what remains in the file; returns it for this origin.

        For the process that the user started, once no other writes.
        """
        if self.path is None or not self.path.exists():
            return []
        with _locked(self.path, 0) as descriptor:
            remaining = [one for one in read_journal(self.path).accounts if one.state.remains]
            content = b"".join(_encoded(_line_of(one)) for one in remaining)
            # What is there says more than what remains, and nothing false.
            with suppress(OSError):
                os.truncate(descriptor, os.pwrite(descriptor, content, 0))
        return [one for one in remaining if one.origin == self.origin]


NOWHERE = Journal()
"""For a deployment that goes away with the run."""


@dataclass(frozen=True)
class Contents:
    """What a journal's file says; ``unreadable`` counts lines that are none."""

    accounts: Sequence[Account]
    unreadable: int = 0


def journal_for(target: Target, folder: Path) -> Journal:
    """The journal in that folder, for a deployment that was given.

    The file is private from the start. Raises JournalError where it can't be written.
    """
    path = folder / FILE
    try:
        private.make_folder(folder)
        private.make_file(path)
        _append(path, b"")
    except OSError as error:
        raise JournalError(_why_not_written(path, error)) from error
    can_delete = target.profile.operations.delete_user is not None
    return Journal(path, origin_of(target.web), can_delete)


def read_journal(path: Path) -> Contents:
    """The accounts of a journal, in the order of their sign-ups.

    Raises JournalError where there is no such file. A line that a full disk cut off is left out.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise JournalError(f'"{path}" can\'t be read: {error.strerror}. Name the folder of a run.') from error
    found: dict[tuple[str, str], Account] = {}
    unreadable = 0
    for raw in lines:
        try:
            line = json.loads(raw)
            key = str(line["origin"]), str(line["email"])
            found[key] = found.get(key, Account(*key, since=str(line["at"]))).after(line)
        except (ValueError, TypeError, KeyError, RecursionError):
            unreadable += 1
    return Contents(list(found.values()), unreadable)


def _line_of(account: Account) -> dict[str, Any]:
    line: dict[str, Any] = {"at": account.since, "origin": account.origin, "email": account.email}
    return {**line, "state": account.state, **({"passwords": account.passwords} if account.passwords else {})}


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _encoded(line: dict[str, Any]) -> bytes:
    return json.dumps(line).encode() + b"\n"


def _append(path: Path, line: bytes) -> None:
    with _locked(path) as descriptor:
        if os.write(descriptor, line) < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def _locked(path: Path, flags: int = os.O_APPEND) -> Iterator[int]:
    """The file, open, while no other process writes to it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _why_not_written(path: Path, error: OSError) -> str:
    return (
        f'accounts are written down in "{path}" before they are asked for, and that is not possible: '
        f"{error.strerror}. Free space there, or name another folder with --report-dir."
    )
