"""Odd sign-ups and sign-ins make no account too many, and open no session."""

from __future__ import annotations

import pytest

from harness.core.errors import Absent
from harness.core.findings import NotTested, Unmet
from harness.deployment.accounts import SIGN_IN as CONTROL
from harness.deployment.accounts import SIGN_UP
from harness.flows.credentials_in_query import ask_by_get
from harness.flows.login_csrf import sign_in_from_foreign_page
from harness.flows.odd_signups import (
    NO_ADDRESSES,
    must_be_another_user,
    must_be_one_account,
    must_fit_into_cookies,
    sign_up_as,
    sign_up_at_once,
    sign_up_unverified,
    sign_up_with_long_name,
    sign_up_without_address,
)
from harness.flows.own_origin import must_be_carried_out, sign_in_and_out
from harness.flows.unknown_address import must_have_opened_nothing, sign_in_unknown
from harness.scenario.world import World
from tests.support.fake_backend import AUTH, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SESSION, SIGN_IN, world_of

SIGN_UP_ROUTE = f"POST {AUTH}/sign-up/email"


@pytest.fixture
def signs_in(world: World) -> World:
    """Ann was seen to sign in, and to have signed up."""
    for key in (CONTROL, SIGN_UP):
        world.judge.control(key, world.accounts.signs_in(world.person("Ann")))
    return world


# --- by GET ---


@pytest.mark.parametrize("name", ["sign_in", "sign_up"])
def test_a_get_that_does_nothing_is_fine(signs_in: World, client: FakeClient, name: str) -> None:
    person = signs_in.person("Ann") if name == "sign_in" else signs_in.cast.new_person("Zoe")
    ask_by_get(signs_in, name, person)
    asked = next(sent for sent in client.sent if sent.method == "GET" and "/email" in sent.path)
    assert (asked.query["email"], asked.query["password"]) == (person.email, person.password)
    signs_in.judge.all_refused()


def test_a_get_that_signs_in_is_found_out(signs_in: World, backend: FakeBackend) -> None:
    ann = signs_in.person("Ann")
    backend.routes[f"GET {AUTH}/sign-in/email"] = lambda _: backend.admitted(backend.accounts[ann.email])
    ask_by_get(signs_in, "sign_in", ann)
    with pytest.raises(
        Unmet, match=r"GET /api/auth/sign-in/email with .* is refused; it took effect: .*signed in as"
    ):
        signs_in.judge.all_refused()


# --- no account ---


def test_an_unknown_address_that_opens_nothing_is_fine(world: World) -> None:
    sign_in_unknown(world, times=2)
    must_have_opened_nothing(world)


def test_one_that_opens_a_session_is_found_out(world: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_IN] = lambda _: backend.admitted(backend.accounts[world.person("Ann").email])
    sign_in_unknown(world, times=2)
    with pytest.raises(Unmet, match=r"an address without an account signs nobody in; .*signed in as"):
        must_have_opened_nothing(world)


# --- at the same moment ---


def test_one_account_of_several_sign_ups_is_fine(world: World) -> None:
    sign_up_at_once(world, "Zoe")
    must_be_one_account(world)


def test_several_accounts_are_found_out(world: World, backend: FakeBackend) -> None:
    proper = backend.sign_up

    def always(sent: Sent) -> Answer:
        backend.accounts.pop(sent.fields["email"], None)
        return proper(sent)

    backend.routes[SIGN_UP_ROUTE] = always
    sign_up_at_once(world, "Zoe")
    with pytest.raises(Unmet, match="make one account; they are signed in as 3 users"):
        must_be_one_account(world)


def test_a_sign_up_that_breaks_the_server_is_found_out(world: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_UP_ROUTE] = lambda _: Answer(500, "")
    sign_up_at_once(world, "Zoe")
    with pytest.raises(Unmet, match="one was answered 500"):
        must_be_one_account(world)


def test_where_none_is_signed_in_nothing_is_known(world: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_UP_ROUTE] = lambda _: Answer(429, "")
    sign_up_at_once(world, "Zoe")
    with pytest.raises(NotTested, match="none of the sign-ups at the same moment is signed in"):
        must_be_one_account(world)


# --- no address ---


@pytest.mark.parametrize("kind", NO_ADDRESSES)
def test_a_text_that_is_refused_is_fine(signs_in: World, backend: FakeBackend, kind: str) -> None:
    backend.routes[SIGN_UP_ROUTE] = lambda _: Answer(400, {"code": "INVALID_EMAIL"})
    sign_up_without_address(signs_in, "Zoe", kind)
    signs_in.judge.all_refused()


