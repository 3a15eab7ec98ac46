"""Reports made up for the tests: one result of each verdict, with all that a result can hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

from harness.core.exits import Exit
from harness.core.verdict import Conclusion, Level, Severity, Strictness, Verdict, conclude
from harness.report.document import Deployment, Environment, Report, Settings, Suite
from harness.results.result import Artefact, Result, Waived
from harness.wire.transcript import RecordedExchange

STARTED = dt.datetime(2026, 11, 26, 11, 49, 55, 65407, tzinfo=dt.UTC)
WAIVED = Waived(
    reason="The session store is being replaced",
    owner="Team Accounts",
    issue="https://issues.example.com/123",
    expires=dt.date(2026, 12, 24),
)


def exchange(**changed: Any) -> RecordedExchange:
    """One exchange, which decides unless told otherwise."""
    fields: dict[str, Any] = {
        "step": "When Ann signs out on her laptop",
        "who": "Ann's laptop",
        "method": "POST",
        "url": "https://staging.example.com/api/auth/sign-out",
        "request_headers": [("Cookie", "session=<cookie>"), ("Content-Type", "application/json")],
        "request_body": "{}",
        "status": 200,
        "headers": [("content-type", "application/json"), ("set-cookie", "session=; Max-Age=0")],
        "body": '{"success":true}',
        "body_bytes": 16,
        "milliseconds": 12,
        "decides": True,
    }
    return RecordedExchange(**fields | changed)


def result(verdict: Verdict, **changed: Any) -> Result:
    """A result with that verdict; ``changed`` replaces fields."""
    fields: dict[str, Any] = {
        "identity": "signout-ends-captured-session",
        "level": Level.SHOULD if verdict is Verdict.WARN else Level.MUST,
        "severity": Severity.HIGH,
        "feature": "signout",
        "line": 12,
        "name": "A session captured before sign-out is dead after it",
        "row": "",
        "steps": ["Given Ann is signed in", "When Ann signs out on her laptop", "Then it is refused"],
        "sources": ["asvs-7.4.1", "cwe-613"],
        "defects": ["so-session-survives-signout"],
        "needs": ["needs-sign-out"],
        "verdict": verdict,
        "reason": "",
        "step": "",
        "expected": "",
        "came": "",
        "remedy": "",
        "notes": [],
        "traceback": "",
        "exchanges": [exchange(), exchange(decides=False)],
        "seconds": 0.25,
        "sign_ups": 1,
        "sign_ins": 2,
        "throttled": 0.0,
    }
    return Result(**fields | _of(verdict) | changed)


def _of(verdict: Verdict) -> dict[str, Any]:
    step = {"step": "Then it is refused"}
    match verdict:
        case Verdict.PASS:
            return {}
        case Verdict.FAIL | Verdict.WARN | Verdict.WAIVED:
            expected, came = "that the captured session is refused", "it still opens Ann's tasks (status 200)"
            finding = {"reason": f"Expected {expected}; but {came}.", "expected": expected, "came": came}
            return finding | step | ({"waiver": WAIVED} if verdict is Verdict.WAIVED else {})
        case Verdict.NOT_TESTED:
            remedy = "Give it in AUTH_CONFORMANCE_JWT_SECRET."
            return step | {"reason": f"The signing secret was not given. {remedy}", "remedy": remedy}
        case Verdict.NOT_APPLICABLE:
            return {"reason": "The profile declares no sign-out operation."}
        case Verdict.ERROR:
            return step | {
                "reason": "HarnessError: no control",
                "traceback": "steps/signout.py:7: HarnessError",
            }


def every_verdict() -> list[Result]:
    """One result of each verdict, in three flows; the failure is a row of an outline and has files."""
    return [
        result(
            Verdict.PASS, identity="signin-opens-own-session", feature="signin", name="The right password opens"
        ),
        result(
            Verdict.FAIL,
            row="device: laptop, how: by its menu",
            severity=Severity.CRITICAL,
            artefacts=[Artefact(kind="repro", path="findings/signout.sh", about="the same with curl")],
        ),
        result(Verdict.WARN, identity="signin-prevents-user-enumeration", feature="signin", name="Alike"),
        result(Verdict.WAIVED, identity="signout-clears-cookie", name="Sign-out clears the cookie"),
        result(Verdict.NOT_APPLICABLE, identity="signout-ends-all", name="Sign-out everywhere ends all"),
        result(Verdict.NOT_TESTED, identity="token-expired-refused", feature="token", name="An expired token"),
        result(Verdict.ERROR, identity="token-none-refused", feature="token", name="An unsigned token"),
    ]


def report(results: list[Result] | None = None, *, strictness: Strictness | None = None, **changed: Any) -> Report:
    """A report of these results (default: `every_verdict`), concluded as a run is; ``changed`` sets fields."""
    found = every_verdict() if results is None else results
    strict = strictness or Strictness()
    outcome = conclude([(one.level, one.verdict) for one in found], len(found), strict)
    fields: dict[str, Any] = {
        "suite": Suite(version="0.1.0"),
        "target": Deployment(
            title="Staging",
            profile="shop",
            base_url="https://staging.example.com",
            api_url="https://api.staging.example.com",
        ),
        "capabilities": {"refresh": True, "https": False},
        "absent": ["The profile declares no sign-out operation."],
        "environment": Environment(python="3.11.2", platform="Linux x86_64", postgres=""),
        "settings": Settings(
            seed=4711, strict=strict.warnings, require_tested=strict.untested, waivers=1, arguments=["--strict"]
        ),
        "started": STARTED,
        "seconds": 12.5,
        "conclusion": outcome.conclusion,
        "exit_code": outcome.exit_code,
        "reasons": list(outcome.reasons),
        "notices": ["the waiver of signout-clears-cookie expires on 2026-12-24"],
        "specified": len(found),
        "expected": len(found),
        "ran": len(found),
        "verdicts": {verdict: sum(one.verdict is verdict for one in found) for verdict in Verdict},
        "sign_ups": 1,
        "sign_ins": 2,
        "throttled": 0.0,
        "results": found,
    }
    return Report(**fields | changed)


def stale() -> Report:
    """A run that is red although each of its results is fine."""
    return report(
        [result(Verdict.PASS)],
        conclusion=Conclusion.NOT_CONFORMANT,
        exit_code=Exit.NOT_CONFORMANT,
        reasons=["the waiver of signout-clears-cookie is stale: the requirement holds; remove it"],
    )
