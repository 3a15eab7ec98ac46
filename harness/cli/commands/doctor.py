"""`auth-conformance doctor`: whether a deployment can be tested."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING

from harness.browser.install import BrowserError, given_executable
from harness.browser.pool import Browsers
from harness.cli.announcement import announce
from harness.core.exits import Exit
from harness.core.findings import HarnessError
from harness.core.redaction import redact
from harness.core.text import counted, printable
from harness.deployment.deployment import Deployment
from harness.deployment.given import client_for, given_target
from harness.deployment.journal import JournalError, journal_for
from harness.doctor.examination import Examination
from harness.doctor.findings import Unusable, doubtful
from harness.doctor.reach import await_target
from harness.profile.loader import ProfileError, chain_of, left_to_fill_in, load_profile
from harness.profile.target import TargetError
from harness.wire.trust import Trust, TrustError

if TYPE_CHECKING:
    from argparse import Namespace


def main(given: Namespace) -> int:
    """Examine a deployment and say what was found; returns the exit code."""
    try:
        profile = load_profile(given.target, draft=True)
        target = given_target(profile, given.url, given.api_url, given.auth_url)
        given_executable(given.browser_executable)
        trust = Trust(given.ca, given.insecure)
        trust.context()
        journal = journal_for(target, given.report_dir)
    except (ProfileError, TargetError, BrowserError, TrustError, JournalError) as error:
        return _say(f"auth-conformance doctor: {error}", Exit.USAGE)
    client = client_for(target, given.throttle_budget, announce, trust=trust)
    deployment = Deployment(target, client, journal=journal)
    browsers = None if given.no_browser else Browsers(deployment, given.browser_executable, announce)
    examination = Examination(deployment, secrets.randbelow(2**31), browsers)
    examination.findings += map(doubtful, left_to_fill_in(chain_of(given.target)))
    try:
        return _report(examination, given.wait_for)
    except HarnessError as error:
        return _say(f"auth-conformance doctor: {error}", Exit.HARNESS_ERROR)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    finally:
        if browsers is not None:
            browsers.stop()
        client.close()
        if left := journal.settle():
            announce(f"{counted(len(left), 'account stays', 'accounts stay')} behind, listed in {journal.path}")


def _report(examination: Examination, wait_for: float) -> int:
    problem = None
    try:
        await_target(examination.deployment, wait_for, announce)
        examination.run()
    except Unusable as error:
        problem = str(error)
    for finding in examination.findings:
        sys.stdout.write(printable(redact(str(finding))) + "\n")
    if problem is not None:
        return _say(f"The target can't be tested: {problem}", Exit.TARGET_UNUSABLE)
    doubts = sum(finding.kind == "doubtful" for finding in examination.findings)
    doubt = f", with {counted(doubts, 'doubt')}" if doubts else ""
    sys.stdout.write(f"It can be tested{doubt}.\n")
    return Exit.CONFORMANT


def _say(sentence: str, code: Exit) -> int:
    sys.stdout.flush()
    sys.stderr.write(printable(redact(sentence)) + "\n")
    return code
