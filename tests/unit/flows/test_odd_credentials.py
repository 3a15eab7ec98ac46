"""What is no address and no password opens no session."""

from __future__ import annotations

from typing import Any

import pytest

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.deployment.accounts import SIGN_IN as SIGN_IN_CONTROL
from harness.flows.odd_credentials import ODD, try_odd
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SIGN_IN, with_people, world_of

AS_FORM = '[operations.sign_in]\nform = { email = "{email}", password = "{password}" }\n'


def careful(backend: FakeBackend, odd: Answer) -> None:
    """Give that answer to whatever is no text, or no address that is known."""
    proper = backend.sign_in

    def sign_in(sent: Sent) -> Answer:
        email, password = sent.fields.get("email"), sent.fields.get("password")
        known = isinstance(email, str) and email.lower() in backend.accounts
        return proper(sent) if known and isinstance(password, str) else odd

    backend.routes[SIGN_IN] = sign_in


def controlled(world: World) -> World:
    world.judge.control(SIGN_IN_CONTROL, world.accounts.signs_in(world.person("Ann")))
    return world


@pytest.mark.parametrize("odd", [Answer(400), Answer(401), Answer(422), Answer(200, {}), Answer(302, "")])
def test_every_refusal_is_right(world: World, backend: FakeBackend, odd: Answer) -> None:
    careful(backend, odd)
    try_odd(controlled(world), "Ann", [*ODD])
    assert len(world.judge.attempts) == len(ODD)
    world.judge.all_refused()


def test_a_crash_is_none(world: World, backend: FakeBackend) -> None:
    careful(backend, Answer(500))
    try_odd(controlled(world), "Ann", ["null for the password"])
    with pytest.raises(Unmet, match="signing in as Ann with null for the password is refused; 500 came"):
        world.judge.all_refused()


@pytest.mark.parametrize("word", [*ODD])
def test_each_that_signs_in_is_found_out(world: World, backend: FakeBackend, word: str) -> None:
    careful(backend, Answer(400))
    strict, person = backend.routes[SIGN_IN], world.person("Ann")
    controlled(world)
    own = person.password

    def sign_in(sent: Sent) -> Answer:
        if sent.fields.get("password") != own:
            return backend.admitted(backend.accounts[person.email])
        return strict(sent)

    backend.routes[SIGN_IN] = sign_in
    try_odd(world, "Ann", [word])
    with pytest.raises(Unmet, match="took effect: the browser that asked is signed in as ann"):
        world.judge.all_refused()


@pytest.mark.parametrize(
    ("word", "sent"),
    [
        ("null for the password", None),
        ("zero for the password", 0),
        ('{"$ne": null} for the password', {"$ne": None}),
        ("an empty password", ""),
    ],
)
def test_the_value_itself_is_sent(
    world: World, backend: FakeBackend, client: FakeClient, word: str, sent: Any
) -> None:
    careful(backend, Answer(400))
    try_odd(controlled(world), "Ann", [word])
    fields = client.sent[-1].fields
    assert fields["email"] == world.person("Ann").email
    assert fields["password"] == sent


def test_where_none_is_sent_the_field_is_left_out(world: World, backend: FakeBackend, client: FakeClient) -> None:
    careful(backend, Answer(400))
    try_odd(controlled(world), "Ann", ["no password"])
    assert "password" not in client.sent[-1].fields


def test_each_counts_as_a_wrong_password(world: World, backend: FakeBackend) -> None:
    careful(backend, Answer(401))
    before = len(world.deployment.sessions.sign_ins.wrong)
    try_odd(controlled(world), "Ann", ["an empty password", "no password"])
    assert len(world.deployment.sessions.sign_ins.wrong) == before + 2


def test_a_form_holds_text_alone(client: FakeClient) -> None:
    world = with_people(world_of(client, AS_FORM), "Ann")
    with pytest.raises(Absent, match="sign-in as a form, which can't hold such values"):
        try_odd(world, "Ann", ['{"$ne": null} for the password'])
