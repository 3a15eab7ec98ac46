"""The document of a run, put together from its results; and written so that no secret stays in any file."""

from __future__ import annotations

import platform
import time
from importlib.metadata import version
from typing import TYPE_CHECKING

from harness.core.redaction import redact
from harness.core.verdict import Verdict
from harness.evidence.leaks import remove_leaks
from harness.profile.capabilities import absences, capabilities
from harness.pytest_plugin.report_files import masked, write_report
from harness.report.document import Deployment, Environment, Report, Settings, Suite
from harness.report.summary import one_cause
from harness.specification.catalogue import specified

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from harness.core.verdict import Outcome
    from harness.pytest_plugin.options import Options
    from harness.pytest_plugin.run_target import Stage
    from harness.results.result import Run


def assemble(
    run: Run, outcome: Outcome, stage: Stage, options: Options, started: dt.datetime, arguments: Sequence[str]
) -> Report:
    """The report of a run that amounts to ``outcome``; every secret that is known by now is masked."""
    target = stage.open()
    results, counts = run.of(*Verdict), run.counts()
    cause = one_cause(results, run.expected)
    return masked(
        Report(
            suite=Suite(version=version("auth-conformance")),
            target=Deployment(
                title=target.profile.title, profile=target.profile.name, base_url=target.web, api_url=target.api
            ),
            capabilities=capabilities(target),
            absent=absences(target),
            environment=Environment(
                python=platform.python_version(),
                platform=f"{platform.system()} {platform.machine()}",
                postgres=stage.postgres,
            ),
            settings=Settings(
                seed=options.seed,
                strict=options.strictness.warnings,
                require_tested=options.strictness.untested,
                waivers=len(options.waivers.entries),
                arguments=[redact(word) for word in arguments],
            ),
            started=started,
            seconds=round(time.time() - started.timestamp(), 1),
            conclusion=outcome.conclusion,
            exit_code=outcome.exit_code,
            reasons=list(outcome.reasons),
            notices=[*([cause] if cause else []), *options.waivers.warnings()],
            specified=specified(),
            expected=run.expected,
            ran=run.ran,
            verdicts={verdict: counts[verdict] for verdict in Verdict},
            sign_ups=stage.sign_ups + sum(result.sign_ups for result in results),
            sign_ins=stage.sign_ins + sum(result.sign_ins for result in results),
            throttled=round(sum(result.throttled for result in results), 1),
            results=results,
        )
    )


def write_without_leaks(folder: Path, made: Callable[[Sequence[str]], Report]) -> Report:
    """Write the report that ``made`` makes, look through all that was written, and return it.

    Where a file holds a secret it is removed, and the report is made anew with a sentence about each such file.
    """
    report = made(())
    files = {folder / artefact.path for result in report.results for artefact in result.artefacts}
    leaks = remove_leaks([*write_report(folder, report), *files])
    if leaks:
        gone = {leak.path.relative_to(folder).as_posix() for leak in leaks}
        report = made([str(leak) for leak in leaks]).without(gone)
        remove_leaks(write_report(folder, report))
    return report
