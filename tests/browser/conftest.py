"""A real browser for the page."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from harness.browser.install import ensure_browser, launch_arguments
from harness.browser.pool import REQUIRED


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    choice = ensure_browser()
    if choice.executable is None:
        said = f"no browser can be had: {choice.why} Run: {choice.command}"
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{said} ({REQUIRED}=1 makes this an error.)")
        pytest.skip(said)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments(choice.executable))
        yield browser
        browser.close()
