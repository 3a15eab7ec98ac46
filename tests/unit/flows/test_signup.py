"""Sign-up gives one account to whoever asks, no more than that, and none of anybody else's."""

from __future__ import annotations

from typing import Any

import pytest

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.accounts import SIGN_IN as SIGN_IN_CONTROL
from harness.flows.signup import (
    SPELLINGS,
    Privileges,
    must_be_one_account,
    must_follow_declared_sign_up,
    must_have_granted_nothing,
    must_not_be_signed_in_as,
    must_not_open_with_new_password,
    must_still_sign_in,
    sign_up,
    sign_up_again,
    sign_up_greedily,
    sign_up_in_another_spelling,
)
from harness.scenario.world import World
from tests.support.fake_backend import Account, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SESSION, SIGN_IN, SIGN_UP, said, world_of

SIGNS_IN_LATER = "[operations.sign_up]\nsigns_in = false\n"


@pytest.fixture
def signs_in(world: World) -> World:
    """Ann was seen to sign in."""
    world.judge.control(SIGN_IN_CONTROL, world.accounts.signs_in(world.person("Ann")))
    return world


# --- an ordinary one ---


def test_a_new_person_gets_an_account(world: World) -> None:
    sign_up(world, "Zoe")
    assert world.person("Zoe").has_account


def test_one_who_gets_none_is_found_out(world: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_UP] = said(Answer(403))
    with pytest.raises(Unmet, match="a new person can sign up; it was answered 403"):
        sign_up(world, "Zoe")
    assert not world.person("Zoe").has_account


def test_a_sign_up_that_signs_in_is_as_declared(world: World) -> None:
    sign_up(world, "Zoe")
    must_follow_declared_sign_up(world, "Zoe")


def test_one_that_does_not_is_found_out(world: World, backend: FakeBackend) -> None:
    sign_up(world, "Zoe")
    backend.sessions.clear()
    with pytest.raises(Unmet, match=r"signed in at once \(sign_up.signs_in\); Zoe's first device is not"):
        must_follow_declared_sign_up(world, "Zoe")


def test_one_that_signs_in_as_somebody_else_is_found_out(world: World, backend: FakeBackend) -> None:
    sign_up(world, "Zoe")
    ann = backend.accounts[world.person("Ann").email]
    backend.sessions = dict.fromkeys(backend.sessions, ann)
    with pytest.raises(Unmet, match=r"Zoe's first device is signed in as ann\."):
        must_follow_declared_sign_up(world, "Zoe")


def test_one_that_by_declaration_signs_in_later_does(client: FakeClient, backend: FakeBackend) -> None:
    world = world_of(client, SIGNS_IN_LATER)
    sign_up(world, "Zoe")
    with pytest.raises(Unmet, match=r"not signed in yet \(sign_up.signs_in\); Zoe's first device is signed in as"):
        must_follow_declared_sign_up(world, "Zoe")
    backend.sessions.clear()
    must_follow_declared_sign_up(world, "Zoe")


def test_where_everybody_is_somebody_being_signed_in_says_nothing(world: World, backend: FakeBackend) -> None:
    sign_up(world, "Zoe")
    backend.routes[SESSION] = said(Answer(200, {"user": {"email": world.person("Zoe").email}}))
    with pytest.raises(Unmet, match="a browser without cookies is not signed in"):
        must_follow_declared_sign_up(world, "Zoe")


# --- privileges ---


def granting(backend: FakeBackend, *names: str) -> None:
    """Have the session show these fields as they were asked for."""
    granted: dict[str, dict[str, Any]] = {}

    def sign_up(sent: Sent) -> Answer:
        granted[sent.fields["email"]] = {name: sent.fields[name] for name in names if name in sent.fields}
        return FakeBackend.sign_up(backend, sent)

    def session(sent: Sent) -> Answer:
        account = backend.signed_in(sent)
        user = {**account.user, **granted.get(account.email, {})} if account else {}
        return Answer(200 if user else 401, {"user": user})

    backend.routes |= {SIGN_UP: sign_up, SESSION: session}


