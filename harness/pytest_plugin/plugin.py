"""The hooks and fixtures of the suite."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.browser.install import BrowserError, Display, given_executable
from harness.browser.pool import Browsers
from harness.browser.shared import Shared
from harness.core.exits import Exit
from harness.core.findings import Unmet
from harness.core.redaction import redact, registered
from harness.core.text import printable
from harness.core.verdict import Verdict
from harness.deployment.deployment import Deployment
from harness.deployment.expiry import Expiry
from harness.deployment.people import PersonFactory
from harness.doctor.findings import Unusable
from harness.profile import capabilities
from harness.profile.target import Target, TargetError
from harness.pytest_plugin import step_index
from harness.pytest_plugin.announcements import Announcements, send
from harness.pytest_plugin.belief import believable
from harness.pytest_plugin.collection import FeatureFile, scenario_of
from harness.pytest_plugin.dry_run import DryRun
from harness.pytest_plugin.interruption import Interruption
from harness.pytest_plugin.options import Options, add_options, read_options
from harness.pytest_plugin.outcomes import carry, status_of, unjudged_as_skip, with_earlier
from harness.pytest_plugin.own_features import own_folder
from harness.pytest_plugin.recorder import SECRETS, Recorder
from harness.pytest_plugin.result_maker import recorded
from harness.pytest_plugin.run_target import RunTarget, join, joined_journal, open_client
from harness.pytest_plugin.selection import (
    NEEDS_BROWSER,
    check_selection,
    feature_files,
    may_need_browser,
)
from harness.pytest_plugin.step_times import StepTimes, timed
from harness.pytest_plugin.workflow_log import WorkflowLog
from harness.report.folder import prepare
from harness.report.report_json import ReportError
from harness.scenario.cast import Cast
from harness.scenario.world import World
from harness.specification.tags import OBSERVATION, described
from harness.wire.transcript import Transcript

if TYPE_CHECKING:
    from pytest_bdd.parser import Step

OPTIONS = pytest.StashKey[Options]()
RUN_TARGET = pytest.StashKey[RunTarget]()
_LATE = ("needs-delete-user", "needs-rotate-keys", OBSERVATION, "needs-rate-limit")
"""What runs after all else, by its tags, in this order."""
WORLD = pytest.StashKey[World]()
ANNOUNCEMENTS = pytest.StashKey[Announcements]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the suite's options."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Check the options before anything else happens, and prepare the run."""
    step_index.install()
    config.pluginmanager.register(StepTimes(), "auth-conformance-step-times")
    for tag, meaning in described().items():
        config.addinivalue_line("markers", f"{tag}: {meaning}")
    options = read_options(config)
    config.stash[OPTIONS] = options
    if not _is_worker(config):
        check_selection(config)
        _must_exist(options.browser_executable, options.display)
        if config.getoption("dry_run"):
            config.pluginmanager.register(DryRun(config, options), "auth-conformance-dry-run")
            return
        interruption = Interruption()
        interruption.listen()
        config.pluginmanager.register(interruption, "auth-conformance-interruption")
        config.stash[ANNOUNCEMENTS] = Announcements(lambda text: _announcer(config)(text))
        config.stash[RUN_TARGET] = RunTarget(options, announce=lambda text: _announcer(config)(text))
        recorder = Recorder(config, options, config.stash[RUN_TARGET], interruption)
        config.pluginmanager.register(recorder, "auth-conformance-recorder")
        if WorkflowLog.is_wanted(config):
            log = WorkflowLog(config, lambda: recorder.report)
            config.pluginmanager.register(log, "auth-conformance-workflow-log")


def _must_exist(browser: str | None, display: Display) -> None:
    try:
        given_executable(browser, display)
    except BrowserError as error:
        raise pytest.UsageError(str(error)) from error


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand a worker's secrets to the process that writes the report."""
    if _is_worker(session.config):
        session.config.workeroutput[SECRETS] = registered()  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop whatever the run started, also when it was interrupted."""
    if (announcements := config.stash.get(ANNOUNCEMENTS, None)) is not None:
        announcements.close()
    if (run_target := config.stash.get(RUN_TARGET, None)) is not None:
        run_target.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect ``.feature`` files as they are."""
    if file_path.suffix != ".feature":
        return None
    # pytest has no name for a file outside its root directory, and would call scenarios of two of them alike.
    name: Any = file_path.name if file_path.parent == own_folder(parent.config) else None
    return FeatureFile.from_parent(parent, path=file_path, nodeid=name)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Open the target in a run without workers that has scenarios."""
    run_target = session.config.stash.get(RUN_TARGET, None)
    wanted = [scenario for item in session.items if (scenario := scenario_of(item)) is not None]
    if run_target is not None and wanted and not session.config.getoption("collectonly"):
        run_target.in_browser = any(NEEDS_BROWSER in scenario.tags.needs for scenario in wanted)
        _open(run_target)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run last what others would miss, and what judges the others' answers.

    Accounts are deleted by then, and limits reached.
    """
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    return max((place + 1 for place, tag in enumerate(_LATE) if item.get_closest_marker(tag)), default=0)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - xdist's class is not typed
    """Open the target before the first worker starts; each gets its ticket."""
    if _will_run_features(node.config):
        run_target = node.config.stash[RUN_TARGET]
        run_target.in_browser = may_need_browser(node.config)
        _open(run_target)
        announcements = {"announcements": node.config.stash[ANNOUNCEMENTS].open()}
        node.workerinput["auth_conformance"] = run_target.ticket() | announcements


