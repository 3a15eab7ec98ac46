"""A finding's files: which there are, where they lie, and that none costs the finding itself."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from playwright.sync_api import Error

from harness.core.redaction import register
from harness.core.verdict import Verdict
from harness.evidence import attachments
from harness.evidence.attachments import attach, folder_name
from harness.evidence.captures import keep_windows
from harness.results.result import Result
from harness.scenario.world import World
from tests.support.example_report import result

pytestmark = pytest.mark.usefixtures("nothing_known")

SECRET = "planted-secret-of-26-characters"


@dataclass
class FakePage:
    """A page that shows these texts; what is done to it is noted."""

    texts: list[str]
    replaced: list[tuple[int, str]] = field(default_factory=list)
    is_gone: bool = False

    def evaluate(self, _script: str, pairs: list[tuple[int, str]] | None = None) -> list[str]:
        """Hand out the texts, or take in those that replace some."""
        if self.is_gone:
            raise Error("Target page, context or browser has been closed")
        self.replaced += pairs or []
        return self.texts

    def screenshot(self, *, path: Path, animations: str) -> None:
        """A picture of what is shown."""
        path.write_bytes(b"\x89PNG")


@dataclass
class FakeWindow:
    """A window with a trace that holds the secret."""

    who: str = "Ann's laptop"
    page: FakePage = field(default_factory=lambda: FakePage([]))
    is_traced: bool = True

    def save_trace(self, path: Path) -> bool:
        """A trace with a secret in a text and in a name."""
        if self.is_traced:
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr(f"{SECRET}.txt", SECRET)
        return self.is_traced


def kept(folder: Path, *windows: FakeWindow) -> list[str]:
    return [artefact.path for artefact in keep_windows(cast("Any", windows), folder)]


def world(*windows: FakeWindow) -> World:
    """As much of a scenario's world as its files are made of."""
    return cast("World", SimpleNamespace(browsers=SimpleNamespace(windows=windows) if windows else None))


# --- which files, and where ---


def attached(verdict: Verdict, folder: Path, of: World, **changes: Any) -> Result:
    return attach(result(verdict, **changes), of, folder, ())


@pytest.fixture
def _scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every finding can be shown again."""
    monkeypatch.setattr(attachments, "write_repro", lambda *_: None)


@pytest.mark.usefixtures("_scripted")
@pytest.mark.parametrize(
    ("verdict", "kinds"),
    [
        (Verdict.PASS, []),
        (Verdict.NOT_APPLICABLE, []),
        (Verdict.FAIL, ["repro", "trace", "screenshot"]),
        (Verdict.WARN, ["repro", "trace", "screenshot"]),
        (Verdict.WAIVED, ["repro", "trace", "screenshot"]),
        (Verdict.ERROR, ["trace", "screenshot"]),
        (Verdict.NOT_TESTED, ["trace", "screenshot"]),
    ],
)
def test_a_finding_has_a_script_and_what_ended_badly_is_shown(
    tmp_path: Path, verdict: Verdict, kinds: list[str]
) -> None:
    found = attached(verdict, tmp_path, world(FakeWindow()))
    assert [artefact.kind for artefact in found.artefacts] == kinds
    assert {Path(artefact.path).parent.as_posix() for artefact in found.artefacts} <= {"evidence/isolation-read"}


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("It takes a browser.", "It takes a browser."),
        (ValueError("x"), "The suite could not write it (ValueError)."),
    ],
    ids=["a reason", "a defect"],
)
def test_a_finding_without_a_script_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str | Exception, said: str
) -> None:
    def write_repro(*_: object) -> str:
        if isinstance(why, Exception):
            raise why
        return why

    monkeypatch.setattr(attachments, "write_repro", write_repro)
    found = attached(Verdict.FAIL, tmp_path, world())
    assert (found.artefacts, found.unreproduced) == ([], said)


def test_every_row_has_a_folder_of_its_own() -> None:
    rows = ["", "how: a/../b", "how: A/../b", "how: " + "x" * 500, "how: " + "x" * 501, "how: Łódź 村"]
    names = [folder_name(result(Verdict.FAIL, row=row)) for row in rows]
    assert names[0] == "isolation-read"
    assert len({name.lower() for name in names}) == len(rows)
    assert all(len(name) < 100 and "/" not in name and ".." not in name and name.isascii() for name in names)


# --- what a browser showed ---


def test_every_window_has_a_trace_and_the_last_a_picture(tmp_path: Path) -> None:
    windows = FakeWindow("Ann's laptop"), FakeWindow("Ann's phone", is_traced=False), FakeWindow("Bob's laptop")
    assert kept(tmp_path / "evidence", *windows) == ["trace-1.zip", "trace-3.zip", "screenshot.png"]


def test_a_trace_is_masked_text_and_name(tmp_path: Path) -> None:
    register(SECRET, "password")
    kept(tmp_path, FakeWindow())
    with zipfile.ZipFile(tmp_path / "trace-1.zip") as archive:
        assert archive.namelist() == ["<password>.txt"]
        assert archive.read("<password>.txt") == b"<password>"


def test_secrets_are_masked_on_the_page_before_its_picture(tmp_path: Path) -> None:
    register(SECRET, "password")
    page = FakePage(["Hello", f"your password is {SECRET}", SECRET])
    kept(tmp_path, FakeWindow(page=page))
    assert page.replaced == [(1, "your password is <password>"), (2, "<password>")]


def test_a_browser_that_is_gone_costs_only_its_picture(tmp_path: Path) -> None:
    gone = FakeWindow(page=FakePage([], is_gone=True))
    assert kept(tmp_path, FakeWindow("Ann's phone"), gone) == ["trace-1.zip"]
