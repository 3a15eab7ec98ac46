"""`auth-conformance doctor`: whether a deployment can be tested as its profile says, and what will not be."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Sequence

from harness.core.exits import Exit
from harness.core.findings import HarnessError
from harness.core.redaction import redact
from harness.core.text import counted
from harness.deployment.deployment import Deployment
from harness.doctor.examination import Examination
from harness.doctor.findings import Unusable
from harness.profile.loader import ProfileError, load_profile
from harness.profile.target import TargetError
from harness.pytest_plugin.options import given_target
from harness.pytest_plugin.run_target import client_for


def main(words: Sequence[str]) -> int:
    """Examine a deployment and say what was found; returns the exit code."""
    parser = argparse.ArgumentParser(prog="auth-conformance doctor", description=__doc__)
    parser.add_argument("url", metavar="URL", help="the deployment's public address")
    parser.add_argument("--target", metavar="NAME|FILE", required=True, help="its profile")
    parser.add_argument("--api-url", metavar="URL", help="the API's address where it is another")
    parser.add_argument("--throttle-budget", metavar="SECONDS", type=float, default=60.0, help="for 429s (60)")
    given = parser.parse_args(words)
    try:
        target = given_target(load_profile(given.target), given.url, given.api_url)
    except (ProfileError, TargetError) as error:
        return _say(f"auth-conformance doctor: {error}", Exit.USAGE)
    client = client_for(target, given.throttle_budget, lambda text: print(f"  {text}", file=sys.stderr))  # noqa: T201
    examination = Examination(Deployment(target, client), secrets.randbelow(2**31))
    try:
        return _report(examination)
    except HarnessError as error:
        return _say(f"auth-conformance doctor: {error}", Exit.HARNESS_ERROR)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    finally:
        client.close()


def _report(examination: Examination) -> int:
    problem = None
    try:
        examination.run()
    except Unusable as error:
        problem = str(error)
    for finding in examination.findings:
        sys.stdout.write(redact(str(finding)) + "\n")
    if problem is not None:
        return _say(f"The target can't be tested: {problem}", Exit.TARGET_UNUSABLE)
    doubts = sum(finding.kind == "doubtful" for finding in examination.findings)
    doubt = f", with {counted(doubts, 'doubt')}" if doubts else ""
    sys.stdout.write(f"It can be tested{doubt}.\n")
    return Exit.CONFORMANT


def _say(sentence: str, code: Exit) -> int:
    sys.stdout.flush()
    sys.stderr.write(redact(sentence) + "\n")
    return code
