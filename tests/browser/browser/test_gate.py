"""What lets a request through to the deployment is with each of the browser's, and with none to another origin."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from harness.browser.confinement import confine
from harness.wire.gate import Gate
from tests.support.local_server import Asked, Handler, Server, serving

GATE = Gate((("X-Bypass", "let-me-through"),), basic="user:password")
PAGE = """<!doctype html><link rel="stylesheet" href="/style.css"><script src="/script.js"></script>
<script src="{other}/script.js"></script><iframe src="{other}/frame"></iframe>
<script>
const done = [fetch("/data", {{method: "POST", body: "x"}}), fetch("{api}/data", {{method: "POST", body: "x"}}),
  fetch("{other}/data", {{method: "POST", body: "x"}}), fetch("/own", {{headers: {{Authorization: "Bearer x"}}}}),
  fetch("/moves"), fetch("{api}/asks", {{headers: {{"X-Own": "1"}}}})];
Promise.allSettled(done).then(() => document.body.append("everything came"));
</script>"""


@pytest.fixture(scope="module")
def sites() -> Iterator[tuple[Server, Server, Server]]:
    """The deployment's two origins, and one of others."""
    shared = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "x-own")]
    with (
        serving(lambda handler: handler.say(200, b"", *shared)) as other,
        serving(lambda handler: handler.say(200, b"", *shared)) as api,
    ):

        def answer(handler: Handler) -> None:
            match handler.path:
                case "/":
                    page = PAGE.format(other=other.url, api=api.url).encode()
                    handler.say(200, page, ("Content-Type", "text/html"), ("Set-Cookie", "sid=1; HttpOnly"))
                case "/moves":
                    handler.say(302, b"", ("Location", f"{other.url}/moved"))
                case _:
                    handler.say(200, b"", *shared)

        with serving(answer) as web:
            yield web, api, other


@pytest.fixture(scope="module")
def page(chromium: Browser, sites: tuple[Server, Server, Server]) -> Iterator[Page]:
    web, api, _ = sites
    confine(chromium, {web.url, api.url}, GATE)
    page = chromium.new_page()
    page.goto(f"{web.url}/")
    page.get_by_text("everything came").wait_for()
    yield page
    page.close()


def has_passed(asked: Asked) -> bool:
    return asked.headers.get("x-bypass") == ["let-me-through"]


def password_of(asked: Asked) -> list[str]:
    return asked.headers.get("authorization", [])


BASIC = f"Basic {base64.b64encode(b'user:password').decode()}"


def test_each_request_to_the_deployment_has_it(page: Page, sites: tuple[Server, Server, Server]) -> None:
    web, api, _ = sites
    assert {"/", "/style.css", "/script.js", "/data", "/own", "/moves"} <= {one.path for one in web.asked}
    assert all(has_passed(one) for one in (*web.asked, *api.asked))
    assert {one.path: password_of(one) for one in (*web.asked, *api.asked) if one.path != "/own"} == {
        one.path: [BASIC] for one in (*web.asked, *api.asked) if one.path != "/own"
    }


def test_what_a_script_presents_itself_stays(page: Page, sites: tuple[Server, Server, Server]) -> None:
    (own,) = [one for one in sites[0].asked if one.path == "/own"]
    assert password_of(own) == ["Bearer x"]


def test_no_request_to_another_origin_has_it(page: Page, sites: tuple[Server, Server, Server]) -> None:
    other = sites[2]
    assert {"/script.js", "/frame", "/data", "/moved"} <= {one.path for one in other.asked}
    assert not any(has_passed(one) or password_of(one) for one in other.asked)


def test_cookies_are_sent_all_the_same(page: Page, sites: tuple[Server, Server, Server]) -> None:
    (data,) = [one for one in sites[0].asked if one.path == "/data"]
    assert data.headers["cookie"] == ["sid=1"]
    assert data.body == b"x"


def test_no_request_becomes_one_that_the_browser_asks_leave_for(
    page: Page, sites: tuple[Server, Server, Server]
) -> None:
    api = sites[1]
    asked = [(one.method, one.path) for one in api.asked]
    assert asked.count(("POST", "/data")) == 1
    assert [path for method, path in asked if method == "OPTIONS"] == ["/asks"]
