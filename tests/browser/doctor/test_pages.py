"""The doctor uses each page in a real browser, and says what a scenario would find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.browser.install import ensure_browser
from harness.cli.main import main
from harness.core.exits import Exit
from harness.profile.loader import load_profile
from harness.reference.launch import reference_target


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The reference backend's address, where there is a browser for its pages."""
    if (choice := ensure_browser()).executable is None:
        pytest.skip(f"no browser can be had: {choice.why}")
    with reference_target(load_profile("reference"), "embedded", None, {}) as (target, _):
        yield target.web


def lines(capsys: pytest.CaptureFixture[str], url: str, folder: Path, profile: str = "", *words: str) -> list[str]:
    """What the doctor says of pages in a browser, with what is added to the profile."""
    file = folder / "mine.toml"
    file.write_text(f'extends = "reference"\n{profile}', "utf-8")
    assert main(["doctor", url, "--target", str(file), *words]) == Exit.CONFORMANT
    return [line for line in capsys.readouterr().out.splitlines() if "browser" in line or "the button" in line]


def test_pages_that_fit_are_used_from_sign_up_to_sign_out(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lines(capsys, url, tmp_path) == [
        "ok        /signup in a browser (pages.sign_up) has its fields and its button",
        "ok        /signin in a browser (pages.sign_in) signs Ann in and leads to Ann's own at /tasks",
        'ok        the button "Sign out" (pages.sign_out_button) leads away from there',
    ]


@pytest.mark.parametrize(
    ("profile", "sign_up", "sign_in"),
    [
        (
            '[pages]\nemail = { value = "Telephone" }\n',
            'no field "Telephone" (by label) can be filled in on /signup',
            'no field "Telephone" (by label) can be filled in on /signin',
        ),
        (
            '[pages]\nsign_up_button = "Join"\nsign_in_button = "Enter"\n',
            'no button "Join" can be pressed on /signup',
            'no button "Enter" can be pressed on /signin',
        ),
    ],
    ids=["a field by another label", "a button by another name"],
)
def test_what_is_not_on_the_page_is_a_doubt_that_lists_what_is(
    profile: str, sign_up: str, sign_in: str, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = lines(capsys, url, tmp_path, profile)
    assert [line.split()[0] for line in told] == ["DOUBTFUL", "DOUBTFUL"]
    assert sign_up in told[0]
    assert sign_in in told[1]
    assert "the page has: " in told[0] or "Sign up" in told[0]


def test_a_button_that_is_not_there_is_a_doubt(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = lines(capsys, url, tmp_path, '[pages]\nsign_out_button = "Leave"\n')
    assert told[-1].startswith(
        'DOUBTFUL  the button "Leave" (pages.sign_out_button): no button "Leave" can be pressed'
    )


def test_a_page_to_which_sign_in_does_not_lead_is_a_doubt(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = lines(capsys, url, tmp_path, '[pages]\nprotected = ["/board"]\nafter_sign_in = "/board"\n')
    assert told[1].startswith("DOUBTFUL  /signin in a browser (pages.sign_in): ")
    assert "/board" in told[1]


def test_without_a_browser_it_says_so(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lines(capsys, url, tmp_path, "", "--no-browser") == []
