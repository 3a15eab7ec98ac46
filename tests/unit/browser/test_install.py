"""Which browser is taken of those that are there, and what is said of one that can't be used."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.browser import install
from harness.browser.install import (
    UNSEEN,
    BrowserError,
    Display,
    ensure_browser,
    find_executable,
    launch_arguments,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SEEN = Display(headed=True, slow_motion=250)


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


def test_a_browser_to_be_seen_is_no_headless_shell(program: Callable[..., Path]) -> None:
    program("chromium-headless-shell")
    chromium = program("chromium")
    assert find_executable(display=SEEN) == chromium


def test_a_given_headless_shell_can_not_be_seen(program: Callable[..., Path]) -> None:
    program("chromium-headless-shell")
    with pytest.raises(BrowserError, match=r'"chromium-headless-shell" of --browser-executable has no window'):
        find_executable("chromium-headless-shell", SEEN)


@pytest.mark.parametrize(("display", "headless", "pause"), [(UNSEEN, True, 0), (SEEN, False, 250)])
def test_what_is_seen_is_launched_with_windows_and_pauses(display: Display, headless: bool, pause: float) -> None:
    launched = launch_arguments(Path("/usr/bin/chromium"), display=display)
    assert (launched["headless"], launched["slow_mo"]) == (headless, pause)


def test_applications_of_macos_are_found(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    application = tmp_path / "Google Chrome.app" / "Google Chrome"
    application.parent.mkdir()
    application.touch(mode=0o755)
    monkeypatch.setattr(install, "MAC_APPLICATIONS", (application,))
    assert find_executable() == application


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


def test_the_sandbox_is_off_as_root(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert launch_arguments(Path("/usr/bin/chromium"))["chromium_sandbox"] is False
