"""A run as Cucumber messages, which living documentation and other reports read.

https://github.com/cucumber/messages describes them. They have fewer words than we do: what neither held nor made
the run red is skipped there, and the message says our verdict.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import platform
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, assert_never

from gherkin.stream.id_generator import IdGenerator

from harness.core.verdict import Verdict
from harness.report.text import finding_text, verdict_sentence
from harness.specification.catalogue import FEATURES
from harness.specification.documents import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from harness.report.document import Report
    from harness.results.result import Result
    from harness.specification.documents import Document

    Message = dict[str, Any]

PROTOCOL = "34.2.0"
"""The version of the messages that these are."""
_NANOS = 1_000_000_000


def render(report: Report, sources: Mapping[str, Path], folder: Path) -> str:
    """All messages, a line of JSON each.

    ``sources`` are the feature files by the names of their flows, ``folder`` has the report's files.
    """
    ids = IdGenerator()
    documents = {
        flow: read_document(sources[flow], _uri(sources[flow]), ids) for flow in report.flows() if flow in sources
    }
    messages = _Messages(report, folder, documents, ids).all()
    return "".join(f"{json.dumps(message, ensure_ascii=False)}\n" for message in messages)


def _uri(path: Path) -> str:
    return f"features/{path.name}" if path.parent == FEATURES else path.as_posix()


@dataclass
class _Case:
    """A result with the pickle and the steps of its test case."""

    result: Result
    pickle: Message
    id: str
    started: str
    steps: list[str]


@dataclass
class _Messages:
    report: Report
    folder: Path
    documents: Mapping[str, Document]
    ids: IdGenerator
    run: str = field(init=False)

    def __post_init__(self) -> None:
        self.run = self.ids.get_next_id()

    def all(self) -> Iterator[Message]:
        yield {"meta": _meta(self.report)}
        for document in self.documents.values():
            yield {"source": _source(document)}
            yield {"gherkinDocument": document.tree}
            for pickle in document.pickles.values():
                yield {"pickle": pickle}
        yield {"testRunStarted": {"id": self.run, "timestamp": _moment(self.report.started)}}
        cases = [*self._cases()]
        for case in cases:
            yield {"testCase": self._test_case(case)}
        for case in cases:
            yield from self._executed(case)
        ended = self.report.started + dt.timedelta(seconds=self.report.seconds)
        yield {
            "testRunFinished": {
                "testRunStartedId": self.run,
                "success": not self.report.exit_code,
                "message": self.report.summary,
                "timestamp": _moment(ended),
            }
        }

    def _cases(self) -> Iterator[_Case]:
        for result in self.report.results:
            document = self.documents.get(result.feature)
            pickle = document.pickles.get((result.identity, result.row)) if document is not None else None
            if pickle is not None:
                steps = [self.ids.get_next_id() for _ in pickle["steps"]]
                yield _Case(result, pickle, self.ids.get_next_id(), self.ids.get_next_id(), steps)

    def _test_case(self, case: _Case) -> Message:
        steps = zip(case.steps, case.pickle["steps"], strict=True)
        return {
            "id": case.id,
            "testRunStartedId": self.run,
            "pickleId": case.pickle["id"],
            "testSteps": [{"id": step, "pickleStepId": pickled["id"]} for step, pickled in steps],
        }

    def _executed(self, case: _Case) -> Iterator[Message]:
        now = case.result.started or self.report.started
        about = {"id": case.started, "testCaseId": case.id, "attempt": 0, "timestamp": _moment(now)}
        yield {"testCaseStarted": about}
        for place, step in enumerate(case.steps):
            where = {"testCaseStartedId": case.started, "testStepId": step}
            yield {"testStepStarted": {**where, "timestamp": _moment(now)}}
            seconds = case.result.step_seconds[place] if place < len(case.result.step_seconds) else 0.0
            now += dt.timedelta(seconds=seconds)
            if place == _deciding(case.result):
                yield from ({"attachment": {**one, **where}} for one in self._pictures(case.result))
            outcome = {"duration": _duration(seconds), **self._outcome(case.result, place)}
            yield {"testStepFinished": {**where, "testStepResult": outcome, "timestamp": _moment(now)}}
        ended = {"testCaseStartedId": case.started, "timestamp": _moment(now), "willBeRetried": False}
        yield {"testCaseFinished": ended}

    def _outcome(self, result: Result, place: int) -> Message:
        """Status and message of one step."""
        if result.verdict is Verdict.PASS or place < _deciding(result):
            return {"status": "PASSED"}
        if place > _deciding(result):
            return {"status": "SKIPPED"}
        return {"status": self._status(result), "message": _said(result)}

    def _status(self, result: Result) -> str:
        if self.report.is_red(result):
            return "FAILED"
        match result.verdict:
            case Verdict.PASS:
                return "PASSED"
            case Verdict.WARN | Verdict.WAIVED | Verdict.NOT_TESTED | Verdict.NOT_APPLICABLE:
                return "SKIPPED"
            case Verdict.FAIL | Verdict.ERROR:
                return "FAILED"
            case _:
                assert_never(result.verdict)

    def _pictures(self, result: Result) -> Iterator[Message]:
        for artefact in result.artefacts:
            file = self.folder / artefact.path
            if artefact.kind == "screenshot" and file.is_file():
                yield {
                    "body": base64.b64encode(file.read_bytes()).decode(),
                    "contentEncoding": "BASE64",
                    "mediaType": "image/png",
                    "fileName": file.name,
                }


def _deciding(result: Result) -> int:
    """The place of the step that decided: the last that ran."""
    return max(0, min(len(result.step_seconds), len(result.steps)) - 1)


def _said(result: Result) -> str:
    match result.verdict:
        case Verdict.NOT_TESTED | Verdict.NOT_APPLICABLE | Verdict.WAIVED:
            return verdict_sentence(result)
    return finding_text(result)


def _meta(report: Report) -> Message:
    return {
        "protocolVersion": PROTOCOL,
        "implementation": {"name": report.suite.name, "version": report.suite.version},
        "runtime": {"name": platform.python_implementation(), "version": report.environment.python},
        "os": {"name": platform.system()},
        "cpu": {"name": platform.machine()},
    }


def _source(document: Document) -> Message:
    return {"uri": document.uri, "data": document.source, "mediaType": "text/x.cucumber.gherkin+plain"}


def _moment(when: dt.datetime) -> Message:
    since = when - dt.datetime.fromtimestamp(0, dt.UTC)
    return {"seconds": since.days * 86_400 + since.seconds, "nanos": since.microseconds * 1000}


def _duration(seconds: float) -> Message:
    whole = round(seconds * _NANOS)
    return {"seconds": whole // _NANOS, "nanos": whole % _NANOS}
