"""The report of a run, put together from its results."""

from __future__ import annotations

import json
import platform
import time
from collections import Counter
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from harness.core.blocker import Blocker
from harness.core.redaction import redact
from harness.core.text import listed
from harness.core.verdict import Verdict
from harness.discovery.found import HOW
from harness.profile.capabilities import absences, capabilities
from harness.report.causes import shared_causes
from harness.report.declared import Declarations, with_places
from harness.report.document import (
    Deployment,
    Environment,
    FoundByLooking,
    OwnFeatures,
    Report,
    Settings,
    Suite,
)
from harness.report.text import loaded_from, one_cause
from harness.specification.catalogue import UNCOVERED, specified
from harness.specification.version import specification_version

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from harness.core.verdict import Outcome
    from harness.discovery.found import FoundProfile
    from harness.profile.reach import Reach
    from harness.pytest_plugin.options import Options
    from harness.pytest_plugin.run_target import RunTarget
    from harness.results.result import Run


def assemble(
    run: Run,
    outcome: Outcome,
    run_target: RunTarget,
    options: Options,
    started: dt.datetime,
    arguments: Sequence[str],
    taken: str = "",
) -> Report:
    """The report of a run, with every secret masked.

    Results come masked from their workers, but each of those knows only its own secrets.
    """
    target = run_target.open()
    results, counts, untested = run.of(*Verdict), run.counts(), run.untested()
    if options.chain is not None:
        results = with_places(results, Declarations(options.chain, target.web, target.api, target.auth_url))
    cause = one_cause(results, run.expected)
    origins = sorted({origin for result in results for origin in result.other_origins})
    return _masked(
        Report(
            suite=Suite(version=version("auth-conformance"), specification=specification_version()),
            target=Deployment(
                title=target.profile.title,
                profile=target.profile.name,
                base_url=target.web,
                api_url=target.api,
                found=_found(run_target.found),
                auth_url=target.auth_url or "",
            ),
            capabilities=capabilities(target),
            absent=absences(target),
            environment=Environment(
                python=platform.python_version(),
                platform=f"{platform.system()} {platform.machine()}",
                postgres=run_target.postgres,
            ),
            settings=Settings(
                seed=options.seed,
                strict=options.strictness.warnings,
                require_tested=options.strictness.untested,
                waivers=len(options.waivers.entries),
                arguments=[redact(word) for word in arguments],
                taken=taken.removeprefix("settings: "),
            ),
            started=started,
            seconds=round(time.time() - started.timestamp(), 1),
            conclusion=outcome.conclusion,
            exit_code=outcome.exit_code,
            reasons=list(outcome.reasons),
            notices=[
                *_unconfirmed(run_target.found),
                *([cause] if cause else []),
                *_unverified(options),
                *_let_through(target.profile.reach),
                *loaded_from(origins),
                *options.waivers.warnings(),
            ],
            specified=specified(),
            expected=run.expected,
            ran=run.ran,
            verdicts={verdict: counts[verdict] for verdict in Verdict},
            untested={blocker: untested[blocker] for blocker in Blocker},
            own=_own(run),
            uncovered=list(UNCOVERED),
            sign_ups=run_target.sign_ups + sum(result.sign_ups for result in results),
            sign_ins=run_target.sign_ins + sum(result.sign_ins for result in results),
            throttled=round(sum(result.throttled for result in results), 1),
            other_origins=origins,
            causes=shared_causes(results),
            results=results,
        )
    )


def _own(run: Run) -> OwnFeatures | None:
    counts = Counter(result.verdict for result in run.own())
    if not (run.own_expected or counts):
        return None
    verdicts = {verdict: counts[verdict] for verdict in Verdict}
    return OwnFeatures(expected=run.own_expected, ran=counts.total(), verdicts=verdicts)


def _unverified(options: Options) -> list[str]:
    return ["TLS certificates were not verified (--insecure)"] if options.trust.insecure else []


def _found(found: FoundProfile | None) -> FoundByLooking | None:
    if found is None:
        return None
    left_out = [str(one) for one in found.left_out]
    return FoundByLooking(recognised=found.recognised, evidence=found.evidence, left_out=left_out, toml=found.text)


def _unconfirmed(found: FoundProfile | None) -> list[str]:
    """That the profile was found by looking, and what was not."""
    return [HOW, *(f"not found: {one}" for one in found.left_out)] if found is not None else []


def _let_through(reach: Reach) -> list[str]:
    ways = [f"the header {name}" for name in reach.headers] + (["basic auth"] if reach.basic is not None else [])
    return [f"each request also had {listed(ways, 'and')} ([reach] of the profile)"] if ways else []


def _masked(report: Report) -> Report:
    return Report.model_validate(_masked_json(json.loads(report.model_dump_json())))


def _masked_json(data: Any) -> Any:  # noqa: ANN401 - JSON is any
    if isinstance(data, dict):
        return {key: _masked_json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_masked_json(value) for value in data]
    return redact(data) if isinstance(data, str) else data
