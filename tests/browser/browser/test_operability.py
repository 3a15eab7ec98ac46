"""What can't be operated is a failure only where the page is as the profile says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from harness.browser.forms import sign_up_form
from harness.browser.shared import Shared
from harness.browser.window import Window
from harness.core.errors import Misfit
from harness.core.findings import Unmet
from harness.deployment.deployment import Deployment
from harness.profile.loader import load_profile
from harness.profile.pages import FormField
from harness.profile.target import Target
from harness.wire.client import Client
from harness.wire.throttle import ThrottleBudget

WEB = "http://127.0.0.1:1"
EMAIL = FormField(value="Email")
VALUES = {"name": "Zoe", "email": "zoe@example.com", "password": "a password"}
FIELDS = (
    """<label>Name <input></label><label>Email <input></label><label>Password <input type="password"></label>"""
)


@pytest.fixture
def window(chromium: Browser) -> Iterator[Window]:
    client = Client(frozenset({WEB}), ThrottleBudget(0.0))
    deployment = Deployment(Target(load_profile("reference"), WEB, WEB), client)
    opened = Window(deployment, chromium.new_context(), "Ann", shared=Shared(limit=0.5))
    yield opened
    opened.close()
    client.close()


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("<label>Mail <input></label><input placeholder=Secret>", r"the page has: Mail, Secret \(placeholder\)\."),
        (
            "<div hidden><label>Email <input></label></div><input name=q>",
            r"is there and can't be seen, .*: q \(name\)",
        ),
        ("<input><input aria-label=Word>", "the page has: one without a name, Word. Correct pages.email in the"),
    ],
)
def test_other_fields_are_listed(window: Window, page: str, why: str) -> None:
    window.page.set_content(page)
    with pytest.raises(Misfit, match=why):
        window.fill(EMAIL, "ann@example.com")


@pytest.mark.parametrize("page", ["<h1>Sign in</h1>", "<label>Email <input disabled></label>"])
def test_a_page_without_fields_or_with_dead_ones_is_a_failure(window: Window, page: str) -> None:
    window.page.set_content(page)
    with pytest.raises(Unmet, match='that the field "Email" can be filled in'):
        window.fill(EMAIL, "ann@example.com")


def test_other_fields_are_a_failure_where_somebody_got_through(window: Window) -> None:
    window.shared.operated.add(window.path)
    window.page.set_content("<label>Mail <input></label>")
    with pytest.raises(Unmet, match='that the field "Email" can be filled in'):
        window.fill(EMAIL, "ann@example.com")


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (
            "<button>Join</button><button aria-label='Go on'>→</button>",
            r"page has: Join, → \(accessible name: Go on\)",
        ),
        (
            "<button>Sign up</button><div style='position: fixed; inset: 0'>We use cookies</div>",
            "something lies over it and takes the click",
        ),
    ],
)
def test_another_button_is_no_failure(window: Window, page: str, why: str) -> None:
    window.page.set_content(f"<form>{FIELDS}{page}</form>")
    with pytest.raises(Misfit, match=why):
        submit(window)


@pytest.mark.parametrize("page", ["", "<button disabled>Sign up</button>"])
def test_a_form_without_a_button_or_with_a_dead_one_is_a_failure(window: Window, page: str) -> None:
    window.page.set_content(f"<form>{FIELDS}{page}</form>")
    with pytest.raises(Unmet, match='that the button "Sign up" can be pressed'):
        submit(window)


def test_a_button_that_does_nothing_is_left_to_the_scenario(window: Window) -> None:
    window.page.set_content(f"<form>{FIELDS}<button type=button>Sign up</button></form>")
    assert submit(window) is False


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ("<label>Company <input required></label>", r'Company \("Please fill out this field\."\)'),
        ("<label>Again <input type=password></label>", r"Again\."),
        ("<label><input type=checkbox required>Terms</label>", r'Terms \("Please check this box'),
        (
            "<label>Country <select required><option value=''>-</select></label>",
            r'Country \("Please select an item',
        ),
        ("<input aria-label=Code aria-required=true>", r"Code\."),
    ],
)
def test_what_the_form_asks_for_besides_is_named(window: Window, more: str, named: str) -> None:
    window.page.set_content(f"<form onsubmit='return false'>{FIELDS}{more}<button>Sign up</button></form>")
    with pytest.raises(Misfit, match=f'pressing "Sign up" .*leads nowhere: .*stay empty: {named}'):
        submit(window)


def test_what_may_stay_empty_excuses_nothing(window: Window) -> None:
    more = "<label>Company <input></label><label><input type=checkbox>Newsletter</label>"
    window.page.set_content(f"<form onsubmit='return false'>{FIELDS}{more}<button>Sign up</button></form>")
    assert submit(window) is False


def test_whoever_got_through_is_remembered(window: Window) -> None:
    form = f"<form onsubmit='document.title = 1; return false'>{FIELDS}<button>Sign up</button></form>"
    window.page.set_content(form)
    assert window.submit(sign_up_form(window.deployment.pages, VALUES), lambda: window.page.title() == "1")
    assert window.shared.operated == {window.path}


@pytest.mark.parametrize(
    "page",
    [
        "<button>Log out</button>",
        "<button aria-label='Leave your account'><b>Log</b> out</button>",
        "<a href='#'>Log out</a>",
        "<div role=menuitem>Log out</div>",
        "<span>Log out</span>",
        "<img alt='Log out' src='data:,'>",
        "<svg role=img aria-label='Log out' width=20 height=20></svg>",
    ],
)
def test_what_signs_out_may_be_anything_that_is_called_so(window: Window, page: str) -> None:
    window.page.set_content(f"<p>Log out of all devices</p><div onclick='document.title = 1'>{page}</div>")
    window.press("log out")
    assert window.page.title() == "1"


def test_steps_come_first(window: Window) -> None:
    menu = "<button aria-label=Account onclick='menu.hidden = false'>Z</button>"
    window.page.set_content(
        f"{menu}<nav id=menu hidden><a href='#' onclick='document.title = 1'>Log out</a></nav>"
    )
    with pytest.raises(Misfit, match=r"the page has: Z \(accessible name: Account\). Correct pages"):
        window.press("Log out")
    window.press("Log out", ["Account"])
    assert window.page.title() == "1"


def submit(window: Window) -> bool:
    """Sign up on the page."""
    return window.submit(sign_up_form(window.deployment.pages, VALUES), lambda: False)
