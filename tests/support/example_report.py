"""A small report with a result of every verdict, made by hand, and the parts to make others from."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from pathlib import Path
from typing import Any

from harness.core.blocker import Blocker
from harness.core.exits import Exit
from harness.core.verdict import Conclusion, Level, Severity, Strictness, Verdict, conclude
from harness.report.document import Deployment, Environment, Report, Settings, Suite
from harness.results.result import Artefact, Result, Waived
from harness.wire.transcript import RecordedExchange

CANARY = "cnry0123456789abcdef"
LONG = "x" * 600
STARTED = dt.datetime(2026, 11, 26, 17, 58, 0, 65407, tzinfo=dt.UTC)
SCREENSHOT = "evidence/browser-signout/page.png"
TRACE = "evidence/browser-signout/it's a trace.zip"
NO_SECRET = "the shared signing secret was not given."
REMEDY = "Set the environment variable AUTH_CONFORMANCE_JWT_SECRET."
EXPECTED = "that Bob reading Ann's task is refused"
WHY = "An attacker reads what another user wrote | <b>as if</b> it were their own."
FIX = "Load each task by its id and its owner's id together."
CAME = f"the answer (200) carried the private text {CANARY}"
WAIVED = Waived(
    reason="The new form ships in January",
    owner="Accounts",
    issue="https://issues.example.com/417",
    expires=dt.date(2027, 1, 31),
)


def exchange(step: str = "When Bob reads Ann's task", **changed: Any) -> RecordedExchange:
    """An exchange of Bob's, who reads a task that holds the canary; it does not decide."""
    fields: dict[str, Any] = {
        "step": step,
        "who": "Bob",
        "method": "GET",
        "url": f"https://tasks.example.com/api/tasks/7?fields=title&cursor={LONG}",
        "request_headers": [("Authorization", "Bearer <access token>")],
        "request_body": "",
        "status": 200,
        "headers": [("content-type", "application/json"), ("x-trace", LONG)],
        "body": f'{{"id":"7","title":"water the plants {CANARY}"}}',
        "body_bytes": 62,
        "milliseconds": 12,
        "decides": False,
    }
    return RecordedExchange(**fields | changed)


def result(verdict: Verdict, identity: str = "isolation-read", **changed: Any) -> Result:
    """A result with that verdict, and what it says of itself; ``changed`` replaces fields."""
    fields: dict[str, Any] = {
        "identity": identity,
        "level": Level.MUST,
        "severity": Severity.HIGH,
        "feature": "isolation",
        "line": 11,
        "name": f"The requirement {identity}",
        "row": "",
        "steps": ["Given Ann and Bob are signed in", "When Bob reads Ann's task", "Then it is refused"],
        "sources": ["asvs-8.2.2", "cwe-639", "rfc9110-15.5.4", "wstg-athz-04"],
        "defects": ["is-read-leaks"],
        "needs": [],
        "why": WHY,
        "fix": FIX,
        "verdict": verdict,
        "reason": "",
        "step": "",
        "expected": "",
        "came": "",
        "remedy": "",
        "notes": [],
        "traceback": "",
        "exchanges": [],
        "seconds": 0.4,
        "sign_ups": 1,
        "sign_ins": 2,
        "throttled": 0.0,
    }
    return Result(**fields | _of(verdict) | changed)


def _of(verdict: Verdict) -> dict[str, Any]:
    match verdict:
        case Verdict.PASS:
            return {}
        case Verdict.FAIL:
            return _finding()
        case Verdict.WARN:
            return _finding() | {"level": Level.SHOULD}
        case Verdict.WAIVED:
            return _finding() | {"waiver": WAIVED}
        case Verdict.NOT_TESTED:
            return {"reason": f"{NO_SECRET} {REMEDY}", "remedy": REMEDY, "blocker": Blocker.MISSING}
        case Verdict.NOT_APPLICABLE:
            return {"reason": "The deployment is reached over plain http."}
        case Verdict.ERROR:
            return {"reason": "ReadTimeout: no answer", "traceback": "steps/x.py:7: ReadTimeout"}


def _finding() -> dict[str, Any]:
    """What a requirement that did not hold has: a sentence, its control and its attempt."""
    return {
        "reason": f"Expected {EXPECTED}; but {CAME}.",
        "expected": EXPECTED,
        "came": CAME,
        "step": "Then it is refused",
        "exchanges": [
            exchange("Given Ann and Bob are signed in", who="Ann", url="https://tasks.example.com/sign-in"),
            exchange("And Ann sees her task", who="Ann", decides=True),
            exchange(decides=True),
        ],
    }


