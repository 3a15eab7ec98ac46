"""The HTML page in a real browser: filters, keyboard, accessibility, narrow screens, print, and no requests."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from harness.core.verdict import Verdict
from harness.report.document import Report
from harness.report.history import past_run, trend_of
from harness.report.html import page as form
from tests.support.example_report import SCREENSHOT, STARTED, every_verdict, report, result, write_picture
from tests.support.hostile import HOSTILE, with_hostile_texts
from tests.support.watched_windows import watched

Open = Callable[..., Page]
SIZES = {"phone": (360, 740), "desk": (1280, 900)}
OPEN_ALL = "for (const box of document.querySelectorAll('details')) box.open = true"
CLIPBOARD = "navigator.clipboard.readText()"
FOCUSED = "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens the page of a report in a window of its own; at the end nothing may have been said or asked for."""
    file = tmp_path / "report.html"
    with watched(chromium) as windows:

        def open_page(source: Report | None = None, address: str = "", **settings: Any) -> Page:
            file.write_text(form.render(source or report()), "utf-8")
            write_picture(tmp_path / SCREENSHOT)
            return windows.open(f"{file.as_uri()}{address}", **settings)

        yield open_page
    files = {unquote(urlsplit(url).path) for url in windows.asked if not url.startswith("data:")}
    assert files <= {str(file), str(tmp_path / SCREENSHOT)}
    assert {urlsplit(url).scheme for url in windows.asked} <= {"file", "data"}


def shown(window: Page) -> Counter[str]:
    """How many results of each verdict are to be seen."""
    found = window.locator(".result:visible").evaluate_all("all => all.map(one => one.dataset.verdict)")
    return Counter(found)


def says(window: Page, words: str) -> None:
    expect(window.get_by_role("status")).to_have_text(words)


# --- filters ---


@pytest.mark.parametrize("verdict", list(Verdict))
def test_each_count_leads_to_the_results_with_that_verdict(opened: Open, verdict: Verdict) -> None:
    window = opened()
    count = report().verdicts[verdict]
    window.get_by_role("list", name="Results by verdict").get_by_text(f"{count} {verdict}", exact=False).click()
    says(window, f"{count} of 11 results shown")
    assert shown(window) == {str(verdict): count}
    assert window.evaluate(FOCUSED) == "results"


def test_a_cell_of_the_table_filters_by_both(opened: Open) -> None:
    window = opened()
    window.get_by_role("link", name="2 fail in isolation").click()
    says(window, "2 of 11 results shown")
    assert urlsplit(window.url).fragment == "verdict=fail&flow=isolation"
    expect(window.get_by_role("heading", name="browser-signin")).to_be_hidden()
    expect(window.get_by_label("Flow", exact=True)).to_have_value("isolation")


def test_back_takes_a_filter_away_and_the_same_link_leads_there_again(opened: Open) -> None:
    window = opened()
    link = window.get_by_role("link", name="2 fail in isolation")
    link.click()
    says(window, "2 of 11 results shown")
    window.go_back()
    says(window, "11 of 11 results shown")
    for _ in range(2):
        link.click()
        says(window, "2 of 11 results shown")
        expect(window.get_by_role("heading", name="Results")).to_be_focused()


def test_the_controls_work_together_and_are_kept_in_the_address(opened: Open) -> None:
    window = opened()
    window.get_by_label("Level").select_option("should")
    says(window, "3 of 11 results shown")
    window.get_by_label("Words in").fill("ANN'S alike")
    says(window, "1 of 11 results shown")
    fragment = urlsplit(window.url).fragment
    again = opened(address=f"#{fragment}")
    says(again, "1 of 11 results shown")
    assert shown(again) == {"warn": 1}
    again.get_by_label("Words in").fill("there is no such word")
    says(again, "0 of 11 results shown")
    again.get_by_role("button", name="Show all").click()
    says(again, "11 of 11 results shown")
    assert urlsplit(again.url).fragment == ""


