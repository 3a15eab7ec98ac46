"""Cookies that sign in are found by elimination, and each has the attributes that keep it."""

from __future__ import annotations

import contextlib

import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.errors import NotSignedIn
from harness.flows.cookies import (
    SessionCookies,
    close_browser,
    find_authenticating,
    must_carry,
    must_not_be_remembered,
    sign_in_for_once,
)
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, NOBODY, FakeBackend
from tests.support.fake_client import WEB, Answer, FakeClient
from tests.support.scenario import SESSION, SIGN_IN, said, world_of

TOKEN = '[credentials.session]\nkind = "token"\n'


def found(world: World) -> list[str]:
    find_authenticating(world, "Ann")
    cookies = world.recall(SessionCookies)
    return cookies.alone or cookies.together


def keep(world: World, *headers: str) -> None:
    world.device("Ann", "first device").jar.store([*headers], f"{WEB}/")


def test_the_one_cookie_that_signs_in_is_found(world: World) -> None:
    keep(world, "theme=dark; Path=/")
    assert found(world) == [COOKIE]


def test_each_of_two_that_sign_in_alone_is_found(world: World, backend: FakeBackend) -> None:
    keep(world, "cache=1; Path=/")
    proper = backend.routes[SESSION]
    ann = {"user": {"email": world.person("Ann").email}}
    backend.routes[SESSION] = lambda sent: Answer(200, ann) if "cache" in sent.cookies else proper(sent)
    assert sorted(found(world)) == sorted([COOKIE, "cache"])


def test_two_that_sign_in_only_together_are_found(world: World, backend: FakeBackend) -> None:
    keep(world, "half=1; Path=/", "theme=dark; Path=/")
    proper = backend.routes[SESSION]
    backend.routes[SESSION] = lambda sent: proper(sent) if "half" in sent.cookies else NOBODY
    assert sorted(found(world)) == sorted([COOKIE, "half"])


def test_cookies_that_do_not_sign_in_prove_nothing(world: World, backend: FakeBackend) -> None:
    backend.sessions.clear()
    with pytest.raises(NotTested, match="Ann's cookies do not sign her in"):
        find_authenticating(world, "Ann")


def test_being_signed_in_without_any_proves_nothing(world: World, backend: FakeBackend) -> None:
    backend.routes[SESSION] = said(Answer(200, {"user": {"email": world.person("Ann").email}}))
    world.device("Ann", "first device").jar.clear()
    with pytest.raises(NotTested, match="signed in without any cookie too"):
        find_authenticating(world, "Ann")


def test_a_session_in_no_cookie_has_none(client: FakeClient) -> None:
    world = world_of(client, TOKEN)
    world.introduce(world.cast.new_person("Ann"))
    with pytest.raises(Absent):
        find_authenticating(world, "Ann")


# --- attributes ---


def test_an_attribute_that_is_there_is_fine(world: World) -> None:
    find_authenticating(world, "Ann")
    must_carry(world, "HttpOnly")


def test_one_that_is_missing_is_named_with_the_answer_that_set_the_cookie(world: World) -> None:
    find_authenticating(world, "Ann")
    with pytest.raises(
        Unmet, match=rf'the cookie "{COOKIE}", which signs in, is Secure; it was set with'
    ) as failed:
        must_carry(world, "Secure")
    (exchange,) = failed.value.exchanges
    assert COOKIE in exchange.set_cookies[0]


def test_a_cookie_with_no_attributes_says_so(world: World, backend: FakeBackend) -> None:
    value = world.session_of("Ann").cookies[COOKIE]
    world.device("Ann", "first device").jar.clear()
    keep(world, f"{COOKIE}={value}")
    find_authenticating(world, "Ann")
    with pytest.raises(Unmet, match="is HttpOnly; it was set with no attributes"):
        must_carry(world, "HttpOnly")


@pytest.mark.parametrize(
    ("first", "second", "attribute", "is_right"),
    [
        ("", "; HttpOnly", "HttpOnly", True),
        ("; HttpOnly", "", "HttpOnly", True),
        ("", "", "HttpOnly", False),
        ("; Secure", "; Secure", "Secure", True),
        ("; Secure", "", "Secure", False),
    ],
)
def test_of_two_that_sign_in_only_together_a_script_may_read_one(
    world: World, backend: FakeBackend, first: str, second: str, attribute: str, *, is_right: bool
) -> None:
    value = world.session_of("Ann").cookies[COOKIE]
    keep(world, f"{COOKIE}={value}; Path=/{first}", f"half=1; Path=/{second}")
    proper = backend.routes[SESSION]
    backend.routes[SESSION] = lambda sent: proper(sent) if "half" in sent.cookies else NOBODY
    find_authenticating(world, "Ann")
    with contextlib.nullcontext() if is_right else pytest.raises(Unmet, match=f"which signs in, is {attribute}"):
        must_carry(world, attribute)


# --- not to be remembered ---


def on_a_borrowed_computer(world: World, *further: str) -> None:
    sign_in_for_once(world, "Ann")
    world.device("Ann", "borrowed computer").jar.store([*further], f"{WEB}/")
    close_browser(world, "Ann")
    must_not_be_remembered(world, "Ann")


def test_a_session_that_ends_with_the_browser_is_fine(world: World, backend: FakeBackend) -> None:
    on_a_borrowed_computer(world)
    assert len(backend.sessions) == 3  # sign-up, first device, borrowed computer


def test_what_outlives_the_browser_and_signs_nobody_in_is_fine(world: World) -> None:
    on_a_borrowed_computer(world, "last_address=ann; Path=/; Max-Age=31536000")


def test_a_cookie_that_outlives_the_browser_is_named_with_its_end(world: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_IN] = lambda sent: backend.admitted(backend.accounts[sent.fields["email"].lower()])
    with pytest.raises(Unmet, match=rf'"{COOKIE}" outlives the browser \(Max-Age=604800\) and signs') as failed:
        on_a_borrowed_computer(world)
    assert COOKIE in failed.value.exchanges[0].set_cookies[0]


def test_where_asking_for_it_signs_nobody_in_nothing_is_judged(world: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_IN] = said(Answer(400, {"message": "Unknown field"}))
    with pytest.raises(NotSignedIn, match="Ann's borrowed computer is signed in as nobody"):
        on_a_borrowed_computer(world)


def test_what_nobody_looked_for_is_our_error(world: World) -> None:
    with pytest.raises(HarnessError, match="remembered a SessionCookies"):
        must_carry(world, "Secure")
