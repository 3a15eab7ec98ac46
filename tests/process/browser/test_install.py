"""A browser that is not there is looked for and installed, and what is said when none can be had."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from harness.browser.install import Display, ensure_browser, find_executable, launch_arguments


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


def test_one_that_shows_windows_is_another_package(
    program: Callable[..., Path], programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program("chromium-headless-shell")
    log = tmp_path / "apt.log"
    program("apt-get", f'echo "$*" >> {log}\n')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    choice = ensure_browser(display=Display(headed=True))
    assert log.read_text().splitlines()[-1].endswith(" install -y --no-install-recommends chromium")
    assert choice.why.startswith("No Chromium that shows a window is installed. ")
    assert choice.command == "playwright install --with-deps --no-shell chromium"


@pytest.mark.parametrize(("exit_code", "sandbox"), [(0, True), (1, False)])
def test_an_ordinary_user_has_the_sandbox_where_the_system_allows_it(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, exit_code: int, sandbox: bool
) -> None:
    program("unshare", f"exit {exit_code}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sys, "platform", "linux")
    assert launch_arguments(Path("/usr/bin/chromium"))["chromium_sandbox"] is sandbox