def test_severity_and_words_of_a_shared_cause_are_found_too(opened: Open) -> None:
    window = opened(address="#severity=critical")
    assert shown(window) == {"fail": 1}
    window.get_by_label("Severity").select_option("")
    window.get_by_label("Words in").fill("signing secret")
    assert shown(window) == {"not tested": 2}


def test_an_address_that_makes_no_sense_shows_everything(opened: Open) -> None:
    says(opened(address="#verdict=splendid&flow="), "11 of 11 results shown")
    says(opened(address="#nowhere%25"), "11 of 11 results shown")
    says(opened(address="#%"), "11 of 11 results shown")


def test_a_link_to_one_result_opens_it_whatever_is_filtered(opened: Open) -> None:
    window = opened(address="#verdict=pass")
    window.get_by_role("link", name="The requirement signin-alike").click()
    expect(window.locator("#signin-alike .finding")).to_be_visible()
    expect(window.locator("#signin-alike")).to_be_in_viewport()
    says(window, "11 of 11 results shown")
    assert opened(address="#isolation-delete").locator("#isolation-delete").get_attribute("open") is not None


# --- keyboard ---


def test_the_page_can_be_used_with_the_keyboard_alone(opened: Open) -> None:
    window = opened()
    window.keyboard.press("Tab")
    assert window.evaluate(FOCUSED) == "skip"
    expect(window.get_by_role("link", name="Skip to the results")).to_be_in_viewport()
    window.keyboard.press("Enter")
    window.keyboard.press("Tab")
    assert window.evaluate(FOCUSED) == "by-verdict"
    assert window.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    window.keyboard.type("warn")
    says(window, "1 of 11 results shown")
    for name in ("flow", "level", "severity", "find"):
        window.keyboard.press("Tab")
        assert window.evaluate(FOCUSED) == f"by-{name}"
    window.keyboard.type("signin")
    window.keyboard.press("Enter")
    says(window, "1 of 11 results shown")
    window.keyboard.press("Tab")
    window.keyboard.press("Space")
    says(window, "11 of 11 results shown")
    window.keyboard.press("Tab")
    first = window.locator(".result").first
    was_open = first.get_attribute("open")
    window.keyboard.press("Enter")
    assert first.get_attribute("open") != was_open


def test_a_command_and_a_permalink_can_be_copied_with_the_keyboard(opened: Open) -> None:
    window = opened(permissions=["clipboard-read", "clipboard-write"])
    entry = window.locator("#isolation-read")
    command = entry.locator(".command").last
    entry.get_by_role("button", name="Copy the command").last.focus()
    window.keyboard.press("Enter")
    expect(entry.get_by_role("button", name="Copy the command").last).to_have_text("Copied")
    expect(window.locator("#said")).to_have_text("Copied")
    assert window.evaluate(CLIPBOARD) == command.text_content()
    entry.get_by_role("button", name="Copy the link").click()
    expect(entry.get_by_role("button", name="Copy the link")).to_have_text("Copied")
    assert window.evaluate(CLIPBOARD) == f"{window.url.partition('#')[0]}#isolation-read"
    entry.get_by_role("button", name="Copy the requirement's identity").click()
    expect(entry.get_by_role("button", name="Copy the link")).to_have_text("Copy")
    assert window.evaluate(CLIPBOARD) == "isolation-read"


def test_without_a_clipboard_for_pages_it_is_copied_all_the_same(opened: Open) -> None:
    window = opened(permissions=["clipboard-read"])
    window.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')) }")
    button = window.get_by_role("button", name="Copy the command").first
    button.click()
    expect(button).to_have_text("Copied")
    assert window.evaluate(CLIPBOARD) == window.locator(".command").first.text_content()


