"""Links that could change tasks.

Whatever is done by GET a page or a mail of anybody's can cause.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit, urlunsplit

from harness.core.findings import Unmet
from harness.core.vocabulary import Vocabulary
from harness.deployment.people import new_canary
from harness.deployment.template import render
from harness.flows.common import task_must_be_readable
from harness.wire.request import Request

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Person, Task
    from harness.scenario.world import World


@dataclass(frozen=True)
class Link:
    """What follows the address of a list or task.

    The query is made of the fields of a new task.
    """

    ending: str = ""
    query: Callable[[Mapping[str, str]], Mapping[str, str]] = lambda _: {}
    to_task: bool = True


LINKS: Vocabulary[Link] = Vocabulary(
    "link that may change tasks",
    {
        "to her task, with /delete after it": Link("/delete"),
        "to her task, with _method=DELETE": Link(query=lambda _: {"_method": "DELETE"}),
        "to her list, with a new task in the query": Link(query=lambda fields: fields, to_task=False),
        "to her list with /create after it, with a new task in the query": Link(
            "/create", lambda fields: fields, to_task=False
        ),
    },
)
"""Addresses at which frameworks and hand-written routes change things by GET."""


@dataclass(frozen=True)
class Followed:
    """The answer to a link.

    ``canary`` is in the title of the task that it would make.
    """

    link: str
    answer: Exchange
    canary: str


@dataclass
class AllFollowed:
    """The links of a scenario.

    ``is_gone`` says whether the task was, after the last of them.
    """

    links: list[Followed]
    is_gone: bool = False


def follow_links(world: World, alias: str, links: list[str]) -> None:
    """Request the links with the person's own credential.

    Raises NotTested where the task can't be read again, so that nothing would show that it is gone.
    """
    person, task = world.person(alias), world.task_of(alias)
    task_must_be_readable(world, alias)
    followed = AllFollowed([])
    world.remember(followed)
    for word in links if fields_of_new(world, person, "a title") else (one for one in links if LINKS[one].to_task):
        followed.links.append(_follow(world, person, task, word))
        # At once: afterwards no one can say which of them it was.
        followed.is_gone = LINKS[word].to_task and world.tasks.title_of(person, task) is None
        if followed.is_gone:
            return


def _follow(world: World, person: Person, task: Task, word: str) -> Followed:
    link, canary = LINKS[word], new_canary()
    fields = fields_of_new(world, person, f"water the plants {canary}")
    parts = urlsplit(world.tasks.url("list", person))
    path = parts.path.rstrip("/") + (f"/{task.id}" if link.to_task else "") + link.ending
    url = urlunsplit(parts._replace(path=path, query=urlencode(link.query(fields))))
    request = world.tasks.credential(person).onto(Request("GET", url))
    return Followed(word, world.deployment.client.send(person.alias, *request.encoded()), canary)


def fields_of_new(world: World, person: Person, title: str) -> Mapping[str, str]:
    """The fields of a new task that are text.

    Empty where the title is in none of them but deeper, and no query could hold it.
    """
    operation = world.tasks.operation("create")
    filled = render(operation.body or operation.form or {}, {**person.values, "title": title})
    texts = {name: value for name, value in filled.items() if isinstance(value, str)}
    return texts if title in texts.values() else {}


def must_have_changed_nothing(world: World, alias: str) -> None:
    """Raise Unmet if a link made or deleted a task."""
    world.judge.needs(world.tasks.key("list", alias))
    person, followed = world.person(alias), world.recall(AllFollowed).links
    if world.recall(AllFollowed).is_gone:
        last = followed[-1]
        came = f"it was answered {last.answer.status}, and the task is gone"
        raise Unmet(_expected(alias, last), came, [last.answer])
    pages = world.tasks.listed(person).pages
    for one in followed:
        if (page := next((page for page in pages if one.canary in page.text), None)) is not None:
            came = f"it was answered {one.answer.status}, and the list has the new task"
            raise Unmet(_expected(alias, one), came, [one.answer, page])


def _expected(alias: str, followed: Followed) -> str:
    return (
        f"that a GET request {followed.link} ({urlsplit(followed.answer.url).path}) changes nothing of {alias}'s"
    )
