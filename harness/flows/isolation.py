"""What scenarios about other people's tasks do and demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import Unmet
from harness.core.provenance import Part, made
from harness.core.vocabulary import Vocabulary
from harness.deployment.answer import matches
from harness.deployment.request import perform
from harness.deployment.tampered import Tampering
from harness.flows.common import id_of

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Person
    from harness.deployment.tasks.client import Call, Verb
    from harness.scenario.world import World


@dataclass(frozen=True)
class Lists:
    """Responses to a list that might show another user's tasks."""

    answers: list[Exchange]


@dataclass(frozen=True)
class CreatedTasks:
    """Calls that created a task while the request named another user."""

    calls: list[Call]


LISTS: Vocabulary[Callable[[Person], dict[str, str]]] = Vocabulary(
    "way to list tasks",
    {
        "plainly": lambda _: {},
        "with a high limit": lambda _: {"limit": "100000", "page_size": "100000"},
        "from the second page": lambda _: {"page": "2", "offset": "1"},
        "sorted by title": lambda _: {"sort": "title", "order": "title"},
        # By the beginning only: an answer may rightly repeat what was searched for.
        "searching for her task": lambda owner: dict.fromkeys(("q", "search", "title"), _beginning(owner)),
    },
)
"""The query of each way to list, which may depend on whose tasks are wanted."""


def _beginning(owner: Person) -> str:
    return made("canary begins", Part(owner.tasks[-1].canary, end=10))


def attempt_as_other(world: World, other: str, alias: str, verb: Verb) -> None:
    """Call a verb on the person's task with another user's valid credential.

    Where the path names a person, it is tried under the owner's and under the intruder's own.
    """
    world.judge.needs(world.tasks.key("list", other))
    intruder, owner = world.person(other), world.person(alias)
    credential = world.tasks.credential(intruder)
    names_person = "{user_id}" in world.tasks.operation(verb).path
    for under in (owner, intruder) if names_person else (owner,):
        where = f" under {under.alias}'s path" if names_person else ""
        if world.judge.attempts:
            # Judged at once: what the second does must not be laid to the first.
            world.judge.all_refused()
        world.judge.attempt(
            world.tasks.attempt(
                verb,
                other,
                credential,
                owner,
                world.task_of(alias),
                what=f"{other} trying to {verb} {alias}'s task{where}",
                harmless_success=verb in ("replace", "update", "delete"),
                under=under,
            )
        )


def list_as(world: World, other: str, alias: str, how: str) -> None:
    """List as one person in a way that might show another's tasks."""
    intruder, owner = world.person(other), world.person(alias)
    tampering = Tampering(query=LISTS[how](owner))
    credential = world.tasks.credential(intruder)
    call = world.tasks.call("list", other, credential, intruder, tampering=tampering)
    world.remember(Lists(world.tasks.pages_from(call.exchange, other, credential)))


def must_hold_nothing_of(world: World, alias: str) -> None:
    """Raise Unmet if a response shows another person's name, task or id."""
    owner = world.person(alias)
    world.judge.needs(world.tasks.key("list", alias))
    for exchange in world.recall(Lists).answers:
        ids = [task.id for task in owner.tasks if len(task.id) > 5]
        for found in (*owner.canaries, *ids):
            if found in exchange.everything:
                raise Unmet(f"nothing of {alias}'s in another user's list", f"it holds {found}", [exchange])


# --- owner and identity from the request ---


def create_for(world: World, alias: str, owner_alias: str) -> None:
    """Create a task that names another person as its owner.

    In every common spelling of the field.
    """
    named, maker = naming_owner(world, owner_alias), world.person(alias)
    call = world.tasks.call("create", alias, world.tasks.credential(maker), maker, tampering=named)
    world.remember(CreatedTasks([call]))


