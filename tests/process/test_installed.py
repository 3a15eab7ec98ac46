"""The built wheel, installed where nothing else is, in folders whose own files would break it or give it away."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.core.exits import Exit
from harness.core.extras import MODULES
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.reference.launch import reference_target
from tests.support.limits import LIMIT_SECONDS
from tests.support.suite import ROOT, environment
from tests.support.uv import uv

OURS = ("auth_conformance", "harness", "steps", "features", "reference_backend")
SELECTION = ("-m", "core and must and not needs-browser", "-k", "signin")
SETTINGS = "addopts = --no-such-option\ntestpaths = features\npythonpath = .\n"
SIGNER = """\
from dataclasses import replace

import harness.profile.custom
from auth_conformance import Custom


class Signer(Custom):
    def prepare(self, operation, request):
        assert issubclass(Signer, harness.profile.custom.Custom)
        return replace(request, headers=(*request.headers, ("X-Signed", "yes")))


open({mark!r}, "a").write(f"{{__name__}}\\n")
"""


@dataclass(frozen=True)
class Ended:
    code: int
    output: str
    folder: Path

    @property
    def verdicts(self) -> dict[str, str]:
        report = json.loads((self.folder / "out" / "report.json").read_text("utf-8"))
        return {one["identity"]: one["verdict"] for one in report["results"]}


@dataclass(frozen=True)
class Installation:
    """An environment that holds the wheel and what it requires, without extras."""

    python: Path
    wheel: Path
    uv: str

    @property
    def script(self) -> str:
        return str(self.python.with_name("auth-conformance"))

    def run(self, folder: Path, *words: str, env: Mapping[str, str] | None = None) -> Ended:
        clean = {name: value for name, value in environment(env).items() if name != "VIRTUAL_ENV"}
        done = subprocess.run(
            words, cwd=folder, env=clean, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
        )
        return Ended(done.returncode, done.stdout + done.stderr, folder)


def _did(*words: str, **variables: str) -> str:
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={**environment(), **variables},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """What the lock file names comes from uv's cache where it is there, so that no registry need be asked."""
    folder = tmp_path_factory.mktemp("installed")
    _did(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    (wheel,) = folder.glob("*.whl")
    python = folder / "venv" / "bin" / "python"
    plain = ("--frozen", "--quiet", "--no-dev", "--no-install-project", "--python", sys.executable)
    _did(uv(), "sync", *plain, UV_PROJECT_ENVIRONMENT=str(folder / "venv"))
    _did(uv(), "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(python), str(wheel))
    _add_a_plugin_of_pytest(python)
    return Installation(python, wheel, uv())


def _add_a_plugin_of_pytest(python: Path) -> None:
    """One that happens to be installed; some import from the current folder, as pytest-django does."""
    (site,) = python.parents[1].glob("lib/python3.*/site-packages")
    metadata = site / "bystander-1.0.dist-info"
    metadata.mkdir()
    (metadata / "WHEEL").write_text("Wheel-Version: 1.0\nTag: py3-none-any\n", "utf-8")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: bystander\nVersion: 1.0\n", "utf-8")
    (metadata / "entry_points.txt").write_text("[pytest11]\nbystander = bystander\n", "utf-8")
    (site / "bystander.py").write_text("raise RuntimeError('a plugin that nobody named was loaded')\n", "utf-8")


@pytest.fixture(scope="module")
def backend() -> Iterator[Target]:
    with reference_target(load_profile("reference"), "auto", None, {}) as (target, _):
        yield target


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """The file in which whatever runs of a folder's own code leaves its name."""
    return tmp_path / "ran"


def _tell_tale(mark: Path) -> str:
    return (
        f"open({str(mark)!r}, 'a').write(__file__ + chr(10))\nraise RuntimeError('a file of the folder was run')\n"
    )


@pytest.fixture
def club(tmp_path: Path, mark: Path) -> Path:
    """A team's folder with the same names in it, and settings for a pytest of its own."""
    folder = tmp_path / "club"
    for name in OURS[1:]:
        (folder / name).mkdir(parents=True)
        for module in ("__init__", "__main__", "conftest", "common", "core", "cli", "pytest_plugin", "test_own"):
            (folder / name / f"{module}.py").write_text(_tell_tale(mark), "utf-8")
    (folder / "out").mkdir()
    for place in (folder, folder / "out"):
        (place / "conftest.py").write_text(_tell_tale(mark), "utf-8")
    (folder / "features" / "own.feature").write_text("Feature: Ours\n", "utf-8")
    for name, section in (("pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        (folder / name).write_text(f"[{section}]\n{SETTINGS}", "utf-8")
    (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '--no-such-option'\n", "utf-8")
    (folder / "club.toml").write_text('extends = "reference"\n', "utf-8")
    return folder


def _passes(ended: Ended, mark: Path) -> None:
    assert ended.code == Exit.CONFORMANT, ended.output
    assert len(ended.verdicts) > 2, ended.output
    assert set(ended.verdicts.values()) == {"pass"}
    assert not mark.exists(), mark.read_text("utf-8")


def test_the_wheel_adds_one_name(installed: Installation) -> None:
    names = zipfile.ZipFile(installed.wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"auth_conformance", "auth_conformance-0.1.0.dist-info"}
    inside = {name.split("/")[1] for name in names if name.startswith("auth_conformance/")}
    assert inside == {"__init__.py", "__main__.py", "py.typed", *OURS[1:]}


def test_a_plain_installation_is_complete_and_has_nothing_of_the_extras(installed: Installation) -> None:
    _did(installed.uv, "pip", "check", "--python", str(installed.python))
    found = json.loads(_did(installed.uv, "pip", "list", "--format", "json", "--python", str(installed.python)))
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    named = {re.split(r"[\[>=<]", one)[0] for requirements in extras.values() for one in requirements}
    assert {one["name"] for one in found} & named == {"auth-conformance"}
    absent = f"import importlib.util as u; assert not any(map(u.find_spec, {MODULES['reference']}))"
    _did(str(installed.python), "-c", absent)


def test_the_public_api_brings_nothing_else_into_a_program(installed: Installation, tmp_path: Path) -> None:
    program = (
        "import sys; before = set(sys.modules), list(sys.path); from auth_conformance import Custom; "
        "assert (set(sys.modules) - {'auth_conformance', '__future__'}, sys.path) == before; "
        "import auth_conformance; print(auth_conformance.__version__, Custom.__module__)"
    )
    ended = installed.run(tmp_path, str(installed.python), "-c", program)
    assert (ended.code, ended.output) == (0, "0.1.0 auth_conformance\n")


TWO_WORDS = ("--target", "club.toml", "--report-dir", "out")
ONE_WORD = ("--target=club.toml", "--report-dir=out")


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_nothing_of_the_folder_is_run(
    installed: Installation, backend: Target, club: Path, mark: Path, workers: tuple[str, ...]
) -> None:
    words = ("run", backend.web, *TWO_WORDS, *workers, *SELECTION)
    env = {"PYTHONPATH": ".", "PYTEST_ADDOPTS": "--no-header"}
    ended = installed.run(club, installed.script, *words, env=env)
    _passes(ended, mark)
    assert "rootdir" not in ended.output


def test_a_folder_with_the_names_of_libraries_is_not_imported_from(
    installed: Installation, backend: Target, club: Path, mark: Path
) -> None:
    for name in ("json", "queue", "pathlib", "httpx", "execnet", "pytest", "playwright", "brotli"):
        (club / f"{name}.py").write_text(_tell_tale(mark), "utf-8")
    words = ("run", backend.web, *TWO_WORDS, "-n", "2", *SELECTION)
    _passes(installed.run(club, str(installed.python), "-m", "auth_conformance", *words), mark)


def test_the_one_module_that_a_profile_names_is_run(
    installed: Installation, backend: Target, club: Path, mark: Path, tmp_path: Path
) -> None:
    signed = tmp_path / "signed"
    (club / "profiles").mkdir()
    (club / "profiles" / "signer.py").write_text(SIGNER.format(mark=str(signed)), "utf-8")
    (club / "profiles" / "conftest.py").write_text(_tell_tale(mark), "utf-8")
    profile = 'extends = "reference"\ncustom = "signer:Signer"\n'
    (club / "profiles" / "signed.toml").write_text(profile, "utf-8")
    (club / "club.toml").write_text('extends = "profiles/signed.toml"\n', "utf-8")
    words = ("run", backend.web, *ONE_WORD, *SELECTION)
    _passes(installed.run(club, installed.script, *words, env={"PYTHONPATH": "."}), mark)
    assert re.fullmatch(r"auth_conformance_custom_\w+_signer\n", signed.read_text("utf-8"))


AGEING = (
    '[age_session]\nstatement = "UPDATE session SET x = 1 WHERE email = :email"\ndatabase_env = "CLUB_DATABASE"\n'
)
WITHOUT = {
    "run": (("run",), "reference"),
    "run with workers": (("run", "-n", "2"), "reference"),
    "run over a Postgres of one's own": (("run", "--postgres-url", "postgresql://a:b@127.0.0.1/c"), "reference"),
    "serve": (("serve",), "reference"),
    "doctor": (("doctor", "http://127.0.0.1:9", "--target", "club.toml"), "ageing"),
    "run with age_session": (("run", "http://127.0.0.1:9", "--target", "club.toml"), "ageing"),
}


@pytest.mark.parametrize(("words", "extra"), WITHOUT.values(), ids=list(WITHOUT))
def test_what_an_extra_is_needed_for_is_said_in_a_sentence(
    installed: Installation, tmp_path: Path, words: tuple[str, ...], extra: str
) -> None:
    (tmp_path / "club.toml").write_text(f'extends = "reference"\n{AGEING}', "utf-8")
    database = {"CLUB_DATABASE": "postgresql://club@127.0.0.1:9/club"}
    ended = installed.run(tmp_path, installed.script, *words, env=database)
    assert ended.code == Exit.USAGE, ended.output
    (line,) = [line for line in ended.output.splitlines() if f'install "auth-conformance[{extra}]"' in line]
    assert all(module in line for module in MODULES["ageing"])
    assert "Traceback" not in ended.output


def test_a_run_elsewhere_leaves_the_report_and_nothing_else(
    installed: Installation, backend: Target, tmp_path: Path
) -> None:
    words = ("run", backend.web, "--target", "reference", *SELECTION)
    ended = installed.run(tmp_path, installed.script, *words)
    assert ended.code == Exit.CONFORMANT, ended.output
    assert [path.name for path in tmp_path.iterdir()] == ["build"]
    again = installed.run(tmp_path, installed.script, *words, "--lf", "--collect-only", "-q")
    assert again.code == Exit.CONFORMANT, again.output


def test_the_plan_needs_nothing_but_what_is_installed(installed: Installation, tmp_path: Path) -> None:
    (tmp_path / "auth-conformance.toml").write_text(
        '[targets.staging]\nurl = "https://staging.example.com"\ntarget = "better-auth"\n', "utf-8"
    )
    ended = installed.run(tmp_path, installed.script, "list", "--target", "staging")
    assert ended.code == Exit.CONFORMANT, ended.output
    assert "plan for staging, https://staging.example.com, profile better-auth" in ended.output
    assert [path.name for path in tmp_path.iterdir()] == ["auth-conformance.toml"]
    completion = installed.run(tmp_path, installed.script, "completion", "bash")
    assert completion.code == Exit.CONFORMANT, completion.output
