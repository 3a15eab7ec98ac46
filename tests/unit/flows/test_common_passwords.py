"""Common passwords are refused at sign-up, in every form that counts as the same."""

from __future__ import annotations

import unicodedata

import pytest

from harness.core.findings import HarnessError, NotApplicable, Unmet
from harness.core.redaction import redact
from harness.flows.common_passwords import COMMON, FORMS, control_sign_up, fullwidth, try_common
from harness.scenario.world import World
from tests.support.fake_backend import Account, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SIGN_IN, SIGN_UP, with_people, world_of


def look_at_list(backend: FakeBackend, *, folds: bool) -> None:
    """Refuse what is on the list; ``folds`` makes fullwidth letters plain ones first."""
    proper = backend.routes[SIGN_UP]

    def sign_up(sent: Sent) -> Answer:
        password = sent.fields["password"]
        written = unicodedata.normalize("NFKC", password) if folds else password
        return Answer(400, {"message": "Too common"}) if written in COMMON else proper(sent)

    backend.routes[SIGN_UP] = sign_up


def fold(account: Account) -> Account:
    account.password = unicodedata.normalize("NFKC", account.password)
    return account


def play(world: World, form: str) -> None:
    control_sign_up(world, "Ann")
    try_common(world, "Zoe", form)
    world.judge.all_refused()


@pytest.mark.parametrize("form", [*FORMS])
def test_a_list_that_is_looked_at_is_fine(world: World, backend: FakeBackend, form: str) -> None:
    look_at_list(backend, folds=True)
    play(world, form)


@pytest.mark.parametrize("accepted", [one for one in COMMON if len(one) >= 8][:3])
def test_each_that_is_taken_is_named(world: World, backend: FakeBackend, accepted: str) -> None:
    look_at_list(backend, folds=True)
    listed = backend.routes[SIGN_UP]

    def sign_up(sent: Sent) -> Answer:
        if sent.fields["password"] != accepted:
            return listed(sent)
        email = sent.fields["email"].lower()
        backend.accounts[email] = Account("1", sent.fields["name"], email, accepted)
        return backend.admitted(backend.accounts[email])

    backend.routes[SIGN_UP] = sign_up
    with pytest.raises(Unmet, match=f'common password "{accepted}" as it is listed is refused; it took effect'):
        play(world, "as it is listed")
    assert redact(f"a {accepted} of a megabyte") == f"a {accepted} of a megabyte", "it masks no sentence"


def test_another_form_of_the_same_is_found_out(world: World, backend: FakeBackend) -> None:
    look_at_list(backend, folds=False)
    listed, plain = backend.routes[SIGN_UP], backend.routes[SIGN_IN]

    def sign_up(sent: Sent) -> Answer:
        answer = listed(sent)
        if answer.status == 200:
            fold(backend.accounts[sent.fields["email"].lower()])
        return answer

    backend.routes[SIGN_UP], backend.routes[SIGN_IN] = sign_up, plain
    with pytest.raises(Unmet, match='"password" in fullwidth letters is refused; it took effect'):
        play(world, "in fullwidth letters")


def test_letters_of_their_own_make_another_password(world: World, backend: FakeBackend) -> None:
    look_at_list(backend, folds=False)
    play(world, "in fullwidth letters")


def test_those_that_are_tried_are_long_enough(client: FakeClient, backend: FakeBackend) -> None:
    look_at_list(backend, folds=True)
    twelve = with_people(world_of(client, "[people]\nmin_password_length = 12\n"), "Ann")
    play(twelve, "as it is listed")
    tried = [sent.fields["password"] for sent in client.sent if sent.path.endswith("/sign-up/email")][-3:]
    assert [len(one) for one in tried] == [12] * 3
    longer = with_people(world_of(client, "[people]\nmin_password_length = 15\n"), "Ann")
    with pytest.raises(NotApplicable, match="has the 15 characters"):
        play(longer, "as it is listed")


def test_without_its_control_nothing_is_judged(world: World) -> None:
    try_common(world, "Zoe", "as it is listed")
    with pytest.raises(HarnessError, match="without a control"):
        world.judge.all_refused()


def test_fullwidth_letters_are_the_plain_ones_made_alike() -> None:
    for password in COMMON:
        assert fullwidth(password) != password
        assert unicodedata.normalize("NFKC", fullwidth(password)) == password
