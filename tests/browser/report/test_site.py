"""docs/site/index.html in a real browser: filters, permalinks, keyboard, accessibility, no requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from harness.core.verdict import Level
from harness.report.html import site
from harness.specification.catalogue import Requirement, requirements
from tests.support.watched_windows import watched

Open = Callable[..., Page]
OPEN_ALL = "for (const box of document.querySelectorAll('details')) box.open = true"
ONE = "signin-odd-password-refused"


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens the page in a window of its own; at the end nothing may have been said or asked for."""
    file = tmp_path / "index.html"
    file.write_text(site.render(), "utf-8")
    with watched(chromium) as windows:
        yield lambda address="", **settings: windows.open(f"{file.as_uri()}{address}", **settings)
    assert {url.partition("#")[0] for url in windows.asked if not url.startswith("data:")} <= {file.as_uri()}


def shown(window: Page) -> list[str]:
    """The identities that are to be seen."""
    found: list[str] = window.locator(".result:visible").evaluate_all("all => all.map(one => one.id)")
    return found


FILTERS: dict[str, tuple[str, str, Callable[[Requirement], bool]]] = {
    "level": ("Level", "should", lambda one: one.level is Level.SHOULD),
    "severity": ("Severity", "low", lambda one: one.severity.value == "low"),
    "flow": ("Flow", "signin", lambda one: one.feature == "signin"),
    "source": ("Source", "RFC 8725", lambda one: any("rfc8725-" in tag for tag in one.sources)),
    "need": ("Need", "browser", lambda one: "needs-browser" in one.needs),
    "no need": ("Need", "nothing", lambda one: not one.needs),
}


@pytest.mark.parametrize(("label", "value", "fits"), FILTERS.values(), ids=list(FILTERS))
def test_a_filter_leaves_what_fits(
    opened: Open, label: str, value: str, fits: Callable[[Requirement], bool]
) -> None:
    window = opened()
    window.get_by_label(label, exact=True).select_option(value)
    wanted = [one.identity for one in requirements().values() if fits(one)]
    expect(window.get_by_role("status")).to_have_text(f"{len(wanted)} of {len(requirements())} requirements shown")
    assert shown(window) == wanted
    window.get_by_role("button", name="Show all").click()
    expect(window.get_by_role("status")).to_have_text(
        f"{len(requirements())} of {len(requirements())} requirements shown"
    )


def test_words_are_searched_in_all_that_a_requirement_says(opened: Open) -> None:
    window = opened()
    for words in ("part-of-asvs-3.3.4", "OPERATOR of a query language", ONE, "comparison of null with null"):
        window.get_by_label("Words in").fill(words)
        expect(window.get_by_role("status")).not_to_have_text(f"{len(requirements())} of")
        assert 0 < len(shown(window)) < 5, words
    window.reload()
    assert shown(window) == [ONE]


def test_a_permalink_opens_its_requirement(opened: Open) -> None:
    window = opened(f"#{ONE}")
    expect(window.get_by_text("a comparison of null with null")).to_be_in_viewport()
    window.get_by_label("Level", exact=True).select_option("may")
    assert ONE not in shown(window)
    window.goto(f"{window.url.partition('#')[0]}#{ONE}")
    expect(window.locator(f"#{ONE}")).to_be_in_viewport()


def test_the_keyboard_opens_a_requirement(opened: Open) -> None:
    window = opened()
    summary = window.locator(f"#{ONE} > summary")
    summary.focus()
    window.keyboard.press("Enter")
    expect(window.locator(f"#{ONE} .steps")).to_be_visible()


def test_without_scripts_all_can_be_read(opened: Open) -> None:
    window = opened(java_script_enabled=False)
    expect(window.locator("#filter")).to_be_hidden()
    window.locator(f"#{ONE} > summary").click()
    expect(window.locator(f"#{ONE} .steps")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_sticks_out(opened: Open, width: int) -> None:
    window = opened(viewport={"width": width, "height": 900})
    window.evaluate(OPEN_ALL)
    assert window.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(opened: Open, scheme: str, width: int) -> None:
    # Of one flow: what the others have is of the same kinds, and each element takes its time.
    window = opened("#flow=signin", viewport={"width": width, "height": 900}, color_scheme=scheme)
    window.evaluate(OPEN_ALL)
    found = Axe().run(window)
    assert found.violations_count == 0, found.generate_report()