# --- everybody's screens ---


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("unfolded", [False, True], ids=["as-it-opens", "all-unfolded"])
def test_axe_finds_nothing_and_nothing_sticks_out(opened: Open, scheme: str, size: str, unfolded: bool) -> None:
    width, height = SIZES[size]
    window = opened(with_times_and_history(), viewport={"width": width, "height": height}, color_scheme=scheme)
    if unfolded:
        window.evaluate(OPEN_ALL)
    assert window.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(window)
    assert found.violations_count == 0, found.generate_report()
    assert any(rule["id"] == "color-contrast" for rule in _passes(window)), "axe did not look at contrast"


def with_times_and_history() -> Report:
    """A report with all that a page can show."""
    timed = [one.model_copy(update={"step_seconds": [0.1, 12.5]}) for one in every_verdict()]
    runs = [
        past_run(report([result(verdict, "isolation-delete")], started=STARTED - dt.timedelta(days=days)))
        for days, verdict in enumerate([Verdict.FAIL, Verdict.PASS, *[Verdict.FAIL] * 9], 1)
    ]
    whole = report(timed)
    return whole.model_copy(update={"trend": trend_of(whole, runs[::-1])})


def _passes(window: Page) -> list[dict[str, object]]:
    options = {"runOnly": ["color-contrast"], "resultTypes": ["passes"]}
    passes: list[dict[str, object]] = Axe().run(window, options=options).response["passes"]
    return passes


def test_dark_is_dark_and_light_is_light(opened: Open) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    assert opened(color_scheme="light").evaluate(colour) == "rgb(255, 255, 255)"
    assert opened(color_scheme="dark").evaluate(colour) == "rgb(20, 23, 26)"


@pytest.mark.parametrize(("size", "beside"), [("phone", False), ("desk", True)])
def test_control_and_attempt_stand_side_by_side_where_there_is_room(opened: Open, size: str, beside: bool) -> None:
    width, height = SIZES[size]
    pair = opened(viewport={"width": width, "height": height}).locator("#isolation-read .exchange")
    control, attempt = (pair.nth(place).bounding_box() for place in (0, 1))
    assert control is not None
    assert attempt is not None
    assert (control["y"] == attempt["y"]) is beside


def test_print_unfolds_all_but_what_passed(opened: Open) -> None:
    window = opened(color_scheme="dark")
    expect(window.locator("#token-late .deciding")).to_be_hidden()
    window.emulate_media(media="print")
    for name in ("isolation-read", "signin-alike", "signin-slow", "token-late"):
        expect(window.locator(f"#{name} .deciding")).to_be_visible()
    expect(window.locator("#isolation-delete .steps")).to_be_hidden()
    expect(window.locator("#filter")).to_be_hidden()
    assert window.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


# --- without and against scripts ---


def test_without_scripts_everything_is_there_but_the_filter(opened: Open) -> None:
    window = opened(java_script_enabled=False)
    assert sum(shown(window).values()) == 11
    expect(window.locator("#filter")).to_be_hidden()
    expect(window.locator("#isolation-read .deciding")).to_be_visible()
    window.get_by_role("link", name="2 not tested", exact=True).click()
    expect(window.locator("#not-tested-1")).to_be_in_viewport()


def test_the_screenshot_is_shown_with_words(opened: Open) -> None:
    picture = opened().get_by_role("img", name="What the browser showed")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("image => image.naturalWidth") == 1


def test_text_from_outside_runs_nothing(opened: Open) -> None:
    # The path of a screenshot would be another one, so that there was a request for it.
    window = opened(with_hostile_texts(report([one for one in report().results if not one.artefacts])))
    window.evaluate(OPEN_ALL)
    assert window.evaluate("typeof hacked") == "undefined"
    assert window.locator("img").count() == 0
    says(window, "10 of 10 results shown")
    assert HOSTILE.partition("&")[0].strip() in window.locator("h1").inner_text()
    window.get_by_label("Flow", exact=True).select_option(index=1)
    assert 0 < sum(shown(window).values()) < 10
