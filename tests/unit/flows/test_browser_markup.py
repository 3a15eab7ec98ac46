"""Markup in what a user types stays text on her pages, and is taken away afterwards."""

from __future__ import annotations

import pytest

from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.deployment.tasks.client import CANARY_HERE
from harness.flows.browser_markup import MARKUP, Rendered, must_be_text, show_markup
from harness.flows.browser_pages import open_own_page
from harness.scenario.world import World
from tests.support.fake_backend import AUTH, FakeBackend
from tests.support.fake_client import Answer, Sent
from tests.support.fake_windows import FakeBrowsers
from tests.support.scenario import BROKEN, CREATE, said

UPDATE, PAGE = f"POST {AUTH}/update-user", "GET /tasks"
ELEMENT = "an element"
REFUSED = said(Answer(422, {"message": "Plain text, please"}))


@pytest.fixture
def opened(world: World, browsers: FakeBrowsers) -> World:
    """Ann's protected page is open in a browser with her session."""
    open_own_page(world, "Ann")
    return world


@pytest.mark.parametrize("word", MARKUP)
def test_text_that_is_shown_as_text_is_fine(opened: World, backend: FakeBackend, word: str) -> None:
    name = opened.person("Ann").name
    show_markup(opened, "Ann", word)
    must_be_text(opened)
    (account,) = (one for one in backend.accounts.values() if one.email == opened.person("Ann").email)
    assert (account.name, account.tasks) == (name, {})


@pytest.mark.parametrize("word", MARKUP)
def test_no_markup_is_the_same_as_its_word(word: str) -> None:
    assert MARKUP[word].replace(CANARY_HERE, "x") not in ("x", MARKUP[word])


@pytest.mark.parametrize(("refused", "field"), [(UPDATE, "the title of a task"), (CREATE, "the name")])
def test_what_becomes_an_element_is_found_out(
    opened: World, backend: FakeBackend, browsers: FakeBrowsers, refused: str, field: str
) -> None:
    backend.routes[refused] = REFUSED
    browsers.current.renders_markup = True
    show_markup(opened, "Ann", ELEMENT)
    with pytest.raises(Unmet, match=rf"pages show {field} as text.*; on .*/tasks cnry.* became an <img> element"):
        must_be_text(opened)


def test_what_is_taken_nowhere_is_not_applicable(opened: World, backend: FakeBackend) -> None:
    backend.routes[UPDATE] = backend.routes[CREATE] = REFUSED
    with pytest.raises(NotApplicable, match="takes an element neither in a name nor in a task's title"):
        show_markup(opened, "Ann", ELEMENT)


def test_a_deployment_that_breaks_on_it_is_not_judged(opened: World, backend: FakeBackend) -> None:
    backend.routes[CREATE] = said(BROKEN)
    with pytest.raises(NotTested, match="that Ann creates a task"):
        show_markup(opened, "Ann", ELEMENT)


def test_what_no_page_shows_is_not_judged(opened: World, backend: FakeBackend) -> None:
    backend.routes[PAGE] = said(Answer(200, "<h1>Soon</h1>"))
    show_markup(opened, "Ann", ELEMENT)
    with pytest.raises(NotTested, match="no page showed the name and the title of a task as markup"):
        must_be_text(opened)


def test_a_name_that_a_cache_still_has_is_noted(opened: World, backend: FakeBackend) -> None:
    proper, name = backend.routes[PAGE], opened.person("Ann").name

    def page(sent: Sent) -> Answer:
        answer, account = proper(sent), backend.signed_in(sent)
        return Answer(200, str(answer.body).replace(account.name if account else "-", name))

    backend.routes[PAGE] = page
    show_markup(opened, "Ann", ELEMENT)
    must_be_text(opened)
    assert opened.notes == ["no page showed the name as markup, though the plain text was there"]


def test_a_name_alone_that_no_page_shows_is_not_judged(opened: World, backend: FakeBackend) -> None:
    backend.routes[CREATE] = REFUSED
    backend.routes[PAGE] = said(Answer(200, "<h1>Soon</h1>"))
    show_markup(opened, "Ann", ELEMENT)
    with pytest.raises(NotTested, match="no page showed the name as markup"):
        must_be_text(opened)


def test_without_the_control_nothing_is_judged(world: World, browsers: FakeBrowsers) -> None:
    world.remember(Rendered(None, (), "Ann"))
    with pytest.raises(HarnessError, match="judged without a control"):
        must_be_text(world)


def test_a_session_that_does_not_open_the_page_is_no_control(
    world: World, browsers: FakeBrowsers, backend: FakeBackend
) -> None:
    backend.sessions.clear()
    with pytest.raises(NotTested, match="a browser with Ann's session shows Ann's own at /tasks"):
        open_own_page(world, "Ann")
