"""Markup is text wherever it is repeated, and files with secrets are served nowhere."""

from __future__ import annotations

from html import escape

import pytest

from harness.core.findings import Unmet
from harness.flows.exposure import (
    FILES,
    PLACES,
    ask_for_file,
    must_have_no_content,
    must_have_no_element,
    send_markup,
)
from harness.scenario.world import World
from tests.support.fake_client import Answer, FakeClient, Sent, Server

HTML = [("Content-Type", "text/html; charset=utf-8")]


def repeating(page: str, headers: list[tuple[str, str]] = HTML, *, quoted: bool = False) -> Server:
    """A server whose answer has what was sent where ``page`` says."""

    def answer(sent: Sent) -> Answer:
        query = next(iter(sent.query.values()), "")
        return Answer(200, page.replace("*", escape(query) if quoted else query), headers)

    return answer


@pytest.mark.parametrize("place", [*PLACES])
def test_what_repeats_nothing_is_right(world: World, place: str) -> None:
    send_markup(world, "Ann", place)
    must_have_no_element(world)


@pytest.mark.parametrize(
    "page",
    [
        "<p>*</p>",
        '<input value="*">',
        "<a href='*'>",
        "<script>x = '*'</script>",
        "<title>*</title>",
        "<textarea>*",
    ],
)
def test_markup_that_becomes_an_element_is_found_out(world: World, client: FakeClient, page: str) -> None:
    client.server = repeating(page)
    send_markup(world, "Ann", "the parameter error of sign-in")
    with pytest.raises(Unmet, match="has the element that was sent"):
        must_have_no_element(world)


def test_what_only_a_user_s_own_page_repeats_is_found_out(world: World, client: FakeClient) -> None:
    proper, repeats = client.server, repeating("<p>*</p>")
    client.server = lambda sent: repeats(sent) if sent.cookies else proper(sent)
    send_markup(world, "Ann", "the parameter error of sign-in")
    with pytest.raises(Unmet, match="has the element that was sent"):
        must_have_no_element(world)


@pytest.mark.parametrize("page", ["<p>*</p>", '<input value="*">', "<title>*</title>", "<script>x = '*'</script>"])
def test_escaped_text_is_right(world: World, client: FakeClient, page: str) -> None:
    client.server = repeating(page, quoted=True)
    send_markup(world, "Ann", "the parameter error of sign-in")
    must_have_no_element(world)


def test_json_is_no_page(world: World, client: FakeClient) -> None:
    client.server = repeating('{"error": "*"}', [("Content-Type", "application/json")])
    send_markup(world, "Ann", "the parameter error of sign-in")
    must_have_no_element(world)


CONTENT = {
    ".env": "PORT=1\nBETTER_AUTH_SECRET=0123456789abcdef\n",
    ".env.local": "export DATABASE_URL = postgres://x\n",
    ".env.production": "API_KEY=abc\n",
    ".env.bak": "DB_PASSWORD='abc'\n",
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/config": "[core]\n",
    "docker-compose.yml": "version: 3\nservices:\n",
    "backup.sql": "-- dump\nCREATE TABLE users (id int);\n",
}


@pytest.mark.parametrize("word", [*FILES])
def test_a_file_is_known_by_what_it_has(world: World, client: FakeClient, word: str) -> None:
    client.server = lambda _: Answer(200, CONTENT[word], HTML)
    ask_for_file(world, word)
    with pytest.raises(Unmet, match=f"the file {word} is served to nobody"):
        must_have_no_content(world)


@pytest.mark.parametrize("word", [*FILES])
@pytest.mark.parametrize(
    "body",
    [
        "",
        "<!doctype html>\nSECRET_KEY=abc\nref: refs/\nservices:\n",
        '{"message": "Not Found"}',
        "Not found: .env",
    ],
)
def test_a_page_in_its_place_is_right(world: World, client: FakeClient, word: str, body: str) -> None:
    client.server = lambda _: Answer(200, body, HTML)
    ask_for_file(world, word)
    must_have_no_content(world)
