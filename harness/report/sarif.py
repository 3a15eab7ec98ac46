"""The report as SARIF 2.1.0, for code scanning.

A result is what did not hold: at the line of the profile that declares what was asked, if that is a file in the
repository, else at the specification's page. A pass, and what does not apply, is no result: viewers would show it
as an alert.

Plain dictionaries: the object models on PyPI are old or little used, and few of the format's objects are needed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any, assert_never
from urllib.parse import quote

from harness.core.exits import Exit
from harness.core.text import json_text
from harness.core.verdict import Level, Severity, Verdict
from harness.report.causes import UNMET, cause_by_key
from harness.report.markup import plain
from harness.report.text import verdict_sentence
from harness.results.result import Place
from harness.results.sources import source_or_tag
from harness.specification.catalogue import requirements

if TYPE_CHECKING:
    from harness.report.document import Report
    from harness.results.result import Result
    from harness.specification.catalogue import RequirementMetadata

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
SPECIFICATION = "github.com/auth-conformance/auth-conformance/blob/main/docs/specification.md"
"""Where each requirement can be read.

Without a scheme: for one location with https code scanning rejects the whole file.
"""
_ENDED = (Exit.CONFORMANT, Exit.NOT_CONFORMANT)
"""Exit codes of a run that ended as it should."""


def render(report: Report) -> str:
    """The whole document."""
    # The catalogue has an outline's name, which fits every row; a user's own features are not in it.
    rules = {result.identity: requirements().get(result.identity, result) for result in report.results}
    order = {identity: index for index, identity in enumerate(rules)}
    found = report.of(*UNMET)
    cause_of = cause_by_key(report.results)
    run = {
        "tool": {
            "driver": {
                "name": report.suite.name,
                "version": report.suite.version,
                "semanticVersion": report.suite.version,
                "rules": [_rule(rule) for rule in rules.values()],
            }
        },
        # Code scanning keeps what was uploaded for one category until that category comes again.
        "automationDetails": {"id": f"{report.suite.name}/{report.target.profile}/"},
        "invocations": [_invocation(report, order)],
        "results": [_result(result, order, cause_of[result.key]) for result in found],
        "columnKind": "unicodeCodePoints",
        "properties": {
            "target": report.target.model_dump(),
            "specification": report.suite.specification,
            "seed": report.settings.seed,
            "conclusion": report.conclusion,
            "verdicts": report.verdicts,
        },
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: RequirementMetadata) -> dict[str, Any]:
    # A user's own features may name a source that nobody knows.
    sources = [one for one in map(source_or_tag, rule.sources) if one.address]
    about = f"{rule.level.upper()}, severity {rule.severity}, flow {rule.feature}."
    said = {"Why it matters": rule.why, "How to fix it": rule.fix} if rule.why and rule.fix else {}
    return {
        "id": rule.identity,
        "name": "".join(word.capitalize() for word in rule.identity.split("-")),
        "shortDescription": {"text": rule.name},
        "fullDescription": {"text": " ".join(filter(None, (f"{rule.name}.", rule.why, about)))},
        "help": {
            "text": "\n".join(
                [
                    about,
                    *(f"{head}: {words}" for head, words in said.items()),
                    *(f"{one.name}: {one.address}" for one in sources),
                ]
            ),
            "markdown": "\n".join(
                [
                    about,
                    "",
                    *(line for head, words in said.items() for line in (f"**{head}:** {plain(words)}", "")),
                    *(f"- [{one.name}]({one.address})" for one in sources),
                ]
            ),
        },
        **({"helpUri": f"https://{SPECIFICATION}#{rule.identity}"} if rule.identity in requirements() else {}),
        "defaultConfiguration": {"level": _level(rule.level)},
        "properties": {
            "tags": ["security", "authentication", rule.feature, *rule.sources, *_weaknesses(rule.sources)],
            "security-severity": _score(rule.severity),
            "precision": "very-high",
        },
    }


def _level(level: Level) -> str:
    match level:
        case Level.MUST:
            return "error"
        case Level.SHOULD:
            return "warning"
        case Level.MAY:
            return "note"
        case _:
            assert_never(level)


def _score(severity: Severity) -> str:
    """The middle of the word's range in CVSS v3.1."""
    match severity:
        case Severity.CRITICAL:
            return "9.5"
        case Severity.HIGH:
            return "8.0"
        case Severity.MEDIUM:
            return "5.5"
        case Severity.LOW:
            return "2.0"
        case _:
            assert_never(severity)


def _weaknesses(sources: list[str]) -> list[str]:
    """The tags by which code scanning knows a rule's CWE."""
    numbers = [tag.removeprefix("cwe-") for tag in sources if tag.startswith("cwe-")]
    return [f"external/cwe/cwe-{number.zfill(3)}" for number in numbers]


def _invocation(report: Report, order: dict[str, int]) -> dict[str, Any]:
    started = report.started.astimezone(dt.UTC)
    errors = report.of(Verdict.ERROR)
    return {
        "executionSuccessful": report.exit_code in _ENDED and not errors,
        "exitCode": int(report.exit_code),
        "exitCodeDescription": "; ".join(report.reasons) or report.conclusion,
        "startTimeUtc": _time(started),
        "endTimeUtc": _time(started + dt.timedelta(seconds=report.seconds)),
        "toolExecutionNotifications": [
            *(_notification(result, order, "error") for result in errors),
            *(
                _notification(result, order, "warning" if report.is_red(result) else "note")
                for result in report.of(Verdict.NOT_TESTED)
            ),
        ],
        "toolConfigurationNotifications": [
            {"message": _message(text), "level": "note"} for text in report.notices
        ],
    }


def _time(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _notification(result: Result, order: dict[str, int], level: str) -> dict[str, Any]:
    return {
        "message": _message(f"{result.verdict}: {result.title} ({result.key}): {result.reason}"),
        "level": level,
        "associatedRule": {"id": result.identity, "index": order[result.identity]},
        "locations": [_location(result)],
    }


def _result(result: Result, order: dict[str, int], cause: str) -> dict[str, Any]:
    return {
        "ruleId": result.identity,
        "ruleIndex": order[result.identity],
        "kind": "fail",
        "level": _level(result.level),
        "message": _message(result.reason),
        "locations": [_location(result)],
        "partialFingerprints": {
            # Code scanning reads this one. The rows of an outline, which share rule and line, differ in it.
            "primaryLocationLineHash": f"{hashlib.sha256(result.key.encode()).hexdigest()[:16]}:1",
            "requirement/v1": result.key,
        },
        **_suppressed(result),
        "properties": {
            "requirement": result.title,
            "key": result.key,
            "verdict": result.verdict,
            "severity": result.severity,
            "scenario": f"features/{result.feature}.feature:{result.line}",
            "step": result.step,
            "cause": cause,
        },
    }


def _suppressed(result: Result) -> dict[str, Any]:
    if result.verdict is not Verdict.WAIVED:
        return {}
    return {
        "suppressions": [{"kind": "external", "status": "accepted", "justification": verdict_sentence(result)}]
    }


def _location(result: Result) -> dict[str, Any]:
    place = result.declared or Place(file=SPECIFICATION, line=1)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(place.file)},
            "region": {"startLine": place.line},
        },
        "logicalLocations": [{"fullyQualifiedName": result.key, "kind": "member"}],
    }


def _message(text: str) -> dict[str, str]:
    # A deployment's words must not become a link; nothing else in brackets is one.
    return {"text": text.replace("](", "] (")}
