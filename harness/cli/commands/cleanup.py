"""`auth-conformance cleanup`: deletes the accounts that a run left behind."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer, origin_of
from harness.core.exits import Exit
from harness.core.findings import HarnessError
from harness.core.redaction import publish, redact, register
from harness.core.text import counted, listed, printable
from harness.deployment.deployment import Deployment
from harness.deployment.given import client_for, given_target
from harness.deployment.journal import FILE, JournalError, State, journal_for, read_journal
from harness.deployment.people import Person
from harness.deployment.removal import Removal
from harness.doctor import reach
from harness.doctor.findings import Unusable
from harness.profile.loader import ProfileError, load_profile
from harness.profile.target import TargetError
from harness.wire.trust import Trust, TrustError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from pathlib import Path

    from harness.deployment.journal import Account, Journal
    from harness.profile.target import Target


def main(given: Namespace) -> int:
    """Delete what the journal says remains; returns the exit code.

    It is `Exit.NOT_CONFORMANT` where an account remains.
    """
    try:
        target = given_target(load_profile(given.target), given.url, given.api_url)
        trust = Trust(given.ca, given.insecure)
        trust.context()
        accounts = _accounts(given.report_dir, target)
        journal = journal_for(target, given.report_dir)
    except (ProfileError, TargetError, TrustError, JournalError) as error:
        return _refuse(str(error), Exit.USAGE)
    client = client_for(target, given.throttle_budget, _announce, trust=trust)
    try:
        return _clean(Deployment(target, client, journal=journal), journal, accounts)
    except Unusable as error:
        return _refuse(f"The target can't be reached: {error}", Exit.TARGET_UNUSABLE)
    except (NoAnswer, Unavailable) as error:
        return _refuse(str(error), Exit.TARGET_UNUSABLE)
    except HarnessError as error:
        return _refuse(str(error), Exit.HARNESS_ERROR)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    finally:
        client.close()


def _accounts(folder: Path, target: Target) -> Sequence[Account]:
    """What remains at the target.

    Raises JournalError where the journal is of others only.
    """
    path = folder / FILE
    contents = read_journal(path)
    if contents.unreadable:
        _announce(
            f"{counted(contents.unreadable, 'line')} of {path} can't be read, cut off by a full disk perhaps"
        )
    remaining = [one for one in contents.accounts if one.state.remains]
    origin = origin_of(target.web)
    others = sorted({one.origin for one in remaining} - {origin})
    if others and len(others) == len({one.origin for one in remaining}):
        raise JournalError(
            f'"{path}" is of {listed(others, "and")}, not of {origin}. Give the URL of that run, or the folder of '
            "another one with --report-dir."
        )
    own = [one for one in remaining if one.origin == origin]
    if own and target.profile.operations.delete_user is None:
        listing = "".join(f"\n  {one.email} ({one.state})" for one in own)
        raise JournalError(
            f'the profile "{target.profile.name}" declares no operations.delete_user, so nothing can be deleted. '
            f"Delete {counted(len(own), 'account')} by other means, then remove {path}:{listing}"
        )
    return own


def _clean(deployment: Deployment, journal: Journal, accounts: Sequence[Account]) -> int:
    if accounts:
        reach.examine(deployment)
    remaining = 0
    try:
        for account in accounts:
            gone, came = _removed(deployment, journal, account)
            remaining += not gone
            sys.stdout.write(
                printable(redact(f"{'ok     ' if gone else 'REMAINS'}  {account.email}: {came}")) + "\n"
            )
    finally:
        journal.settle()
    said = f"{counted(remaining, 'account')} remain" if remaining != 1 else "1 account remains"
    sys.stdout.write(f"{said}.\n" if remaining else "No account remains.\n")
    return Exit.NOT_CONFORMANT if remaining else Exit.CONFORMANT


def _removed(deployment: Deployment, journal: Journal, account: Account) -> tuple[bool, str]:
    """Whether the account is gone, and what came."""
    if not account.passwords:
        return False, f"{account.state}; its password was not written down. Delete it by other means."
    for password in account.passwords:
        register(password, "password")
    person = Person("the owner", "", publish(account.email), account.passwords[-1], "", has_account=True)
    removal = Removal(deployment, person, reversed(account.passwords))
    if removal.is_deleted:
        return True, removal.came
    if removal.is_refused and account.state is State.ASKED:
        journal.refused(account.email)
        return True, "it was never made: no password signs in"
    if removal.is_refused and account.state is State.DELETING:
        journal.deleted(account.email)
        return True, "it was deleted by the run: no password signs in any more"
    return False, f"{removal.came} Try again later, or delete it by other means and remove its line."


def _announce(text: str) -> None:
    print(f"  {printable(text)}", file=sys.stderr)  # noqa: T201


def _refuse(sentence: str, code: Exit) -> int:
    sys.stdout.flush()
    sys.stderr.write(printable(redact(f"auth-conformance cleanup: {sentence}")) + "\n")
    return code
