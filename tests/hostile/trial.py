"""Runs the suite against one hostile server as a user does, and measures it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.cli.main import main
from harness.core.text import tally
from harness.core.verdict import Verdict
from harness.reference.postgres import PostgresServer
from tests.detection.backend import backend, clean_environment
from tests.detection.forks import FORKS, ROOT
from tests.hostile.proxy import Proxy
from tests.hostile.registry import Kind

_ORDER = tuple(verdict.value for verdict in Verdict)
_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What a terminal may take for a command: control characters, those of C1 among them."""
_STOPPED = "The target can't be tested: "
_CAP = 4.0
"""A run is ended after so many times its bound."""


@dataclass(frozen=True)
class Trial:
    """What came of a run: exit code, verdicts, seconds, peak memory in MB, and what was not as demanded."""

    kind: Kind
    code: int
    verdicts: dict[str, int]
    seconds: float
    megabytes: int
    said: str
    output: str
    problems: tuple[str, ...] = ()

    @property
    def counts(self) -> str:
        """The verdicts in words."""
        return tally(Counter(self.verdicts), _ORDER) if self.verdicts else "no report"


@dataclass
class Lane:
    """A backend with the proxy in front of it; one kind at a time."""

    proxy: Proxy
    environment: dict[str, str]

    def run(self, kind: Kind, folder: Path, *, bounded: bool = True) -> Trial:
        """Run the suite against that kind; ``bounded`` is whether a run that takes too long is a problem."""
        words = ["run", self.proxy.url, "--target", kind.profile, "--report-dir", str(folder)]
        words += ["-m", kind.scenarios, *kind.options]
        environment = {**clean_environment(), "COLUMNS": "200", **self.environment, **kind.environment}
        with self.proxy.being(kind.answer):
            started = time.monotonic()
            process = FORKS.Process(target=_command, args=(words, environment, folder))
            process.start()
            process.join(kind.seconds * _CAP)
            if process.is_alive():
                process.kill()
                process.join()
            seconds = time.monotonic() - started
        code = process.exitcode if process.exitcode is not None else -1
        output = (folder / "output.txt").read_bytes().decode("utf-8", "replace")
        report = _report(folder)
        megabytes, busy = _used(folder)
        verdicts = {word: count for word, count in report.get("verdicts", {}).items() if count}
        problems = tuple(_problems(kind, code, report, output, busy if bounded else 0.0, megabytes))
        return Trial(kind, code, verdicts, seconds, megabytes, _said(output), output, problems)


@contextlib.contextmanager
def lane(server: PostgresServer, folder: Path) -> Iterator[Lane]:
    """A lane for as long as the context."""
    proxy = Proxy()
    with backend(server, {"REFERENCE_BASE_URL": proxy.url}, folder, None) as running:
        proxy.backend = running.listens_at
        yield Lane(proxy, dict(running.environment))
    proxy.close()


def _command(words: list[str], environment: dict[str, str], folder: Path) -> None:
    """Become `auth-conformance` with these words; its output and its peak of memory are left in the folder."""
    os.environ.clear()
    os.environ.update({**environment, "PYTHONPATH": str(ROOT)})
    os.chdir(folder)
    with (folder / "output.txt").open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    code = main(words)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    peak, busy = max(one.ru_maxrss for one in used), sum(one.ru_utime + one.ru_stime for one in used)
    (folder / "used").write_text(f"{peak} {busy:.1f}")
    sys.exit(code)


def _used(folder: Path) -> tuple[int, float]:
    """MB of the largest process and seconds of computing; of a run that was ended nothing is known."""
    path = folder / "used"
    if not path.exists():
        return 0, 0.0
    peak, busy = path.read_text().split()
    return int(peak) // (1024 if sys.platform == "linux" else 1024 * 1024), float(busy)


def _report(folder: Path) -> dict[str, Any]:
    path = folder / "report.json"
    content: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return content


def _problems(
    kind: Kind, code: int, report: dict[str, Any], output: str, busy: float, megabytes: int
) -> Iterator[str]:
    if code not in kind.codes:
        yield f"exit code {code}, expected {' or '.join(str(int(one)) for one in kind.codes)}"
    if not report and _STOPPED not in output:
        yield "no report, although the run began to judge"
    yield from _false_findings(kind, report)
    yield from _on_terminal(kind, output)
    if busy > kind.seconds:
        yield f"{busy:.0f} s of computing, expected at most {kind.seconds:.0f}"
    if megabytes > kind.megabytes:
        yield f"{megabytes} MB, expected at most {kind.megabytes}"


def _false_findings(kind: Kind, report: dict[str, Any]) -> Iterator[str]:
    for one in report.get("results", ()):
        allowed = one["identity"] in kind.may_fail
        if (one["verdict"] in ("fail", "warn") and not allowed) or one["verdict"] == "error":
            yield f"{one['verdict']}: {one['identity']} [{one['row']}]: {one['reason'][:300]}"


def _on_terminal(kind: Kind, output: str) -> Iterator[str]:
    for word in ("Traceback", "INTERNALERROR"):
        if word in output:
            yield f"{word} in the output"
    if raw := _RAW.search(output):
        yield f"a raw {raw[0]!r} in the output"
    if kind.shows and not re.search(kind.shows, output):
        yield f"the output does not say /{kind.shows}/"


def _said(output: str) -> str:
    """The line that explains the run's end best."""
    lines = [line.strip() for line in output.splitlines()]
    for pattern in (r"The target can't be tested: ", r"red: ", r"^[\w ]+: \d+ of \d+ scenarios? appl", ""):
        if found := next((line for line in lines if re.search(pattern, line)), None):
            return found
    return ""