def _open(run_target: RunTarget) -> None:
    try:
        _prepare(run_target.options)
        run_target.open()
    except Unusable as error:
        run_target.unusable = f"The target can't be tested: {printable(redact(str(error)))}"
        pytest.exit(run_target.unusable, Exit.TARGET_UNUSABLE)
    except (TargetError, ReportError) as error:
        raise pytest.UsageError(printable(redact(str(error)))) from error


def _prepare(options: Options) -> None:
    """Make the folders of all that a run writes."""
    prepare(options.report_dir)
    if options.cucumber is not None:
        prepare(options.cucumber.parent, "--cucumber-messages: the folder")
    if options.history is not None:
        prepare(options.history, "--history")


def _will_run_features(config: pytest.Config) -> bool:
    return bool(feature_files(config))


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


# --- the world of a scenario ---


@pytest.fixture(scope="session")
def deployment(pytestconfig: pytest.Config) -> Iterator[Deployment]:
    """The target with the one client that this process has."""
    options = pytestconfig.stash[OPTIONS]
    target = _target(pytestconfig)
    client = open_client(target, options, _announcer(pytestconfig))
    client.heartbeat.join(_ticket(pytestconfig)["heartbeat"])
    yield Deployment(target, client, journal=joined_journal(options, target))
    client.close()


def _announcer(config: pytest.Config) -> Callable[[str], None]:
    if _is_worker(config):
        address = _ticket(config)["announcements"]
        return lambda text: send(address, text)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    capture = config.pluginmanager.get_plugin("capturemanager")

    def announce(text: str) -> None:
        if reporter is not None:
            with capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
                reporter.write_line(f"  {printable(text)}", yellow=True)
                reporter.flush()

    return announce


@pytest.fixture(scope="session")
def cast(deployment: Deployment, pytestconfig: pytest.Config) -> Iterator[Cast]:
    """The people of this process.

    At the end their accounts are deleted where the deployment can.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    factory = PersonFactory(deployment.target.profile.people, pytestconfig.stash[OPTIONS].seed + worker)
    company = Cast(factory, deployment)
    yield company
    if pytestconfig.stash[OPTIONS].web is not None:
        # The reference backend's database goes away with the run.
        company.delete_accounts()


@pytest.fixture(scope="session")
def browsers(deployment: Deployment, pytestconfig: pytest.Config) -> Iterator[Browsers]:
    """The browser of this process; it starts when a scenario needs it."""
    options = pytestconfig.stash[OPTIONS]
    found = Browsers(
        deployment,
        options.browser_executable,
        _announcer(pytestconfig),
        options.tracing,
        shared=Shared(limit=options.page_limit),
        display=options.display,
    )
    found.shared.learn(_ticket(pytestconfig)["pages"])
    yield found
    found.stop()


@pytest.fixture
def world(
    request: pytest.FixtureRequest, deployment: Deployment, cast: Cast, browsers: Browsers
) -> Iterator[World]:
    """A fresh world for one scenario."""
    deployment.client.heartbeat.must_go_on()
    deployment.client.transcript = Transcript()
    deployment.asked.clear()
    options = request.config.stash[OPTIONS]
    expiry = Expiry(deployment.target, options.max_wait)
    scene = World(cast, deployment, expiry, browsers=browsers, listening=options.listening)
    request.node.stash[WORLD] = scene
    yield scene
    browsers.close_windows()
    scene.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Ask for what the scenario's tags say it needs."""
    scenario = scenario_of(item)
    if scenario is None:
        return (yield)
    with unjudged_as_skip():
        capabilities.check(_target(item.config), scenario.tags.needs)
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Skip a scenario that could not be judged, without an expensive traceback."""
    if scenario_of(item) is None:
        return (yield)
    with unjudged_as_skip():
        try:
            with believable(lambda: item.stash.get(WORLD, None)):
                return (yield)
        except Unmet as found:
            # pytest would write out the arguments of each call on the way, with all that was ever said.
            raise found.with_traceback(None) from None


def _target(config: pytest.Config) -> Target:
    if _is_worker(config):
        return join(config.stash[OPTIONS], _ticket(config))
    return config.stash[RUN_TARGET].open()


def _ticket(config: pytest.Config) -> dict[str, Any]:
    """What the process that the user started knows of the target."""
    if _is_worker(config):
        given: dict[str, Any] = config.workerinput["auth_conformance"]  # type: ignore[attr-defined]
        return given
    return config.stash[RUN_TARGET].ticket()


@pytest.hookimpl(optionalhook=True)
def pytest_bdd_before_step_call(request: pytest.FixtureRequest, step: Step) -> None:
    """Note under which step the next exchanges happen."""
    # The first step has made the world by now.
    if (scene := request.node.stash.get(WORLD, None)) is not None:
        scene.deployment.client.transcript.step = f"{step.keyword} {step.name}"


# --- verdicts ---


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn how a scenario ended into its verdict."""
    report = yield
    scenario = scenario_of(item)
    if scenario is not None:
        scene = item.stash.get(WORLD, None)
        options = item.config.stash[OPTIONS]
        result = recorded(report, call, scenario, scene, options)
        if result is not None:
            result = timed(item, report, result)
            carry(report, with_earlier(item, report, result), options.strictness, options.report_shown)
        if scene is not None and call.excinfo is not None:
            scene.cast.recheck(
                keeps_others=result is not None and result.stopped_short,
                may_be_as_before=result is not None and result.verdict is Verdict.NOT_TESTED,
            )
    return report


def pytest_report_teststatus(report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, Any] | None:
    """Show the verdict's own word where pytest has none for it."""
    return status_of(report)
