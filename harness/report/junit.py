"""The report as JUnit XML, with a test case for each result."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING, assert_never

from junitparser import (
    Attr,
    Error,
    Failure,
    IntAttr,
    JUnitXml,
    Properties,
    Property,
    Skipped,
    TestCase,
    TestSuite,
)

from harness.core.exits import Exit
from harness.core.text import one_line
from harness.core.verdict import Verdict
from harness.report.causes import cause_by_key
from harness.report.text import finding_text, verdict_sentence

if TYPE_CHECKING:
    from junitparser.junitparser import FinalResult

    from harness.report.document import Report
    from harness.results.result import Result

_NAME = "auth-conformance"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 can't hold, not even escaped."""


class _Case(TestCase):
    file = Attr()
    line = IntAttr()


def render(report: Report) -> str:
    """The whole document.

    A test case has the requirement's identity as its name. A failure is what makes the run red. Where the run is
    red and none of its results is, as for a stale waiver, a test case of the suite's own fails: a reader of this
    file alone must not take the run for a green one.
    """
    document = JUnitXml(_NAME)
    cause_of = cause_by_key(report.results)
    for flow, results in report.flows().items():
        cases = [_case(report, result, cause_of.get(result.key)) for result in results]
        document.add_testsuite(_suite(report, flow, cases))
    if report.exit_code and not any(map(report.is_red, report.results)):
        document.add_testsuite(_suite(report, _NAME, [_whole_run(report)]))
    document.update_statistics()  # type: ignore[no-untyped-call]
    written = io.BytesIO()
    document.write(written, pretty=True)
    return written.getvalue().decode("utf-8")


def _suite(report: Report, name: str, cases: list[TestCase]) -> TestSuite:
    suite = TestSuite(_line(name))
    # The format's own times have no zone; they are taken for UTC.
    suite.timestamp = report.started.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    about = {
        "target": report.target.title,
        "profile": report.target.profile,
        "base_url": report.target.base_url,
        "api_url": report.target.api_url,
        **({"auth_url": report.target.auth_url} if report.target.auth_url else {}),
        "seed": str(report.settings.seed),
        "version": report.suite.version,
        "specification": report.suite.specification,
        "conclusion": report.conclusion,
    }
    for key, value in about.items():
        suite.add_property(key, _text(value))
    suite.add_testcases(cases)
    return suite


def _case(report: Report, result: Result, cause: str | None) -> TestCase:
    case = _Case(_line(result.key), _line(result.feature), result.seconds)
    if not result.is_own:
        case.file = _line(f"features/{result.feature}.feature")
    case.line = result.line
    about = {
        "requirement": result.title,
        "verdict": result.verdict,
        "level": result.level,
        "severity": result.severity,
        "sources": ", ".join(result.sources),
        **({"blocker": result.blocker} if result.blocker is not None else {}),
        **({"own": "true"} if result.is_own else {}),
        **({"cause": cause} if cause is not None else {}),
    }
    properties = Properties()  # type: ignore[no-untyped-call]
    for key, value in about.items():
        properties.add_property(Property(key, _line(value)))
    case.append(properties)  # type: ignore[no-untyped-call]
    if (ending := _ending(report, result)) is not None:
        case.result = ending
    elif result.verdict is Verdict.WARN:
        case.system_out = _text(finding_text(result))
    return case


def _ending(report: Report, result: Result) -> FinalResult | None:
    """A test case's ending; None for a pass and a green warning."""
    if report.is_red(result):
        kind = Error if result.verdict is Verdict.ERROR else Failure
        ending: FinalResult = kind(_line(result.reason), result.verdict.value)
        ending.text = _text(finding_text(result))
        return ending
    match result.verdict:
        case Verdict.NOT_APPLICABLE | Verdict.NOT_TESTED | Verdict.WAIVED:
            return Skipped(_text(verdict_sentence(result)), result.word)
        case Verdict.PASS | Verdict.WARN | Verdict.FAIL | Verdict.ERROR:
            return None
        case _:
            assert_never(result.verdict)


def _whole_run(report: Report) -> TestCase:
    case = TestCase("run", _NAME)
    kind = Failure if report.exit_code is Exit.NOT_CONFORMANT else Error
    ending = kind(_line("; ".join(report.reasons) or report.summary), report.conclusion.value)
    ending.text = _text("\n".join([*report.reasons, report.summary]))
    case.result = ending
    return case


def _line(text: str) -> str:
    """Text as one line, for an attribute."""
    return _text(one_line(text))


def _text(text: str) -> str:
    return _FORBIDDEN.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
