"""What scenarios about updates of a person's own profile do and demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.core.findings import NotTested, Unmet
from harness.core.text import listed
from harness.core.vocabulary import Vocabulary
from harness.deployment.answer import ABSENT, at, how_answered, matches
from harness.deployment.people import Device, new_canary
from harness.deployment.tampered import Tampering
from harness.flows.page_actions import ChangeName, rename

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.identity import Identity
    from harness.profile.operations import Identity as Places
    from harness.scenario.world import World


@dataclass(frozen=True)
class Update:
    """One update of a profile, and what it sent beside the name."""

    word: str
    asked: dict[str, Any]
    answer: Exchange


@dataclass(frozen=True)
class Updates:
    """Every update that said more than the name.

    ``before`` is the session's answer before them, ``name`` the name that they carried.
    """

    before: Exchange
    name: str
    sent: list[Update] = field(default_factory=list)


_ID, _ADDRESS = "an id", "another address"

PRIVILEGED: Vocabulary[tuple[str, ...]] = Vocabulary(
    "thing that no update of a profile sets",
    {
        "a role": ("role", "roles", "isAdmin", "is_admin", "is_superuser"),
        "a verified address": ("emailVerified", "email_verified", "is_verified"),
        _ID: ("id", "user_id"),
        "a date of sign-up": ("createdAt", "created_at"),
        _ADDRESS: ("email",),
    },
)
"""The names of its fields; a deployment's own names of id and address come on top."""

_UPDATE = "an update of her own profile"


def control_update(world: World, alias: str) -> None:
    """Note that the person can change her name.

    Raises NotTested when she can't, Absent where there is no such operation.
    """
    world.deployment.operation("update_user")
    world.judge.control(_UPDATE, lambda: _rename(world, alias))


def _rename(world: World, alias: str) -> Exchange:
    if _places(world).name is not None:
        return ChangeName().own(world, alias)
    answer = rename(world, alias, new_canary())
    operation = world.deployment.operation("update_user")
    if not matches(operation.outcomes.success, answer):
        world.deployment.must_be_there("update_user", answer)
        raise Unmet(f"that {alias} can change her name", how_answered(operation, answer), [answer])
    return answer


def update_greedily(world: World, alias: str, words: list[str]) -> None:
    """Update the profile with fields that only the server may set.

    One request for each word. Where that is refused, a value of another type may be to blame: each field alone.
    """
    updates = Updates(_session(world, world.device(alias, "first device")), new_canary())
    success = world.deployment.operation("update_user").outcomes.success
    for word in words:
        asked = _asked(world, word)
        if not asked:
            continue
        together = Update(word, asked, rename(world, alias, updates.name, Tampering(beside=asked)))
        updates.sent.append(together)
        if len(asked) > 1 and not matches(success, together.answer):
            alone = ({name: value} for name, value in asked.items())
            updates.sent.extend(
                Update(word, one, rename(world, alias, updates.name, Tampering(beside=one))) for one in alone
            )
    world.remember(updates)


def _asked(world: World, word: str) -> dict[str, Any]:
    """The fields for a word, with values to ask for."""
    names, values = PRIVILEGED[word], world.accounts.privileges()
    if word == _ID:
        return {**{name: values[name] for name in names}, **_own_name(_places(world).id, values["id"])}
    if word != _ADDRESS:
        return {name: values[name] for name in names}
    if world.deployment.operation("update_user").asks_for("email"):
        world.notes.append(f"not sent: {word}; by the profile an update of one's own sends the address")
        return {}
    address = world.cast.factory.person("Mallory").email
    return {**dict.fromkeys(names, address), **_own_name(_places(world).email, address)}


def _own_name(place: Any, value: str) -> dict[str, str]:  # noqa: ANN401 - the profile's
    """The value under the name that the session's answer has for it."""
    leaf = (place.pointer or "").rpartition("/")[2] if place is not None else ""
    return {leaf: value} if leaf else {}


def _places(world: World) -> Places:
    return world.target.profile.operations.session.identity


def _session(world: World, device: Device) -> Exchange:
    return world.deployment.call("session", device.who, {}, world.deployment.access.browser_session(device))


def must_have_set_nothing(world: World, alias: str) -> None:
    """Raise Unmet if the session shows one of the fields as set."""
    world.judge.needs(_UPDATE)
    updates = world.recall(Updates)
    session, identity = _seen_after(world, alias)
    # Of a row and its fields alone, what was sent last is what was taken.
    for update in reversed(updates.sent):
        set_now = _set(world, update, session, identity, updates.before)
        if set_now is not None:
            expected = "that fields which only the server may set are ignored or refused in a profile update"
            raise Unmet(expected, set_now, [updates.before, update.answer, session])
    person = world.person(alias)
    if identity.name == updates.name:
        person.name = person.canary = updates.name
    _note_unseen(world, updates, session)


def _seen_after(world: World, alias: str) -> tuple[Exchange, Identity]:
    """What a session of the person's shows, and who it is.

    Another one where the one at hand has ended.
    """
    for device in (world.device(alias, "first device"), Device(world.person(alias), "second device")):
        if not device.jar.alive and device.access_token is None:
            world.deployment.sessions.sign_in(device)
        session = _session(world, device)
        if (identity := world.deployment.identity.identity_in(session)) is not None:
            return session, identity
    raise NotTested(f"{alias} is not signed in any more, and can't sign in, so nothing shows what was set.")


def _set(world: World, update: Update, session: Exchange, identity: Identity, before: Exchange) -> str | None:
    """Which of the fields was set, as a sentence, or None."""
    if update.word != _ADDRESS:
        return world.accounts.granted(update.asked, session, before)
    # Elsewhere in the answer it may be announced as pending.
    now = identity.email if identity.email is not None else at(session, f"{_beside(world)}/email")
    return f"the address became {now}" if now in update.asked.values() else None


def _beside(world: World) -> str:
    _, mark = _places(world).mark
    return (mark.pointer or "").rpartition("/")[0]


def _note_unseen(world: World, updates: Updates, session: Exchange) -> None:
    asked = dict.fromkeys(name for update in updates.sent for name in update.asked)
    unseen = [name for name in asked if at(session, f"{_beside(world)}/{name}") is ABSENT]
    if unseen:
        world.notes.append(
            f"the session endpoint shows no {listed(unseen, 'or')}: whether it was stored is not seen"
        )