@pytest.mark.parametrize("kind", NO_ADDRESSES)
def test_a_text_that_gets_an_account_is_found_out(signs_in: World, kind: str) -> None:
    sign_up_without_address(signs_in, "Zoe", kind)
    with pytest.raises(Unmet, match=f"signing up with {kind} for an address is refused; it took effect"):
        signs_in.judge.all_refused()


# --- another user's id ---


def test_an_account_of_its_own_is_fine(world: World) -> None:
    sign_up_as(world, "Zoe", "Ann")
    must_be_another_user(world, "Zoe", "Ann")


def test_an_account_that_is_the_other_s_is_found_out(world: World, backend: FakeBackend) -> None:
    ann = backend.accounts[world.person("Ann").email]
    backend.routes[SIGN_UP_ROUTE] = lambda _: backend.admitted(ann)
    sign_up_as(world, "Zoe", "Ann")
    with pytest.raises(Unmet, match="opens nothing of Ann's; it is signed in as"):
        must_be_another_user(world, "Zoe", "Ann")


# --- the rest ---


def test_where_no_address_is_verified_nothing_waits(world: World) -> None:
    with pytest.raises(Absent, match="says of no answer that an address has to be verified"):
        sign_up_unverified(world, "Zoe")


@pytest.mark.parametrize(("size", "fits"), [(4092, True), (5000, False)])
def test_a_cookie_is_measured(world: World, backend: FakeBackend, size: int, fits: bool) -> None:
    proper = backend.sign_up

    def sign_up(sent: Sent) -> Answer:
        answer = proper(sent)
        return Answer(200, answer.body, [*answer.headers, ("Set-Cookie", f"user={'x' * size}; Path=/")])

    backend.routes[SIGN_UP_ROUTE] = sign_up
    sign_up_with_long_name(world, "Zoe")
    if fits:
        must_fit_into_cookies(world)
        return
    with pytest.raises(Unmet, match="with a long name user has 5004"):
        must_fit_into_cookies(world)


def test_a_refused_name_sets_no_cookie(world: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_UP_ROUTE] = lambda _: Answer(400, {})
    with pytest.raises(Absent, match="A name of 3000 characters is refused"):
        sign_up_with_long_name(world, "Zoe")


@pytest.mark.parametrize("route", [SIGN_IN, SESSION])
def test_a_cookie_that_comes_later_is_measured_too(client: FakeClient, backend: FakeBackend, route: str) -> None:
    world, proper = world_of(client, "[operations.sign_up]\nsigns_in = false"), backend.routes[route]

    def with_large_cookie(sent: Sent) -> Answer:
        answer = proper(sent)
        return Answer(answer.status, answer.body, [*answer.headers, ("Set-Cookie", f"user={'x' * 5000}; Path=/")])

    backend.routes[route] = with_large_cookie
    backend.routes[SIGN_UP_ROUTE] = lambda sent: Answer(200, backend.sign_up(sent).body)
    sign_up_with_long_name(world, "Zoe")
    with pytest.raises(Unmet, match="with a long name user has 5004"):
        must_fit_into_cookies(world)


# --- whose page signs in ---


def guarded(backend: FakeBackend) -> None:
    """Refuse a sign-in of another origin."""
    proper = backend.sign_in
    evil = "https://evil.invalid"
    backend.routes[SIGN_IN] = lambda sent: (
        Answer(403) if dict(sent.headers).get("Origin") == evil else proper(sent)
    )


def test_another_site_s_form_that_is_refused_is_fine(signs_in: World, backend: FakeBackend) -> None:
    guarded(backend)
    sign_in_from_foreign_page(signs_in, "Ann")
    signs_in.judge.all_refused()


def test_another_site_s_form_that_signs_in_is_found_out(signs_in: World, backend: FakeBackend) -> None:
    ann = backend.accounts[signs_in.person("Ann").email]
    backend.routes[SIGN_IN] = lambda _: backend.admitted(ann)
    sign_in_from_foreign_page(signs_in, "Ann")
    with pytest.raises(
        Unmet, match=r"sign its visitor in by a form .*; it took effect: the visitor's browser is signed"
    ):
        signs_in.judge.all_refused()


def test_an_own_page_that_signs_in_and_out_is_fine(world: World) -> None:
    sign_in_and_out(world, "Ann")
    must_be_carried_out(world, "Ann")


@pytest.mark.parametrize(
    ("route", "what"), [(SIGN_IN, "signs Ann in"), (f"POST {AUTH}/sign-out", "signs Ann out")]
)
def test_an_own_page_that_is_refused_is_found_out(
    world: World, backend: FakeBackend, route: str, what: str
) -> None:
    backend.routes[route] = lambda _: Answer(403, {"code": "INVALID_ORIGIN"})
    sign_in_and_out(world, "Ann")
    with pytest.raises(Unmet, match=f"the deployment's own, {what}; it was answered 403"):
        must_be_carried_out(world, "Ann")
