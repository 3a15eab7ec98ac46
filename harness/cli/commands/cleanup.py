"""`auth-conformance cleanup`: deletes the accounts that a run left behind."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from harness.cli.announcement import announce
from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer, origin_of
from harness.core.exits import Exit
from harness.core.findings import HarnessError
from harness.core.redaction import redact
from harness.core.text import counted, listed, printable
from harness.deployment.deployment import Deployment
from harness.deployment.given import client_for, given_target
from harness.deployment.journal import FILE, JournalError, journal_for, read_journal
from harness.deployment.removal import removed
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
        target = given_target(load_profile(given.target), given.url, given.api_url, given.auth_url)
        trust = Trust(given.ca, given.insecure)
        trust.context()
        accounts = _accounts(given.report_dir, target)
        journal = journal_for(target, given.report_dir)
    except (ProfileError, TargetError, TrustError, JournalError) as error:
        return _refuse(str(error), Exit.USAGE)
    client = client_for(target, given.throttle_budget, announce, trust=trust)
    try:
        reach.await_target(Deployment(target, client), given.wait_for, announce)
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
        announce(f"{counted(contents.unreadable, 'line')} of {path} can't be read, cut off by a full disk perhaps")
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
            gone, came = removed(deployment, account)
            remaining += not gone
            sys.stdout.write(
                printable(redact(f"{'ok     ' if gone else 'REMAINS'}  {account.email}: {came}")) + "\n"
            )
    finally:
        journal.settle()
    said = f"{counted(remaining, 'account')} remain" if remaining != 1 else "1 account remains"
    sys.stdout.write(f"{said}.\n" if remaining else "No account remains.\n")
    return Exit.NOT_CONFORMANT if remaining else Exit.CONFORMANT


def _refuse(sentence: str, code: Exit) -> int:
    sys.stdout.flush()
    sys.stderr.write(printable(redact(f"auth-conformance cleanup: {sentence}")) + "\n")
    return code