def test_fields_that_are_ignored_or_refused_grant_nothing(world: World, backend: FakeBackend) -> None:
    sign_up_greedily(world, "Zoe")
    assert world.person("Zoe").has_account
    must_have_granted_nothing(world, "Zoe", "Ann")
    backend.routes[SIGN_UP] = said(Answer(422))
    sign_up_greedily(world, "Zoe")
    assert not world.person("Zoe").has_account
    must_have_granted_nothing(world, "Zoe", "Ann")


def test_the_fields_are_sent_with_those_of_a_sign_up(world: World, client: FakeClient) -> None:
    sign_up_greedily(world, "Zoe")
    sent = next(one for one in client.sent if one.who == "Zoe's first device").fields
    privileges = world.recall(Privileges).fields
    assert privileges.items() <= sent.items()
    assert sent["email"] == world.person("Zoe").email
    assert {"role", "emailVerified", "id", "createdAt"} <= set(privileges)


@pytest.mark.parametrize("name", ["role", "emailVerified", "id", "createdAt"])
def test_a_field_that_is_granted_is_named(world: World, backend: FakeBackend, name: str) -> None:
    granting(backend, name)
    sign_up_greedily(world, "Zoe")
    with pytest.raises(Unmet, match=f"extra fields at sign-up are ignored or refused; {name} became"):
        must_have_granted_nothing(world, "Zoe", "Ann")


def test_what_every_account_has_is_no_grant(world: World, backend: FakeBackend) -> None:
    def session(sent: Sent) -> Answer:
        account = backend.signed_in(sent)
        return Answer(200, {"user": {**account.user, "emailVerified": True}}) if account else Answer(401)

    backend.routes[SESSION] = session
    sign_up_greedily(world, "Zoe")
    must_have_granted_nothing(world, "Zoe", "Ann")


def test_with_nobody_to_compare_with_nothing_is_judged(world: World, backend: FakeBackend) -> None:
    sign_up_greedily(world, "Zoe")
    backend.sessions.clear()
    with pytest.raises(NotTested, match="Ann's first device is not signed in"):
        must_have_granted_nothing(world, "Zoe", "Ann")


# --- an address that is taken ---


def taking_over(backend: FakeBackend) -> None:
    """Have a sign-up with a taken address replace name and password, and sign in."""

    def sign_up(sent: Sent) -> Answer:
        account = backend.accounts[sent.fields["email"].lower()]
        account.name, account.password = sent.fields["name"], sent.fields["password"]
        return backend.admitted(account)

    backend.routes[SIGN_UP] = sign_up


def test_a_second_sign_up_changes_nothing(signs_in: World) -> None:
    sign_up_again(signs_in, "Mallory", "Ann")
    must_not_open_with_new_password(signs_in, "Mallory", "Ann")
    must_not_be_signed_in_as(signs_in, "Mallory", "Ann")
    must_still_sign_in(signs_in, "Ann")


def test_one_that_takes_the_account_over_is_found_out(signs_in: World, backend: FakeBackend) -> None:
    taking_over(backend)
    sign_up_again(signs_in, "Mallory", "Ann")
    with pytest.raises(Unmet, match="the second sign-up's password is refused; it took effect"):
        must_not_open_with_new_password(signs_in, "Mallory", "Ann")
    with pytest.raises(Unmet, match=r"opens no session of its account; its browser is signed in as ann\."):
        must_not_be_signed_in_as(signs_in, "Mallory", "Ann")
    with pytest.raises(Unmet, match="Ann's own password still signs in; it was answered 401"):
        must_still_sign_in(signs_in, "Ann")


def test_one_that_only_changes_the_name_is_found_out(signs_in: World, backend: FakeBackend) -> None:
    sign_up_again(signs_in, "Mallory", "Ann")
    backend.accounts[signs_in.person("Ann").email].name = signs_in.person("Mallory").name
    with pytest.raises(Unmet, match="Ann keeps her name; it is now"):
        must_still_sign_in(signs_in, "Ann")


