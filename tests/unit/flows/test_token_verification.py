"""Nothing opens a task but a token that was issued, as it was issued."""

from __future__ import annotations

import jwt
import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, NotApplicable, Unmet
from harness.flows.access_token import control_task_call
from harness.flows.token_verification import (
    FORGED,
    attempt_without_credential,
    call_with_forged,
    create_with_malformed,
    guess_secret,
    must_be_unguessed,
    present,
)
from harness.scenario.world import World
from harness.tokens.forgeries import FORGERIES
from harness.tokens.jws import Jwt
from tests.support.fake_backend import Account, FakeBackend, signed
from tests.support.fake_client import API, Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, LIST, TOKEN, said, with_people, world_of

VERBS = ["list", "create", "read", "replace", "update", "delete"]
OF_A_PUBLIC_KEY = "signed by HMAC with the public key as the secret"
ASYMMETRIC = (OF_A_PUBLIC_KEY, *(word for word in FORGERIES if "ECDSA" in word or "encrypted" in word))
OPAQUE = '[credentials.token]\nkind = "opaque"\n'


@pytest.fixture
def opened(world: World) -> World:
    """Ann's token was seen to open her tasks."""
    control_task_call(world, "Ann", "list")
    return world


def believing(world: World, backend: FakeBackend) -> None:
    """Take whoever asks the API for Ann."""
    ann = backend.accounts[world.person("Ann").email]
    proper = backend.caller

    def caller(sent: Sent) -> Account | None:
        return ann if sent.url.startswith(API) else proper(sent)

    backend.caller = caller  # type: ignore[method-assign]


# --- without one ---


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_done_without_a_credential(opened: World, verb: str) -> None:
    control_task_call(opened, "Ann", verb)  # type: ignore[arg-type]
    attempt_without_credential(opened, "Ann", verb)  # type: ignore[arg-type]
    opened.judge.all_refused()


@pytest.mark.parametrize(
    ("verb", "came"),
    [
        ("list", "private text"),
        ("create", "a new task is in Ann's list|new task stands in Ann's list"),
        ("read", "private text"),
        ("replace", "Ann's task was changed"),
        ("update", "Ann's task was changed"),
        ("delete", "Ann's task is gone"),
    ],
)
def test_whatever_is_done_without_is_found_out(opened: World, backend: FakeBackend, verb: str, came: str) -> None:
    control_task_call(opened, "Ann", verb)  # type: ignore[arg-type]
    believing(opened, backend)
    attempt_without_credential(opened, "Ann", verb)  # type: ignore[arg-type]
    with pytest.raises(Unmet, match=rf"to {verb} Ann's task without a credential is refused; .*({came})"):
        opened.judge.all_refused()


# --- forged ---


@pytest.mark.parametrize("forgery", [word for word in FORGED if word not in ASYMMETRIC])
def test_no_forgery_opens_anything(opened: World, forgery: str) -> None:
    present(opened, "Ann", forgery)
    opened.judge.all_refused()


@pytest.mark.parametrize("forgery", [word for word in FORGED if word not in ASYMMETRIC])
def test_one_that_does_is_found_out(opened: World, backend: FakeBackend, forgery: str) -> None:
    present(opened, "Ann", forgery)
    believing(opened, backend)
    present(opened, "Ann", forgery)
    with pytest.raises(Unmet, match=r"Ann's token .* is refused; .*private text"):
        opened.judge.all_refused()


def test_a_crash_is_no_refusal(opened: World, backend: FakeBackend) -> None:
    proper = backend.list_tasks
    backend.routes[LIST] = lambda sent: proper(sent) if backend.caller(sent) else BROKEN
    present(opened, "Ann", "with an unknown algorithm")
    with pytest.raises(Unmet, match="with an unknown algorithm is refused; 500 came"):
        opened.judge.all_refused()


def test_every_forgery_of_the_forger_has_a_word_here() -> None:
    assert set(FORGERIES) < set(FORGED)


def test_the_published_keys_are_what_the_public_key_is_taken_from(
    opened: World, client: FakeClient, backend: FakeBackend
) -> None:
    with pytest.raises(Absent, match="publishes no key"):
        present(opened, "Ann", OF_A_PUBLIC_KEY)
    keys = [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]
    backend.routes["GET /api/auth/jwks"] = said(Answer(200, {"keys": keys}))
    present(opened, "Ann", OF_A_PUBLIC_KEY)
    forged = [sent.header("authorization") or "" for sent in client.sent[-len(opened.judge.attempts) :]]
    assert {jwt.get_unverified_header(one.removeprefix("Bearer "))["alg"] for one in forged} == {"HS256"}
    opened.judge.all_refused()


