"""The browser of this machine starts."""

from __future__ import annotations

import stat

from playwright.sync_api import sync_playwright

from harness.browser.install import ensure_browser, launch_arguments


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
