"""What a user may get wrong, over every command: one sentence, exit code 4, and nothing is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from tests.support.bad_input import UNREADABLE, URLS

URL = "http://127.0.0.1:9"
REPORT = "build/report"
MINIMUM = 'extends = "reference"\n[people]\nmin_password_length = {}\n'
HEADER = 'extends = "reference"\n[operations.sign_in]\nheaders = {{ {} }}\n'
COOKIE = 'extends = "reference"\n[credentials.session]\ncookie = "{}"\n'

WRONG_PROFILES = {
    "an integer of 5000 digits": MINIMUM.format("9" * 5_000),
    "a negative minimum": MINIMUM.format(-3),
    "an absurd minimum": MINIMUM.format(100_000_000),
    "CR LF in a header's value": HEADER.format(r'"X-A" = "a\r\nb"'),
    "CR LF in a header's name": HEADER.format(r'"X\r\nA" = "a"'),
    "a cookie's name with ;": COOKIE.format("a;b"),
    "a cookie's name with NUL": COOKIE.format(r"a\u0000b"),
    "an extended profile with NUL": r'extends = "a\u0000b"',
    "an extended profile of 5000 characters": f'extends = "{"x" * 5000}"',
}

PROFILE_COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "profile check": lambda file: ["profile", "check", file],
    "profile show": lambda file: ["profile", "show", file],
    "doctor --target": lambda file: ["doctor", URL, "--target", file, "--no-browser"],
    "cleanup --target": lambda file: ["cleanup", URL, "--target", file],
}
OTHER_COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "doctor --ca": lambda file: ["doctor", URL, "--target", "reference", "--ca", file],
    "doctor --browser-executable": lambda file: [*doctor(URL), "--browser-executable", file],
    "cleanup --ca": lambda file: ["cleanup", URL, "--target", "reference", "--ca", file],
    "waivers check": lambda file: ["waivers", "check", file],
    "waivers prune": lambda file: ["waivers", "prune", file],
    "waivers prune --report": lambda file: ["waivers", "prune", os.devnull, "--report", file],
    "compare": lambda file: ["compare", file, file],
}
COMMANDS = PROFILE_COMMANDS | OTHER_COMMANDS


def doctor(url: str) -> list[str]:
    return ["doctor", url, "--target", "reference"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def refused(capsys: pytest.CaptureFixture[str], words: list[str]) -> str:
    """The only sentence, on standard error."""
    code = main(words)
    out, err = capsys.readouterr()
    assert (code, out) == (Exit.USAGE, ""), err
    assert err.strip(), "it says why"
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
@pytest.mark.parametrize("content", UNREADABLE.values(), ids=list(UNREADABLE))
def test_a_file_that_is_none_of_its_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: Callable[[str], list[str]], content: bytes | None
) -> None:
    file = tmp_path / "given"
    if content is not None:
        file.write_bytes(content)
    assert str(file) in refused(capsys, command(str(file)))


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
def test_a_folder_in_place_of_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: Callable[[str], list[str]]
) -> None:
    assert str(tmp_path) in refused(capsys, command(str(tmp_path)))


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
@pytest.mark.parametrize("name", ["x" * 5_000, "loop"], ids=["too long", "a circle of links"])
def test_a_name_that_leads_nowhere(
    capsys: pytest.CaptureFixture[str], command: Callable[[str], list[str]], name: str
) -> None:
    Path("loop").symlink_to("loop")
    refused(capsys, command(name))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
def test_a_file_that_may_not_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: Callable[[str], list[str]]
) -> None:
    (file := tmp_path / "secret").touch(mode=0o000)
    refused(capsys, command(str(file)))


CHECKING = {name: command for name, command in PROFILE_COMMANDS.items() if name != "profile show"}


@pytest.mark.parametrize("command", CHECKING.values(), ids=list(CHECKING))
@pytest.mark.parametrize("profile", WRONG_PROFILES.values(), ids=list(WRONG_PROFILES))
def test_a_profile_that_says_what_can_not_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: Callable[[str], list[str]], profile: str
) -> None:
    (file := tmp_path / "mine.toml").write_text(profile, "utf-8")
    assert "mine.toml:" in refused(capsys, command(str(file)))


URL_COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "doctor": doctor,
    "doctor --api-url": lambda url: [*doctor(URL), "--api-url", url],
    "init": lambda url: ["init", url],
    "init --api-url": lambda url: ["init", URL, "--api-url", url],
    "cleanup": lambda url: ["cleanup", url, "--target", "reference"],
    "cleanup --api-url": lambda url: ["cleanup", URL, "--target", "reference", "--api-url", url],
}


@pytest.mark.parametrize("command", URL_COMMANDS.values(), ids=list(URL_COMMANDS))
@pytest.mark.parametrize("url", URLS, ids=ascii)
def test_an_address_that_is_none(
    capsys: pytest.CaptureFixture[str], command: Callable[[str], list[str]], url: str
) -> None:
    err = refused(capsys, command(url))
    assert err.count("\n") == 1
    assert "secret" not in err


NUMBER_COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "doctor --throttle-budget": lambda word: [*doctor(URL), "--throttle-budget", word],
    "cleanup --throttle-budget": lambda word: ["cleanup", URL, "--target", "reference", "--throttle-budget", word],
    "serve --port": lambda word: ["serve", "--port", word],
}


@pytest.mark.parametrize("command", NUMBER_COMMANDS.values(), ids=list(NUMBER_COMMANDS))
@pytest.mark.parametrize(
    "word", ["-1", "nan", "inf", "1e999", "1e9", "many", "", "9" * 5_000], ids=lambda one: one[:9]
)
def test_a_number_that_can_not_be(
    capsys: pytest.CaptureFixture[str], command: Callable[[str], list[str]], word: str
) -> None:
    refused(capsys, command(word))


FOLDER_COMMANDS = {
    "doctor --report-dir": [*doctor(URL), "--report-dir"],
    "cleanup --report-dir": ["cleanup", URL, "--target", "reference", "--report-dir"],
    "init --output": ["init", URL, "--output"],
}


@pytest.mark.parametrize("command", FOLDER_COMMANDS.values(), ids=list(FOLDER_COMMANDS))
def test_a_place_that_nothing_can_be_written_to(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    Path("file").touch()
    refused(capsys, [*command, "file/below"])


def test_output_whose_disk_is_full_is_an_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["list"]) == Exit.HARNESS_ERROR
    assert "not all output could be written: No space left on device." in capsys.readouterr().err


def test_output_that_nobody_reads_ends_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert main(["list"]) == Exit.CONFORMANT
