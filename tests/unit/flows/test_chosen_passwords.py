"""Which characters a password may have, and that all of them count."""

from __future__ import annotations

import itertools

import pytest

from harness.core.findings import NotTested, Unmet
from harness.flows.chosen_passwords import (
    PASSWORDS,
    choose,
    choose_with_nul,
    must_not_be_cut,
    must_sign_in,
)
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, Sent
from tests.support.scenario import PASSWORD, SIGN_IN, said


@pytest.mark.parametrize("kind", [*PASSWORDS])
def test_no_estimate_of_strength_finds_a_run(kind: str) -> None:
    for _ in range(50):
        password = PASSWORDS[kind]()
        assert len(password) >= 24
        assert all(one != other for one, other in itertools.pairwise(password))
    assert PASSWORDS[kind]() != PASSWORDS[kind]()


@pytest.mark.parametrize("kind", [*PASSWORDS])
def test_one_that_is_taken_is_the_person_s_from_then_on(world: World, backend: FakeBackend, kind: str) -> None:
    before = world.person("Ann").password
    choose(world, "Ann", kind)
    must_sign_in(world, "Ann")
    assert world.person("Ann").password != before
    assert backend.accounts[world.person("Ann").email].password == world.person("Ann").password


@pytest.mark.parametrize("kind", [*PASSWORDS])
def test_one_that_is_refused_is_found_out(world: World, backend: FakeBackend, kind: str) -> None:
    proper = backend.routes[PASSWORD]

    def mixed(sent: Sent) -> Answer:
        is_mixed = any(letter.isupper() for letter in sent.fields["newPassword"])
        return proper(sent) if is_mixed else Answer(400, {"message": "Too weak"})

    backend.routes[PASSWORD] = mixed
    choose(world, "Ann", kind)
    with pytest.raises(Unmet, match=f"a password of {kind} can be used; it is refused: 400"):
        must_sign_in(world, "Ann")


def test_one_that_is_taken_and_signs_nobody_in_is_found_out(world: World, backend: FakeBackend) -> None:
    proper = backend.routes[PASSWORD]

    def garbled(sent: Sent) -> Answer:
        answer = proper(sent)
        backend.accounts[world.person("Ann").email].password += "?"
        return answer

    backend.routes[PASSWORD] = garbled
    choose(world, "Ann", "letters of several scripts")
    with pytest.raises(Unmet, match="it is accepted, and signs nobody in"):
        must_sign_in(world, "Ann")


def test_where_no_password_can_be_changed_none_is_refused(world: World, backend: FakeBackend) -> None:
    backend.routes[PASSWORD] = said(Answer(403, {"message": "Not allowed"}))
    choose(world, "Ann", "24 lower-case letters")
    with pytest.raises(NotTested, match="the control failed"):
        must_sign_in(world, "Ann")


# --- a NUL ---


def test_a_nul_that_is_refused_or_counts_is_fine(world: World, backend: FakeBackend) -> None:
    choose_with_nul(world, "Ann")
    must_not_be_cut(world, "Ann")
    assert "\0" in world.person("Ann").password
    backend.routes[PASSWORD] = said(Answer(400, {"message": "No NUL"}))
    choose_with_nul(world, "Ann")
    must_not_be_cut(world, "Ann")


@pytest.mark.parametrize(("tail", "how"), [("", "alone"), ("\0", "with another end behind it")])
def test_what_is_cut_at_a_nul_is_found_out(world: World, backend: FakeBackend, tail: str, how: str) -> None:
    change, sign_in = backend.routes[PASSWORD], backend.routes[SIGN_IN]

    def changed(sent: Sent) -> Answer:
        answer = change(sent)
        account = backend.accounts[world.person("Ann").email]
        account.password = account.password.partition("\0")[0] + tail
        return answer

    def cut(sent: Sent) -> Answer:
        before, nul, _ = sent.fields["password"].partition("\0")
        account = backend.accounts[sent.fields["email"]]
        is_right = account.password == (before + nul if tail else before)
        return backend.admitted(account) if is_right else Answer(401, {"message": "Wrong"})

    backend.routes[PASSWORD] = changed
    choose_with_nul(world, "Ann")
    backend.routes[SIGN_IN] = cut
    with pytest.raises(Unmet, match=f"what stands before the NUL signs in {how}"):
        must_not_be_cut(world, "Ann")
    backend.routes[SIGN_IN] = sign_in


def test_a_password_that_is_lost_shows_nothing(world: World, backend: FakeBackend) -> None:
    choose_with_nul(world, "Ann")
    backend.routes[SIGN_IN] = said(Answer(401, {"message": "Wrong"}))
    with pytest.raises(NotTested, match="neither the old one signs in nor the new one"):
        must_not_be_cut(world, "Ann")
