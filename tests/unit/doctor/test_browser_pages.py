"""Pages are filled in and used in a browser, where one is there and wanted."""

from __future__ import annotations

from typing import Any, cast

import pytest

from harness.browser.pool import Browsers, NoBrowser
from harness.core.findings import HarnessError
from harness.deployment.deployment import Deployment
from harness.doctor.examination import Examination
from harness.profile.loader import load_profile
from harness.profile.target import Target
from tests.support.fake_backend import AUTH, SECRET, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient
from tests.support.fake_windows import FakeBrowsers, FakeWindow, Locator

PROFILE = load_profile("reference")


def examination(backend: FakeBackend, **changes: Any) -> tuple[Examination, FakeBrowsers]:
    deployment = Deployment(
        Target(PROFILE.model_copy(update=changes), WEB, API, SECRET), FakeClient(backend, (WEB, API))
    )
    browsers = FakeBrowsers(deployment, backend)
    return Examination(deployment, 1, cast("Browsers", browsers)), browsers


def told(examined: Examination) -> list[str]:
    """The lines about a browser."""
    return [str(one) for one in examined.run() if "browser" in one.sentence or "the button" in one.sentence]


def test_each_form_is_used_once_and_nothing_is_left(backend: FakeBackend) -> None:
    examined, browsers = examination(backend)
    assert told(examined) == [
        "ok        /signup in a browser (pages.sign_up) has its fields and its button",
        "ok        /signin in a browser (pages.sign_in) signs Ann in and leads to Ann's own at /tasks",
        'ok        the button "Sign out" (pages.sign_out_button) leads away from there',
    ]
    assert browsers.windows == []
    assert backend.accounts == {}
    assert examined.deployment.asked["sign_up"] == 2


def test_the_sign_up_form_is_filled_in_and_not_sent(backend: FakeBackend) -> None:
    examined, browsers = examination(backend)
    typed: list[dict[str, str]] = []
    browsers.prepare = lambda window: typed.append(window.typed)
    examined.run()
    assert "Name" in typed[0]
    assert not any(one.email.startswith("zoe.") for one in backend.accounts.values())


def test_a_button_that_the_sign_up_page_lacks_is_a_doubt(
    backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(window: FakeWindow, name: str, *_: object) -> Exception:
        return window.unmet(f'that the button "{name}" can be pressed')

    monkeypatch.setattr("harness.doctor.browser_pages.cannot_press", missing)
    examined, browsers = examination(backend)
    browsers.prepare = lambda window: setattr(window, "sign_in_button", Locator(is_there=False))
    said = told(examined)[0]
    assert said.startswith(
        'DOUBTFUL  /signup in a browser (pages.sign_up): expected that the button "Sign up" can be'
    )
    assert said.endswith("Check pages in the profile; if it is right, the scenarios will say so")


def test_a_sign_in_that_leads_nowhere_is_a_doubt_and_ends_the_trials(backend: FakeBackend) -> None:
    examined, browsers = examination(backend)
    browsers.prepare = lambda window: setattr(window, "after_sign_in", "/signin")
    lines = told(examined)
    assert len(lines) == 2
    assert lines[1].startswith(
        "DOUBTFUL  /signin in a browser (pages.sign_in): expected that the browser shows Ann's"
    )


def test_a_sign_out_button_that_leads_nowhere_is_a_doubt(backend: FakeBackend) -> None:
    examined, browsers = examination(backend)
    browsers.prepare = lambda window: setattr(window, "sign_out", lambda: None)
    assert told(examined)[-1] == (
        'DOUBTFUL  the button "Sign out" (pages.sign_out_button): it was pressed, and the browser is still at the '
        "protected page. Check the button."
    )


@pytest.mark.parametrize("why", [NoBrowser("No Chromium is installed.", "Run: x"), HarnessError("No Chromium.")])
def test_without_a_browser_it_is_said(backend: FakeBackend, why: Exception) -> None:
    examined, browsers = examination(backend)

    def missing(_: FakeWindow) -> None:
        raise why

    browsers.prepare = missing
    assert told(examined) == [f"DOUBTFUL  no page was looked at in a browser: {why}"]


def test_a_deployment_without_pages_needs_no_browser(backend: FakeBackend) -> None:
    examined, browsers = examination(backend, pages=None)
    browsers.prepare = lambda _: pytest.fail("a window was opened")
    assert told(examined) == []


def test_a_deployment_without_a_sign_up_page_has_the_others(backend: FakeBackend) -> None:
    assert PROFILE.pages is not None
    examined, _ = examination(backend, pages=PROFILE.pages.model_copy(update={"sign_up": False}))
    assert [line.split()[1] for line in told(examined)] == ["/signin", "the"]


def test_a_sign_in_that_is_refused_on_the_page_is_a_doubt(backend: FakeBackend) -> None:
    original = backend.routes[f"POST {AUTH}/sign-in/email"]
    examined, browsers = examination(backend)
    browsers.prepare = lambda _: backend.routes.update({f"POST {AUTH}/sign-in/email": lambda _: Answer(500)})
    assert told(examined)[1].startswith("DOUBTFUL  /signin in a browser (pages.sign_in): ")
    backend.routes[f"POST {AUTH}/sign-in/email"] = original