def test_without_the_control_nothing_is_judged(world: World) -> None:
    sign_up_again(world, "Mallory", "Ann")
    with pytest.raises(HarnessError, match="judged without a control"):
        must_not_be_signed_in_as(world, "Mallory", "Ann")
    with pytest.raises(HarnessError, match="judged without a control"):
        must_not_open_with_new_password(world, "Mallory", "Ann")


# --- other spellings ---


def by_spelling(backend: FakeBackend, *, ids: bool = True) -> None:
    """Have each spelling of an address be another account."""

    def sign_up(sent: Sent) -> Answer:
        email = sent.fields["email"]
        if email in backend.accounts:
            return Answer(422)
        backend.accounts[email] = Account(f"user-{backend.number()}", "x", email, sent.fields["password"])
        return backend.admitted(backend.accounts[email])

    def sign_in(sent: Sent) -> Answer:
        account = backend.accounts.get(sent.fields["email"])
        is_right = account is not None and account.password == sent.fields["password"]
        return backend.admitted(account) if account is not None and is_right else Answer(401)

    def session(sent: Sent) -> Answer:
        account = backend.signed_in(sent)
        user = {key: value for key, value in account.user.items() if ids or key != "id"} if account else {}
        return Answer(200, {"user": user}) if user else Answer(401)

    backend.routes |= {SIGN_UP: sign_up, SIGN_IN: sign_in, SESSION: session}


def test_other_spellings_that_are_refused_make_no_account(signs_in: World, backend: FakeBackend) -> None:
    proper = backend.sign_up

    def trimming(sent: Sent) -> Answer:
        return proper(sent) if sent.fields["email"].strip().lower() not in backend.accounts else Answer(422)

    backend.routes[SIGN_UP] = trimming
    for spelling in SPELLINGS:
        sign_up_in_another_spelling(signs_in, "Mallory", "Ann", spelling)
    must_be_one_account(signs_in, "Ann")


def test_a_sign_up_that_says_yes_and_makes_none_is_fine(signs_in: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_UP] = said(Answer(200, {}))
    for spelling in SPELLINGS:
        sign_up_in_another_spelling(signs_in, "Mallory", "Ann", spelling)
    must_be_one_account(signs_in, "Ann")


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("ids", [True, False])
def test_a_second_account_is_found_out(signs_in: World, backend: FakeBackend, spelling: str, ids: bool) -> None:
    by_spelling(backend, ids=ids)
    sign_up_in_another_spelling(signs_in, "Mallory", "Ann", spelling)
    with pytest.raises(Unmet, match=f"Ann's address has one account, also when it is written {spelling}; it has"):
        must_be_one_account(signs_in, "Ann")


def test_one_and_the_same_account_is_no_second_one(signs_in: World, backend: FakeBackend) -> None:
    taking_over(backend)
    sign_up_in_another_spelling(signs_in, "Mallory", "Ann", "in upper case before the @")
    must_be_one_account(signs_in, "Ann")


def test_a_spelling_is_what_the_word_says(signs_in: World, client: FakeClient) -> None:
    email = signs_in.person("Ann").email
    local, _, domain = email.partition("@")
    sent = {}
    for spelling in SPELLINGS:
        sign_up_in_another_spelling(signs_in, "Mallory", "Ann", spelling)
        sent[spelling] = client.sent[-1].fields["email"]
    assert sent == {"in upper case before the @": f"{local.upper()}@{domain}", "between spaces": f" {email} "}


def test_spellings_are_judged_only_where_she_can_sign_in(world: World) -> None:
    sign_up_in_another_spelling(world, "Mallory", "Ann", "between spaces")
    with pytest.raises(HarnessError, match="judged without a control"):
        must_be_one_account(world, "Ann")
