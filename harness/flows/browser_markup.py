"""Markup that users type, and what pages make of it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from harness.core.errors import Absent
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.core.text import listed
from harness.core.vocabulary import Vocabulary
from harness.deployment.marks import shown_in
from harness.deployment.people import new_canary
from harness.deployment.tasks.client import CANARY_HERE
from harness.flows.browser import SETTLING, open_window
from harness.flows.browser_pages import cookies_of, own_key
from harness.flows.page_actions import ChangeName, name_of, rename

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.scenario.world import World

_IMAGE = "<img src={canary} onerror=window.{canary}=1>"

MARKUP: Vocabulary[str] = Vocabulary(
    "markup",
    {
        "an element": f"{{canary}} {_IMAGE}",
        # Each is for text, and for a value in either kind of quotes.
        "the end of an attribute and an element": f"{{canary}} \"'>{_IMAGE}",
        "the end of a value and a handler": (
            # It ends in a word, to which the quote that follows belongs.
            "{canary} \" onfocus=\"window.{canary}=1\" autofocus a=' onfocus='window.{canary}=1' autofocus b"
        ),
        "the end of a script or title and an element": f"{{canary}} </script></title></textarea>{_IMAGE}",
        "the end of a string and a statement": "{canary}\";window.{canary}=1//';window.{canary}=1//",
        "a URL with a script": "javascript:window.{canary}=1",
    },
)
"""What is typed, with a random word in place of ``{canary}``."""

NAME, TITLE = "the name", "the title of a task"


@dataclass(frozen=True)
class Typed:
    """A text that a deployment stored.

    ``is_expected`` says that the page shows the plain text of that field.
    """

    field: str
    canary: str
    is_expected: bool


@dataclass(frozen=True)
class Rendered:
    """What pages made of texts.

    The first that is no text, and the fields that no page showed.
    """

    finding: Unmet | None
    unseen: tuple[str, ...]
    alias: str
    is_seen: bool = True
    """Whether any page showed any of them."""


def show_markup(world: World, alias: str, word: str) -> None:
    """Put the markup into the person's fields and look at the pages.

    It is taken away again. Raises NotApplicable where the deployment takes it nowhere.
    """
    window, pages = open_window(world), world.deployment.pages
    with _stored(world, alias, MARKUP[word]) as typed:
        if not typed:
            raise NotApplicable(f"The deployment takes {word} neither in a name nor in a task's title.")
        # What a page says of its user may be cached in a cookie that the update has renewed.
        window.add_cookies(cookies_of(world.device(alias, "first device")))
        finding, seen = None, set[str]()
        for path in dict.fromkeys((*pages.protected, pages.after_sign_in)):
            window.open(path)
            _wait_for(world, typed)
            seen |= {one.field for one in typed if _is_shown(world, one)}
            if (found := _first_injected(world, typed)) is not None:
                one, what = found
                finding = window.unmet(
                    f"that pages show {one.field} as text, whatever it looks like",
                    f"on {window.page.url} {MARKUP[word].replace(CANARY_HERE, one.canary)} became {what}",
                )
                break
        unseen = sorted({one.field for one in typed if one.is_expected} - seen)
        world.remember(Rendered(finding, tuple(unseen), alias, is_seen=bool(seen)))


def _wait_for(world: World, typed: list[Typed]) -> None:
    """Wait until the page shows it, or made more of it.

    A name may be cached somewhere, and is not waited for as long as a title is.
    """
    window = open_window(world)

    def came(fields: list[Typed]) -> bool:
        return all(_is_shown(world, one) for one in fields) or _first_injected(world, typed) is not None

    expected = [one for one in typed if one.is_expected]
    window.wait(lambda: came([one for one in expected if one.field == TITLE]))
    window.wait(lambda: came(expected), SETTLING)


def _is_shown(world: World, typed: Typed) -> bool:
    return shown_in(open_window(world).text(), [typed.canary]) is not None


def _first_injected(world: World, typed: list[Typed]) -> tuple[Typed, str] | None:
    window = open_window(world)
    found = ((one, window.injected(one.canary)) for one in typed)
    return next(((one, what) for one, what in found if what is not None), None)


@contextlib.contextmanager
def _stored(world: World, alias: str, markup: str) -> Iterator[list[Typed]]:
    """The fields that hold the markup, until the end."""
    shows_name = shown_in(open_window(world).text(), [world.person(alias).canary]) is not None
    try:
        typed = [_titled(world, alias, markup), _named(world, alias, markup, shows_name=shows_name)]
        yield [one for one in typed if one is not None]
    finally:
        _take_away(world, alias)


def _titled(world: World, alias: str, markup: str) -> Typed | None:
    """The title of a new task.

    None where there are no tasks, or it is refused.
    """
    if alias in world.taskless:
        world.notes.append(f"{TITLE} was not tried: {world.taskless[alias]}")
        return None
    try:
        return Typed(TITLE, world.tasks.make(world.person(alias), markup).canary, is_expected=True)
    except Unmet as failed:
        if any(httpx.codes.is_server_error(one.status) for one in failed.exchanges[-1:]):
            raise NotTested(f"{failed.expected} was expected; {failed.came}.", "", failed.exchanges) from failed
        world.notes.append(f"{TITLE} was refused: {failed.came}")
        return None


def _named(world: World, alias: str, markup: str, *, shows_name: bool) -> Typed | None:
    """The name; None where it can't be changed, or is refused."""
    try:
        ChangeName().operation(world)
    except Absent as absence:
        world.notes.append(f"{NAME} was not tried: {absence}")
        return None
    canary = new_canary("markup canary")
    rename(world, alias, markup.replace(CANARY_HERE, canary))
    if canary in (name_of(world, alias) or ""):
        return Typed(NAME, canary, is_expected=shows_name)
    world.notes.append(f"{NAME} was refused")
    return None


def _take_away(world: World, alias: str) -> None:
    person = world.person(alias)
    if alias not in world.taskless:
        world.tasks.discard(person)
    with contextlib.suppress(Absent):
        ChangeName().operation(world)
        if name_of(world, alias) != person.name:
            rename(world, alias, person.name)
            if name_of(world, alias) != person.name:
                world.cast.reused = None


def must_be_text(world: World) -> None:
    """Raise Unmet if a page made anything but text of it."""
    rendered = world.recall(Rendered)
    world.judge.needs(own_key(rendered.alias))
    if rendered.finding is not None:
        raise rendered.finding
    if TITLE in rendered.unseen or not rendered.is_seen:
        raise NotTested(
            f"no page showed {listed(rendered.unseen or (NAME,), 'and')} as markup, though it was stored.",
            "Look at the pages by hand: what is stored may be rendered elsewhere.",
        )
    world.notes.extend(
        f"no page showed {one} as markup, though the plain text was there" for one in rendered.unseen
    )
