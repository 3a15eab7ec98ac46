"""The shell steps of action.yml, with the environment that GitHub gives them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.core.exits import Exit
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.reference.launch import reference_target
from tests.support.composite_action import Action, Ran
from tests.support.null_servers import allow_all, running
from tests.support.suite import ROOT
from tests.support.workflow_commands import read

ACTION = Action(ROOT / "action.yml")
INSTALL, BROWSER, RUN, END = [step["name"] for step in ACTION.steps if "run" in step]
SELECTION = '-m "core and must and not needs-browser" -k signin'


@pytest.fixture(scope="module")
def temp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runner's folder, in which the action's own steps installed it once."""
    folder = tmp_path_factory.mktemp("runner")
    steps = [step for step in ACTION.steps if step["name"] in (INSTALL, BROWSER)]
    installing = Action(ROOT / "action.yml")
    installing.content = {**ACTION.content, "outputs": {}, "runs": {"steps": steps}}
    ran = installing.run(folder, folder, {"url": "http://127.0.0.1:9"})
    assert ran.failed == "", ran.log
    return folder


@pytest.fixture(scope="module")
def backend() -> Iterator[Target]:
    with reference_target(load_profile("reference"), "auto", None, {}) as (target, _):
        yield target


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def ran(workspace: Path, temp: Path, **given: str) -> Ran:
    inputs = {name.replace("_", "-"): value for name, value in given.items()}
    return ACTION.run(workspace, temp, inputs, without=(INSTALL, BROWSER))


def test_it_installs_what_its_lock_file_names(temp: Path) -> None:
    (site,) = (temp / "auth-conformance" / "venv").glob("lib/python3.*/site-packages")
    names = {path.name for path in site.glob("auth_conformance*")}
    assert names == {"auth_conformance", "auth_conformance-0.1.0.dist-info"}
    assert not list(site.glob("mypy*"))
    (on_the_path,) = (temp / "path").read_text("utf-8").splitlines()
    assert [path.name for path in Path(on_the_path).iterdir()] == ["auth-conformance"]


def test_a_deployment_that_holds_is_green_and_its_report_is_kept(
    temp: Path, workspace: Path, backend: Target
) -> None:
    (workspace / "mine.toml").write_text('extends = "reference"\n', "utf-8")
    done = ran(workspace, temp, url=backend.web, api_url=backend.api, target="mine.toml", args=SELECTION)
    assert done.failed == "", done.log
    assert done.outputs == {"conclusion": "partial", "exit-code": "0"}
    report = json.loads((workspace / "build" / "report" / "report.json").read_text("utf-8"))
    assert {one["verdict"] for one in report["results"]} == {"pass"}
    assert report["target"]["profile"] == "mine"
    kept, scanned = done.used
    assert kept.given["path"] == "build/report\n!build/report/accounts.jsonl\n"
    assert scanned.given == {"sarif_file": "build/report/report.sarif"}
    assert (workspace / scanned.given["sarif_file"]).exists()
    assert ": partial\n" in (temp / "summary.md").read_text("utf-8")


def test_a_deployment_that_does_not_is_red_and_its_report_is_kept(temp: Path, workspace: Path) -> None:
    with running(allow_all) as (url, _):
        done = ran(workspace, temp, url=url, target="reference", args=SELECTION, upload_sarif="false")
    assert (done.failed, done.code) == (END, Exit.TARGET_UNUSABLE), done.log
    assert done.outputs == {"conclusion": "partial", "exit-code": str(int(Exit.TARGET_UNUSABLE))}
    assert [one.action.partition("@")[0] for one in done.used] == ["actions/upload-artifact"]
    assert "The target can't be tested: " in read(done.log[RUN]).of("error")[0].data


WRONG = {
    "no address": ({"url": ""}, "Expected the input url to be the deployment's address"),
    "a quotation mark that is not closed": ({"args": '-k "signin'}, "Expected the input args to be words"),
    "an option in the address": ({"url": "--help-pytest"}, '"--help-pytest"'),
    "a script in the words": ({"args": '-k "$(touch made)" ; touch made'}, '"touch" is neither'),
    "a script in the profile": ({"target": "$(touch made)"}, "there is no profile"),
    "a file that is not there": ({"waivers": "none.toml"}, "none.toml"),
}


@pytest.mark.parametrize(("given", "says"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_input_is_an_error_and_never_a_command(
    temp: Path, workspace: Path, given: dict[str, str], says: str
) -> None:
    (workspace / "build" / "report").mkdir(parents=True)
    (workspace / "build" / "report" / "report.json").write_text('{"conclusion": "conformant"}', "utf-8")
    done = ran(workspace, temp, **{"url": "http://127.0.0.1:9", "target": "reference", **given})
    assert done.code == Exit.USAGE, done.log
    assert says in done.log[RUN]
    assert done.outputs["conclusion"] in ("", "none")
    assert done.used == []
    assert len(read(done.log[RUN]).of("error")) == 1
    assert not (workspace / "made").exists()


def test_a_script_in_the_address_is_an_address(temp: Path, workspace: Path) -> None:
    done = ran(workspace, temp, url="http://127.0.0.1:9/`touch made`$(touch made)", target="reference")
    assert done.code == Exit.TARGET_UNUSABLE, done.log
    assert not (workspace / "made").exists()


def test_a_version_is_that_of_a_release(temp: Path, workspace: Path) -> None:
    for version in ("latest", "1.0 --index-url http://127.0.0.1:9", "$(touch made)", "../evil"):
        done = ACTION.run(workspace, temp, {"url": "http://127.0.0.1:9", "version": version}, without=(BROWSER,))
        assert (done.failed, done.code) == (INSTALL, Exit.USAGE), done.log
        assert "Expected the input version to be that of a release" in done.log[INSTALL]
    assert not (workspace / "made").exists()