def every_verdict() -> list[Result]:
    """Three flows with a result of every verdict, and three that could not be judged for two reasons."""
    files = [
        Artefact(kind="repro", path="evidence/browser-signout/repro.sh", about="The requests as curl commands"),
        Artefact(kind="screenshot", path=SCREENSHOT, about="What the browser showed"),
        Artefact(kind="trace", path=TRACE, about="All that the browser did"),
    ]
    row = {"row": "how: from the second page", "name": "A list asked for from the second page is one's own"}
    browser, token = {"feature": "browser-signin"}, {"feature": "token-verification"}
    answers = [exchange(), exchange("Then it is refused", status=404)]
    return [
        result(Verdict.FAIL, "isolation-read", severity=Severity.CRITICAL),
        result(Verdict.FAIL, "isolation-list", came="the second page carried it", **row),
        result(Verdict.PASS, "isolation-delete", exchanges=answers),
        result(Verdict.NOT_APPLICABLE, "isolation-https"),
        result(
            Verdict.FAIL,
            "browser-signout",
            came="the page showed it",
            artefacts=files,
            needs=["needs-browser"],
            **browser,
        ),
        result(Verdict.WARN, "signin-alike", unreproduced="no curl", **browser),
        result(Verdict.WAIVED, "signin-slow", level=Level.SHOULD, **browser),
        result(Verdict.NOT_TESTED, "token-claims", **token),
        result(Verdict.NOT_TESTED, "token-kind", level=Level.SHOULD, **token),
        result(
            Verdict.NOT_TESTED,
            "token-late",
            reason="the control failed.",
            remedy="",
            blocker=Blocker.STATE,
            exchanges=[exchange(decides=True)],
        ),
        result(Verdict.ERROR, "token-broken"),
    ]


def report(results: list[Result] | None = None, *, strictness: Strictness | None = None, **changed: Any) -> Report:
    """A report of these results (default: `every_verdict`), concluded as a run is; ``changed`` sets fields."""
    found = every_verdict() if results is None else results
    strict = strictness or Strictness()
    outcome = conclude([(one.level, one.verdict) for one in found], len(found), strict)
    fields: dict[str, Any] = {
        "suite": Suite(version="1.2.3", specification="1.4"),
        "target": Deployment(
            title="Tasks of Example",
            profile="tasks",
            base_url="https://tasks.example.com",
            api_url="https://api.example.com",
        ),
        "capabilities": {"refresh": True, "https": False},
        "absent": ["no refresh operation, by the profile: what needs it is not applicable"],
        "environment": Environment(python="3.11.7", platform="Linux x86_64", postgres=""),
        "settings": Settings(
            seed=4711,
            strict=strict.warnings,
            require_tested=strict.untested,
            waivers=1,
            arguments=[
                "-c",
                "pyproject.toml",
                "--base-url",
                "https://tasks.example.com",
                "--target",
                "tasks.toml",
            ],
        ),
        "started": STARTED,
        "seconds": 134.2,
        "conclusion": outcome.conclusion,
        "exit_code": outcome.exit_code,
        "reasons": list(outcome.reasons),
        "notices": ["the waiver of signin-slow expires on 2027-01-31"],
        "specified": len(found),
        "expected": len(found),
        "ran": len(found),
        "verdicts": {verdict: sum(one.verdict is verdict for one in found) for verdict in Verdict},
        "untested": {blocker: sum(one.blocker is blocker for one in found) for blocker in Blocker},
        "uncovered": ["second factors", "API keys"],
        "sign_ups": 11,
        "sign_ins": 22,
        "throttled": 3.0,
        "results": found,
    }
    return Report(**fields | changed)


def stale() -> Report:
    """A run that is red although each of its results is fine."""
    return report(
        [result(Verdict.PASS)],
        conclusion=Conclusion.NOT_CONFORMANT,
        exit_code=Exit.NOT_CONFORMANT,
        reasons=["the waiver of signin-slow is stale: the requirement holds; remove it"],
    )


def write_picture(path: Path) -> None:
    """A PNG of one black pixel."""
    path.parent.mkdir(parents=True, exist_ok=True)
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    ]
    content = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + content)