@pytest.mark.parametrize("keys", ["none", [1, "x", None]])
def test_keys_that_are_none_are_none(opened: World, backend: FakeBackend, keys: object) -> None:
    backend.routes["GET /api/auth/jwks"] = said(Answer(200, {"keys": keys}))
    with pytest.raises(Absent, match="publishes no key"):
        present(opened, "Ann", OF_A_PUBLIC_KEY)


@pytest.mark.parametrize("key", [{"kty": "zz"}, {}, {"kty": "RSA", "n": 1, "e": 2}, {"kty": "OKP", "x": 5}])
def test_a_key_that_nobody_can_read_is_no_secret(opened: World, backend: FakeBackend, key: object) -> None:
    backend.routes["GET /api/auth/jwks"] = said(Answer(200, {"keys": [1, None, key]}))
    with pytest.raises(Absent, match="of an unknown kind"):
        present(opened, "Ann", OF_A_PUBLIC_KEY)


def test_an_opaque_token_has_no_parts_and_can_be_malformed_all_the_same(client: FakeClient) -> None:
    world = with_people(world_of(client, OPAQUE), "Ann")
    control_task_call(world, "Ann", "list")
    with pytest.raises(Absent, match="opaque"):
        present(world, "Ann", "with an empty signature")
    present(world, "Ann", "malformed in every known way")
    world.judge.all_refused()


@pytest.mark.parametrize("verb", VERBS)
def test_another_key_does_nothing(opened: World, verb: str) -> None:
    control_task_call(opened, "Ann", verb)  # type: ignore[arg-type]
    call_with_forged(opened, "Ann", verb)  # type: ignore[arg-type]
    opened.judge.all_refused()


def test_one_that_does_something_is_found_out(opened: World, backend: FakeBackend) -> None:
    control_task_call(opened, "Ann", "delete")
    believing(opened, backend)
    call_with_forged(opened, "Ann", "delete")
    with pytest.raises(Unmet, match=r"a task with Ann's token signed by another key is refused; .*is gone"):
        opened.judge.all_refused()


# --- malformed ---


def test_malformed_tokens_create_nothing(opened: World, backend: FakeBackend) -> None:
    control_task_call(opened, "Ann", "create")
    before = len(backend.accounts[opened.person("Ann").email].tasks)
    create_with_malformed(opened, "Ann")
    assert len(opened.judge.attempts) > 20
    assert len(backend.accounts[opened.person("Ann").email].tasks) == before
    opened.judge.all_refused()


def test_one_that_creates_a_task_is_found_out(opened: World, backend: FakeBackend) -> None:
    control_task_call(opened, "Ann", "create")
    believing(opened, backend)
    create_with_malformed(opened, "Ann")
    with pytest.raises(Unmet, match=r"create a task with a malformed token .* is refused; .*new task"):
        opened.judge.all_refused()


# --- guessed ---


def test_a_secret_of_ones_own_is_not_guessed(world: World) -> None:
    guess_secret(world, "Ann")
    must_be_unguessed(world)


@pytest.mark.parametrize("secret", ["secret", "changeme", ""])
def test_a_well_known_one_is_named(world: World, backend: FakeBackend, secret: str) -> None:
    ann = backend.accounts[world.person("Ann").email]
    world.device("Ann", "first device").access_token = None
    backend.routes[TOKEN] = said(Answer(200, {"token": Jwt.parse(signed(ann)).signed(secret.encode())}))
    guess_secret(world, "Ann")
    with pytest.raises(Unmet, match=f'the token is signed with "{secret}", so an attacker'):
        must_be_unguessed(world)


def test_a_placeholder_of_the_profile_is_tried_too(client: FakeClient, backend: FakeBackend) -> None:
    declared = '[jwt]\nplaceholder_secrets = ["the-shared-secret-of-the-deployment-0001"]\n'
    world = with_people(world_of(client, declared), "Ann")
    guess_secret(world, "Ann")
    with pytest.raises(Unmet, match="the-shared-secret-of-the-deployment-0001"):
        must_be_unguessed(world)


def test_a_key_pair_has_no_secret_to_guess(world: World, backend: FakeBackend) -> None:
    world.device("Ann", "first device").access_token = None
    backend.routes[TOKEN] = said(Answer(200, {"token": "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln"}))
    with pytest.raises(NotApplicable, match="there is no shared secret to guess"):
        guess_secret(world, "Ann")


def test_what_nobody_guessed_is_our_error(world: World) -> None:
    with pytest.raises(HarnessError, match="remembered a GuessedSecret"):
        must_be_unguessed(world)
