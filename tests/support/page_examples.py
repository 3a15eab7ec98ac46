"""A small report with a result of every verdict, made by hand, and the parts to make others from."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from collections import Counter
from pathlib import Path

from harness.core.exits import Exit
from harness.core.verdict import Conclusion, Level, Severity, Verdict
from harness.report.document import Deployment, Environment, Report, Settings, Suite
from harness.results.result import Artefact, Result, Waived
from harness.wire.transcript import RecordedExchange

CANARY = "cnry0123456789abcdef"
LONG = "x" * 600
SCREENSHOT = "evidence/browser-signout/page.png"
TRACE = "evidence/browser-signout/it's a trace.zip"
NO_SECRET = (
    "the shared signing secret was not given.",
    "Set the environment variable AUTH_CONFORMANCE_JWT_SECRET.",
)


def exchange(
    step: str = "When Bob reads Ann's task", *, decides: bool = False, **fields: object
) -> RecordedExchange:
    """An exchange of Bob's, who reads a task that holds the canary."""
    plain: dict[str, object] = {
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
        "decides": decides,
    }
    return RecordedExchange.model_validate(plain | fields)


def result(verdict: Verdict, identity: str, **fields: object) -> Result:
    """A result with that verdict, with what it would say of itself."""
    plain: dict[str, object] = {
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
    return Result.model_validate(plain | fields)


def finding(verdict: Verdict, identity: str, **fields: object) -> Result:
    """A result of a requirement that did not hold, with its control and its attempt."""
    expected, came = (
        "that Bob reading Ann's task is refused",
        f"the answer (200) carried the private text {CANARY}",
    )
    said: dict[str, object] = {
        "reason": f"Expected {expected}; but {came}.",
        "expected": expected,
        "came": came,
        "step": "Then it is refused",
        "exchanges": [
            exchange("Given Ann and Bob are signed in", who="Ann", url="https://tasks.example.com/sign-in"),
            exchange("And Ann sees her task", who="Ann", decides=True),
            exchange(decides=True),
        ],
    }
    return result(verdict, identity, **(said | fields))


def every_verdict() -> list[Result]:
    """Two flows with a result of every verdict, and three that could not be judged for two reasons."""
    reason, remedy = NO_SECRET
    unjudged = {"reason": f"{reason} {remedy}", "remedy": remedy, "feature": "token-verification"}
    row = {"row": "how: from the second page", "name": "A list asked for from the second page is one's own"}
    files = [
        Artefact(kind="repro", path="evidence/browser-signout/repro.sh", about="The requests as curl commands"),
        Artefact(kind="screenshot", path=SCREENSHOT, about="What the browser showed"),
        Artefact(kind="trace", path=TRACE, about="All that the browser did"),
    ]
    waived = Waived(
        reason="The new form ships in January",
        owner="Accounts",
        issue="https://issues.example.com/417",
        expires=dt.date(2027, 1, 31),
    )
    return [
        finding(Verdict.FAIL, "isolation-read", severity=Severity.CRITICAL),
        finding(Verdict.FAIL, "isolation-list", **row),
        result(
            Verdict.PASS, "isolation-delete", exchanges=[exchange(), exchange("Then it is refused", status=404)]
        ),
        result(Verdict.NOT_APPLICABLE, "isolation-https", reason="The deployment is reached over plain http."),
        finding(
            Verdict.FAIL, "browser-signout", feature="browser-signin", artefacts=files, needs=["needs-browser"]
        ),
        finding(
            Verdict.WARN, "signin-alike", level=Level.SHOULD, feature="browser-signin", unreproduced="no curl"
        ),
        finding(Verdict.WAIVED, "signin-slow", level=Level.SHOULD, feature="browser-signin", waiver=waived),
        result(Verdict.NOT_TESTED, "token-claims", **unjudged),
        result(Verdict.NOT_TESTED, "token-kind", **unjudged, level=Level.SHOULD),
        result(Verdict.NOT_TESTED, "token-late", reason="the control failed.", exchanges=[exchange(decides=True)]),
        result(
            Verdict.ERROR, "token-broken", reason="ReadTimeout: no answer", traceback="steps/x.py:7: ReadTimeout"
        ),
    ]


def report(results: list[Result] | None = None, **fields: object) -> Report:
    """A report of those results, or of every verdict; ``specified`` and ``expected`` fit unless they are given."""
    results = every_verdict() if results is None else results
    counts = Counter(one.verdict for one in results)
    plain: dict[str, object] = {
        "suite": Suite(version="1.2.3"),
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
            strict=False,
            require_tested=False,
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
        "started": dt.datetime(2026, 11, 26, 17, 58, tzinfo=dt.UTC),
        "seconds": 134.2,
        "conclusion": Conclusion.NOT_CONFORMANT,
        "exit_code": Exit.NOT_CONFORMANT,
        "reasons": [f"{counts[Verdict.FAIL]} did not hold"],
        "notices": ["the waiver of signin-slow expires on 2027-01-31"],
        "specified": len(results),
        "expected": len(results),
        "ran": len(results),
        "verdicts": {verdict: counts[verdict] for verdict in Verdict},
        "sign_ups": 11,
        "sign_ins": 22,
        "throttled": 3.0,
        "results": results,
    }
    return Report.model_validate(plain | fields)


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
