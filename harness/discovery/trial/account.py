"""A trial's one account, and the way to sign in."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from harness.core.redaction import register
from harness.deployment.told_apart import told_apart
from harness.discovery.trial.attempts import adapted, is_accepted
from harness.discovery.trial.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.deployment.journal import Journal
    from harness.deployment.people import Person
    from harness.discovery.trial.clues import Clues
    from harness.discovery.trial.visitor import Table, Trial

_WRONG = "Aa1!no-such-password-7"
_MOST_SIGN_UPS = 12


@dataclass
class SignedIn:
    """An account, and a device that is signed in to it."""

    person: Person
    sign_up: Table
    sign_in: Table
    first: Visitor
    """The device of the sign-up, whatever that left there."""
    made: Exchange
    """What came to the sign-up."""
    device: Visitor
    answer: Exchange
    """What came to the right password."""
    wrong: Exchange | None
    """What came to a wrong one."""
    guesser: Visitor
    """The device from which that was tried."""


def open_account(
    trial: Trial, clues: Clues, person: Person, journal: Journal
) -> tuple[SignedIn | None, list[str]]:
    """Make the account and sign in to it.

    Returns what was tried besides, a sentence each.
    """
    tried: list[str] = []
    for operation in islice(clues.operations("sign_up"), _MOST_SIGN_UPS):
        first = Visitor(trial, person, "the first device")
        if not person.has_account:
            journal.asked(person.email, person.password)
        sign_up, answer = adapted(first, "sign_up", operation)
        if answer is None or not (is_accepted(answer, sign_up) or _is_taken_for_success(sign_up, answer)):
            tried.append(_came(sign_up, answer))
            continue
        person.has_account = True
        journal.made(person.email)
        found = _sign_in(clues, first, sign_up, answer)
        if found is not None:
            return found, tried
        tried.append(f"{_came(sign_up, answer)}, and nothing signs in after it")
    if not person.has_account:
        journal.refused(person.email)
    return None, tried


def _sign_in(clues: Clues, first: Visitor, sign_up: Table, made: Exchange) -> SignedIn | None:
    """Sign in again.

    An operation that takes any password is the last resort: scenarios judge what that is worth.
    """
    trial, person = first.trial, first.person
    undistinguished: SignedIn | None = None
    for operation in clues.operations("sign_in"):
        device = Visitor(trial, person, "the laptop")
        sign_in, answer = adapted(device, "sign_in", operation)
        if answer is None or not (is_accepted(answer, sign_in) or _is_taken_for_success(sign_in, answer)):
            continue
        guesser = Visitor(trial, person, "another browser")
        wrong = guesser.send(sign_in, password=register(_WRONG, "password"))
        outcomes = told_apart(answer, wrong)
        given = sign_in.get("outcomes", {})
        said = {"success": {"status": answer.status}} if outcomes is None else outcomes
        sign_in = {**sign_in, "outcomes": {**said, **given} if clues.is_known else said}
        found = SignedIn(person, sign_up, sign_in, first, made, device, answer, wrong, guesser)
        if outcomes is not None:
            return found
        undistinguished = undistinguished or found
    return undistinguished


def sign_in_again(account: SignedIn, present: Callable[[Visitor, Exchange], Visitor]) -> Visitor | None:
    """Another device that is signed in; None where that fails.

    ``present`` gives it the token that the answer holds.
    """
    device = Visitor(account.device.trial, account.person, "the phone")
    answer = device.send(account.sign_in)
    return present(device, answer) if answer is not None else None


def _is_taken_for_success(operation: Table, answer: Exchange | None) -> bool:
    """Whether a draft's own word for success fits an answer."""
    status = operation.get("outcomes", {}).get("success", {})
    return answer is not None and isinstance(status, dict) and status.get("status") == answer.status


def _came(operation: Table, answer: Exchange | None) -> str:
    came = f"answered {answer.status}" if answer is not None else "not answered"
    return f"{operation['method']} {operation['path']} was {came}"
