"""What ends a session, and an account, found by its effect."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import httpx

from harness.core.exchange import is_safe
from harness.deployment.answer import text_at
from harness.deployment.told_apart import told_apart
from harness.discovery.trial.account import sign_in_again
from harness.discovery.trial.attempts import is_absent, is_accepted

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.discovery.trial.account import SignedIn
    from harness.discovery.trial.clues import Clues
    from harness.discovery.trial.holder import Holder
    from harness.discovery.trial.visitor import Table, Visitor

_MOST = 8


def find_sign_out(account: SignedIn, holder: Holder, clues: Clues) -> Table | None:
    """The operation that ends a session, or clears its cookie.

    One that is documented and ends nothing stays, for scenarios to judge.
    """
    drafted = clues.draft.get("operations", {}).get("sign_out")
    device = sign_in_again(account, holder.presented)
    elsewhere = holder.probe.shows(account.device)
    for operation in islice(clues.operations("sign_out"), _MOST):
        if device is None:
            break
        copy = device.frozen()
        values = _values(holder, account)
        answer = _asked(device, operation, values)
        if is_absent(answer) or answer is None:
            continue
        ended = not holder.probe.shows(copy) or not holder.probe.shows(device)
        if ended or (operation is drafted and is_accepted(answer, operation)):
            everywhere = elsewhere and not holder.probe.shows(account.device)
            return _as_answered(operation, answer) | ({"ends": "every device"} if everywhere else {})
        device = device if holder.probe.shows(device) else sign_in_again(account, holder.presented)
    return None


def _asked(device: Visitor, operation: Table, values: dict[str, str]) -> Exchange | None:
    if "{refresh_token}" in str(operation) and "refresh_token" not in values:
        return None
    return device.send(operation, **values)


def _values(holder: Holder, account: SignedIn) -> dict[str, str]:
    refresh = holder.credentials.get("refresh", {})
    value = text_at(account.answer, refresh["pointer"]) if "pointer" in refresh else None
    return {"refresh_token": value} if value is not None else {}


def _as_answered(operation: Table, answer: Exchange) -> Table:
    """The operation, with an unusual answer as its success.

    A server that breaks has not succeeded, whatever it ended.
    """
    is_usual = httpx.codes.is_success(answer.status) or httpx.codes.is_server_error(answer.status)
    if is_usual or "success" in operation.get("outcomes", {}):
        return operation
    return {**operation, "outcomes": {"success": {"status": answer.status}}}


def find_deletion(account: SignedIn, holder: Holder, clues: Clues) -> Table | None:
    """The operation that ends the account, asked for by the account itself.

    One that ends the session alone is none: the right password has to be answered as a wrong one is.
    """
    device = account.device if holder.probe.shows(account.device) else sign_in_again(account, holder.presented)
    for operation in islice(clues.operations("delete_user"), _MOST):
        if device is None:
            break
        if is_safe(operation["method"]):
            continue
        answer = device.send(operation)
        if not is_accepted(answer, operation) or (holder.probe.shows(device) and not holder.outlives_its_end):
            continue
        if _is_refused(account):
            return operation
        device = sign_in_again(account, holder.presented)
    return None


def _is_refused(account: SignedIn) -> bool:
    """Whether the right password is answered as a wrong one was."""
    right, wrong = account.device.stranger().send(account.sign_in), account.wrong
    if right is None or wrong is None or right.status != wrong.status:
        return False
    return told_apart(account.answer, right) is not None