def naming_owner(world: World, owner_alias: str) -> Tampering:
    """What names that person as the owner of a task."""
    owner_id = id_of(world, owner_alias)
    return Tampering(beside=dict.fromkeys(("user_id", "userId", "owner", "owner_id", "ownerId", "user"), owner_id))


def act_naming(world: World, alias: str, named: str, hint: str) -> None:
    """List and create with the own credential while naming another user."""
    NAMING[hint](world, alias, named)


def _by(tampering_with: Callable[[str, str], Tampering]) -> Callable[[World, str, str], None]:
    """Name a user by a function of their id and address."""

    def act(world: World, alias: str, named: str) -> None:
        intruder, tasks = world.person(alias), world.tasks
        tampering = tampering_with(id_of(world, named), world.person(named).email)
        credential = tasks.credential(intruder)
        listed = tasks.call("list", alias, credential, intruder, tampering=tampering)
        world.remember(Lists([listed.exchange]))
        created = tasks.call("create", alias, credential, intruder, tampering=tampering)
        world.remember(CreatedTasks([created]))

    return act


def _by_query(user_id: str, email: str) -> Tampering:
    names = ("user_id", "userId", "user", "owner", "owner_id", "ownerId", "uid", "sub")
    return Tampering(query={**dict.fromkeys(names, user_id), "email": email})


def _by_path(world: World, alias: str, named: str) -> None:
    declared, credential = world.tasks.operation("list"), world.tasks.credential(world.person(alias))
    if "{user_id}" in declared.path:
        owner = world.person(named)
        world.remember(Lists([world.tasks.call("list", alias, credential, owner).exchange]))
        world.remember(CreatedTasks([world.tasks.call("create", alias, credential, owner)]))
        return
    parent, _, leaf = declared.path.rstrip("/").rpartition("/")
    client, values = world.deployment.client, world.person(alias).values
    paths = (f"{parent}/users/{id_of(world, named)}/{leaf}", f"{parent}/{id_of(world, named)}/{leaf}")
    theirs = [declared.model_copy(update={"path": path}) for path in paths]
    world.remember(Lists([perform(world.target, client, alias, one, values, credential) for one in theirs]))
    world.remember(CreatedTasks([]))


NAMING: Vocabulary[Callable[[World, str, str], None]] = Vocabulary(
    "way to name another user",
    {
        "the query": _by(_by_query),
        "the path": _by_path,
        "the header X-User-Id": _by(lambda user_id, _: Tampering(headers=(("X-User-Id", user_id),))),
        "the header X-User-Email": _by(lambda _, email: Tampering(headers=(("X-User-Email", email),))),
        "the header X-Forwarded-User": _by(lambda _, email: Tampering(headers=(("X-Forwarded-User", email),))),
        "the header Remote-User": _by(lambda _, email: Tampering(headers=(("Remote-User", email),))),
        "the header X-Auth-User-Id": _by(lambda user_id, _: Tampering(headers=(("X-Auth-User-Id", user_id),))),
        "a cookie": _by(
            lambda user_id, _: Tampering(cookies=dict.fromkeys(("user_id", "userId", "uid"), user_id))
        ),
    },
)
"""Where a request names another user than its credential; each lists and creates."""


def must_not_have_reached(world: World, alias: str) -> None:
    """Raise Unmet if another user's task is in the person's list."""
    text = world.tasks.listed(world.person(alias)).text
    for call in world.recall(CreatedTasks).calls:
        if call.written in text:
            raise Unmet(f"that no other user can put a task into {alias}'s list", "it is there", [call.exchange])


def must_have_stayed(world: World, alias: str) -> None:
    """Raise Unmet if the accepted task isn't in its creator's list."""
    text = world.tasks.listed(world.person(alias)).text
    for call in world.recall(CreatedTasks).calls:
        taken = matches(world.tasks.operation("create").outcomes.success, call.exchange)
        if taken and call.written not in text:
            raise Unmet(f"that {alias}'s new task is {alias}'s", "it is not in the list", [call.exchange])
