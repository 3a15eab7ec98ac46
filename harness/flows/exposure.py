"""What scenarios about repeated markup and served files demand."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from harness.core.findings import Unmet
from harness.core.redaction import register
from harness.core.vocabulary import Vocabulary
from harness.deployment.people import Device
from harness.deployment.quotation import is_html
from harness.deployment.request import prepared
from harness.wire.cookies import cookie_header
from harness.wire.html import parse

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.profile.operation import Base
    from harness.scenario.world import World


@dataclass(frozen=True)
class Reflected:
    """The answers to markup, and the id that its element has."""

    mark: str
    answers: list[Exchange]


_AS_A_BROWSER = ("Accept", "text/html,application/xhtml+xml")
# Whatever the text stands in is ended first: an attribute, a title, a script.
_BEFORE = "'\"></title></textarea></script>"


_NO_ELEMENTS = re.compile(
    r"<!--.*?-->|<(script|style|title|textarea|noscript|xmp|iframe|noframes|noembed)\b.*?</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
"""What holds text and no elements."""


Ask = Callable[["World", str, str], list["Exchange"]]
"""What is answered to markup, with a user's cookies and without."""


def _get(world: World, base: Base, alias: str, path: str) -> list[Exchange]:
    credential = world.session_of(alias) if base != "api" else world.tasks.credential(world.person(alias))
    ways = [[_AS_A_BROWSER]]
    if credential.cookies:
        ways.append([_AS_A_BROWSER, ("Cookie", cookie_header(credential.cookies))])
    url = world.target.url(base, path)
    return [world.deployment.client.send("a browser", "GET", url, headers) for headers in ways]


def _parameter(name: str) -> Ask:
    def ask(world: World, alias: str, markup: str) -> list[Exchange]:
        page = world.deployment.pages.sign_in
        return _get(world, "web", alias, f"{page}{'&' if '?' in page else '?'}{name}={quote(markup, safe='')}")

    return ask


def _path(base: Base, below: Callable[[World], str]) -> Ask:
    return lambda world, alias, markup: _get(world, base, alias, _below(below(world), markup))


def _below(path: str, markup: str) -> str:
    return f"{path.rstrip('/')}/{quote(markup, safe='')}"


def _below_sign_in(world: World, alias: str, markup: str) -> list[Exchange]:
    operation = world.deployment.operation("sign_in")
    return _get(world, operation.base, alias, _below(operation.path, markup))


def _of_tasks(world: World) -> str:
    return world.tasks.operation("list").path.partition("{")[0]


def _address(world: World, _alias: str, markup: str) -> list[Exchange]:
    """The answer to a sign-in with that address, which no account has."""
    person, operation = world.cast.factory.person("Mallory"), world.deployment.operation("sign_in")
    values = {**person.values, "email": markup, "username": markup}
    credential = world.deployment.access.ready("sign_in", Device(person, "browser"))
    sent = prepared(world.target, operation, values, credential)
    return [world.deployment.client.send("a browser", sent.method, sent.url, sent.headers, sent.body)]


PLACES: Vocabulary[Ask] = Vocabulary(
    "place of markup",
    {
        **{
            f"the parameter {name} of sign-in": _parameter(name)
            for name in ("error", "message", "email", "callbackURL", "next")
        },
        "a path of the front end": _path("web", lambda _: ""),
        "a path of the API": _path("api", _of_tasks),
        "a path of the sign-in operation": _below_sign_in,
        "the address at sign-in": _address,
    },
)
"""Where markup is put, and the answer to it there."""


def send_markup(world: World, alias: str, word: str) -> None:
    """Send markup with an element of its own in that place."""
    mark = f"m{secrets.token_hex(6)}"
    world.remember(Reflected(mark, PLACES[word](world, alias, f"{_BEFORE}<i id={mark}>x</i>")))


def must_have_no_element(world: World) -> None:
    """Raise Unmet if a page has the element that was sent."""
    reflected = world.recall(Reflected)
    for answer in reflected.answers:
        if is_html(answer) and reflected.mark in answer.text and _has_element(answer.text, reflected.mark):
            raise Unmet(
                "that what a request holds is repeated by a page as text, or not at all",
                f"the page ({answer.status}) has the element that was sent, so that it runs another site's script",
                [answer],
            )


def _has_element(text: str, mark: str) -> bool:
    root = parse(_NO_ELEMENTS.sub("", text))
    return root is not None and any(element.get("id") == mark for element in root.iter())


# --- files ---


_NAME = r"(?:export )?[A-Z0-9_]*(?:SECRET|PASSWORD|KEY|TOKEN|DATABASE_URL)[A-Z0-9_]*"
_OF_SETTINGS = re.compile(rf"^{_NAME}[ ]*=[ ]*\S", re.MULTILINE)
_VALUE = re.compile(r"^[ \t]*[\w.-]+[ \t]*[=:][ \t]*[\"']?([^\s\"']{6,})", re.MULTILINE)
"""What stands in a file of settings, which no report may show."""

FILES: Vocabulary[re.Pattern[str]] = Vocabulary(
    "sensitive file",
    {
        **dict.fromkeys((".env", ".env.local", ".env.production", ".env.bak"), _OF_SETTINGS),
        ".git/HEAD": re.compile(r"\Aref: refs/|\A[0-9a-f]{40}\s*\Z"),
        ".git/config": re.compile(r"^\[core\]", re.MULTILINE),
        "docker-compose.yml": re.compile(r"^services:", re.MULTILINE),
        "backup.sql": re.compile(r"^(?:CREATE TABLE|INSERT INTO|COPY \S+ .*FROM stdin)\b", re.MULTILINE),
    },
)
"""What each file has, whatever the answer's status is."""


@dataclass(frozen=True)
class Files:
    """The answers to requests for a file."""

    word: str
    answers: list[Exchange]


def ask_for_file(world: World, word: str) -> None:
    """Ask for the file on each of the deployment's addresses."""
    answers = [world.deployment.client.send("an attacker", "GET", f"{base}/{word}") for base in world.target.bases]
    for answer in answers:
        for value in _VALUE.findall(answer.text) if _is_file(word, answer) else ():
            register(value, "setting")
    world.remember(Files(word, answers))


def _is_file(word: str, answer: Exchange) -> bool:
    """Whether it is such a file, and no page in its place."""
    return not answer.text.lstrip().startswith("<") and FILES[word].search(answer.text) is not None


def must_have_no_content(world: World) -> None:
    """Raise Unmet if an answer is such a file."""
    files = world.recall(Files)
    for answer in files.answers:
        if _is_file(files.word, answer):
            raise Unmet(
                f"that the file {files.word} is served to nobody",
                f"GET {answer.url} was answered {answer.status} with what such a file has",
                [answer],
            )
