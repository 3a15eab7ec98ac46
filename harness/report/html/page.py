"""The report as one HTML file that needs nothing else.

No request leaves it, and it reads well without scripts.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, assert_never

from jinja2 import Template

from harness.core.verdict import Conclusion, Verdict
from harness.report.causes import UNJUDGED
from harness.report.html import view
from harness.report.html.environment import asset, environment
from harness.report.slowest import slowest, slowest_steps

if TYPE_CHECKING:
    from harness.report.document import Report


def render(report: Report) -> str:
    """The whole page."""
    return template().render(
        report=report,
        flows=view.flows(report),
        found=view.found(report),
        shared=view.shared(report),
        by_key={result.key: result for result in report.results},
        reasons=[reason for verdict in UNJUDGED for reason in view.reasons(report, verdict)],
        slowest=slowest(report),
        slowest_steps=slowest_steps(report),
        verdicts=[verdict for verdict in view.ORDER if report.of(verdict)],
        look=_look(report.conclusion),
        look_of=_look,
        style=asset("page.css"),
        script=asset("page.js"),
    )


@cache
def template() -> Template:
    """The page's template, compiled once."""
    return environment().get_template("page.html")


def _look(conclusion: Conclusion) -> Verdict:
    """The verdict whose colour and sign a conclusion has."""
    match conclusion:
        case Conclusion.CONFORMANT:
            return Verdict.PASS
        case Conclusion.WITH_WAIVERS:
            return Verdict.WAIVED
        case Conclusion.UNDECIDED | Conclusion.PARTIAL:
            return Verdict.NOT_TESTED
        case Conclusion.NOT_CONFORMANT:
            return Verdict.FAIL
        case Conclusion.BROKEN:
            return Verdict.ERROR
        case _:
            assert_never(conclusion)
