"""Which browser is taken, what is said when none can be had, and that the one of this machine starts."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from harness.browser import install
from harness.browser.install import BrowserError, ensure_browser, find_executable, launch_arguments

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH; nothing else of this machine is seen either, and nothing can be downloaded."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv(install.VARIABLE, raising=False)
    monkeypatch.setattr(install, "MAC_APPLICATIONS", ())
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", "http://127.0.0.1:9")
    return folder


@pytest.fixture
def program(programs: Path) -> Callable[..., Path]:
    """Makes an executable file on the PATH."""

    def make(name: str, script: str = "") -> Path:
        path = programs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}")
        path.chmod(0o755)
        return path

    return make


def test_explicit_goes_before_environment_and_path(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    program("chromium-headless-shell")
    by_environment, explicit = program("elsewhere/one"), program("elsewhere/two")
    monkeypatch.setenv(install.VARIABLE, str(by_environment))
    assert find_executable(str(explicit)) == explicit
    assert find_executable() == by_environment


def test_explicit_may_be_a_name_on_the_path(program: Callable[..., Path]) -> None:
    mine = program("my-chromium")
    assert find_executable("my-chromium") == mine


@pytest.mark.parametrize(
    ("installed", "taken"),
    [
        (["google-chrome", "chromium", "chromium-headless-shell"], "chromium-headless-shell"),
        (["google-chrome", "chromium", "headless_shell"], "headless_shell"),
        (["google-chrome", "chromium"], "chromium"),
        (["google-chrome-stable"], "google-chrome-stable"),
    ],
)
def test_a_headless_shell_is_preferred(program: Callable[..., Path], installed: list[str], taken: str) -> None:
    made = {name: program(name) for name in installed}
    assert find_executable() == made[taken]


def test_applications_of_macos_are_found(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    application = tmp_path / "Google Chrome.app" / "Google Chrome"
    application.parent.mkdir()
    application.touch(mode=0o755)
    monkeypatch.setattr(install, "MAC_APPLICATIONS", (application,))
    assert find_executable() == application


def test_playwrights_own_comes_after_an_installed_one(program: Callable[..., Path], tmp_path: Path) -> None:
    revision = _playwright_revision()
    shells = tmp_path / "playwright" / f"chromium_headless_shell-{revision}" / "chrome-headless-shell-linux64"
    shells.mkdir(parents=True)
    shell = shells / "chrome-headless-shell"
    shell.touch(mode=0o755)
    assert find_executable() == shell
    chrome = program("google-chrome")
    assert find_executable() == chrome


def _playwright_revision() -> str:
    with sync_playwright() as playwright:
        folder = next(
            part for part in Path(playwright.chromium.executable_path).parts if part.startswith("chromium-")
        )
    return folder.removeprefix("chromium-")


def test_nothing_found_is_none(programs: Path) -> None:
    assert find_executable() is None


@pytest.mark.parametrize("by_environment", [True, False])
def test_a_given_browser_that_does_not_exist_is_an_error(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, by_environment: bool
) -> None:
    program("chromium")
    source = install.VARIABLE if by_environment else "--browser-executable"
    if by_environment:
        monkeypatch.setenv(install.VARIABLE, "/nowhere/chromium")
    with pytest.raises(BrowserError, match=f'"/nowhere/chromium" of {source} does not exist'):
        ensure_browser(None if by_environment else "/nowhere/chromium")


def test_a_given_browser_that_is_not_executable_is_an_error(tmp_path: Path) -> None:
    text = tmp_path / "chromium"
    text.write_text("")
    with pytest.raises(BrowserError, match="is not an executable file"):
        find_executable(str(text))
    with pytest.raises(BrowserError, match="is not an executable file"):
        find_executable(str(tmp_path))


def test_an_installed_browser_is_taken_without_installing(program: Callable[..., Path]) -> None:
    chromium = program("chromium")
    said: list[str] = []
    assert ensure_browser(announce=said.append).executable == chromium
    assert said == []


def test_debians_package_is_installed_when_playwright_can_not_download(
    program: Callable[..., Path], programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = program("elsewhere/chromium-headless-shell")
    log = tmp_path / "apt.log"
    program(
        "apt-get",
        f'echo "$*" >> {log}\ncase "$*" in *" install "*) /bin/cp {shell} {programs}/;; esac\n',
    )
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    said: list[str] = []
    choice = ensure_browser(announce=said.append)
    assert choice.executable == programs / "chromium-headless-shell"
    update, install = log.read_text().splitlines()
    assert update.endswith(" update")
    assert install.endswith(" install -y --no-install-recommends chromium-headless-shell")
    assert len(said) == 2


def test_when_nothing_can_be_had_it_says_why_and_what_to_run(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    choice = ensure_browser()
    assert choice.executable is None
    assert choice.why.startswith("No Chromium is installed. Playwright's download failed (exit code 1")
    assert choice.why.endswith("Debian's package needs root and apt-get.")
    assert choice.command == "playwright install --with-deps --only-shell chromium"


def test_a_package_that_can_not_be_installed_is_told(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    program("apt-get", "echo 'E: Unable to locate package'\nexit 100\n")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    choice = ensure_browser()
    assert choice.executable is None
    assert "exit code 100: E: Unable to locate package" in choice.why


def test_the_sandbox_is_off_as_root(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert launch_arguments(Path("/usr/bin/chromium"))["chromium_sandbox"] is False


@pytest.mark.parametrize(("exit_code", "sandbox"), [(0, True), (1, False)])
def test_an_ordinary_user_has_the_sandbox_where_the_system_allows_it(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, exit_code: int, sandbox: bool
) -> None:
    program("unshare", f"exit {exit_code}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sys, "platform", "linux")
    assert launch_arguments(Path("/usr/bin/chromium"))["chromium_sandbox"] is sandbox


def test_the_browser_of_this_machine_opens_a_page() -> None:
    choice = ensure_browser()
    assert choice.executable is not None, f"{choice.why} Run: {choice.command}"
    assert choice.executable.stat().st_mode & stat.S_IXUSR
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**launch_arguments(choice.executable))
        try:
            page = chromium.new_page()
            page.set_content("<h1>It opens</h1>")
            assert page.get_by_role("heading").inner_text() == "It opens"
        finally:
            chromium.close()
