"""A task's owner can do everything with it, and any valid form of their token opens it."""

from __future__ import annotations

import jwt
import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.flows.tasks import (
    VARIANTS,
    SignedVariant,
    call,
    control_clone,
    list_through_front_end,
    must_be_own_lists,
    must_open_as_well,
    must_take_effect,
    sign_variant,
)
from harness.scenario.world import World
from harness.tokens.jws import Jwt
from tests.support.fake_backend import SECRET, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import CREATE, LIST, READ, TOKEN, UPDATE, said, with_people, world_of

VERBS = ["list", "create", "read", "replace", "update", "delete"]
ROUTES = {"list": LIST, "create": CREATE, "read": READ, "replace": "PUT /api/tasks/1", "update": UPDATE}


@pytest.mark.parametrize("route", ["tasks", "proxy"])
@pytest.mark.parametrize("verb", VERBS)
def test_every_call_of_an_owner_takes_effect(world: World, verb: str, route: str) -> None:
    call(world, "Ann", verb, route)  # type: ignore[arg-type]
    must_take_effect(world)


@pytest.mark.parametrize("verb", ["replace", "update"])
def test_a_success_that_changed_nothing_is_found_out(world: World, backend: FakeBackend, verb: str) -> None:
    backend.routes[ROUTES[verb]] = said(Answer(200, {}))
    call(world, "Ann", verb, "tasks")  # type: ignore[arg-type]
    with pytest.raises(Unmet, match=f"Ann can {verb} the task"):
        must_take_effect(world)


def test_a_deletion_that_deleted_nothing_is_found_out(world: World, backend: FakeBackend) -> None:
    backend.routes["DELETE /api/tasks/1"] = said(Answer(204))
    call(world, "Ann", "delete", "tasks")
    with pytest.raises(Unmet, match="Ann deletes a task"):
        must_take_effect(world)


@pytest.mark.parametrize("verb", ["list", "read"])
def test_an_answer_without_the_task_is_found_out(world: World, backend: FakeBackend, verb: str) -> None:
    backend.routes[ROUTES[verb]] = said(Answer(200, [] if verb == "list" else {}))
    call(world, "Ann", verb, "tasks")  # type: ignore[arg-type]
    with pytest.raises(Unmet, match="Ann sees the task"):
        must_take_effect(world)


def test_a_task_that_can_not_be_made_is_found_out(world: World, backend: FakeBackend) -> None:
    backend.routes[CREATE] = said(Answer(401))
    for verb, asked in (("create", "tasks.create\\)"), ("list", "tasks.create\\), to list it then")):
        with pytest.raises(Unmet, match=rf"Ann creates a task \(POST /api/tasks, {asked}; it was answered 401"):
            call(world, "Ann", verb, "tasks")  # type: ignore[arg-type]


def test_a_call_that_the_profile_does_not_declare_is_absent(client: FakeClient) -> None:
    world = with_people(world_of(client, "[tasks]\nreplace = false\n"), "Ann")
    with pytest.raises(Absent, match="no way to replace"):
        call(world, "Ann", "replace", "tasks")


def test_what_nobody_called_is_our_error(world: World) -> None:
    with pytest.raises(HarnessError, match="remembered a OwnersCall"):
        must_take_effect(world)


# --- variants ---


@pytest.fixture
def audience(client: FakeClient, backend: FakeBackend) -> World:
    """Ann's tokens have an audience; a clone of one opens her tasks."""

    def token(sent: Sent) -> Answer:
        account = backend.signed_in(sent)
        assert account
        claims = {"sub": account.id, "exp": 4_000_000_000, "aud": "tasks"}
        return Answer(200, {"token": jwt.encode(claims, SECRET, "HS256", {"typ": "jwt"})})

    def caller(sent: Sent) -> object:
        text = (sent.header("authorization") or "").removeprefix("Bearer ")
        claims = jwt.decode(text, SECRET, ["HS256"], audience="tasks")
        return next(one for one in backend.accounts.values() if one.id == claims["sub"])

    backend.routes[TOKEN], backend.caller = token, caller  # type: ignore[method-assign, assignment]
    world = with_people(world_of(client), "Ann")
    control_clone(world, "Ann")
    return world


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_valid_variant_opens_her_tasks(audience: World, variant: str) -> None:
    sign_variant(audience, "Ann", variant)
    must_open_as_well(audience, "Ann")


@pytest.mark.parametrize(
    ("variant", "wanted"),
    [
        ("without a type", lambda header, _: "typ" not in header),
        ("with the type JWT", lambda header, _: header["typ"] == "JWT"),
        ("with an unknown claim", lambda _, claims: "conformance" in claims),
        ("with a fractional expiry", lambda _, claims: claims["exp"] == 4_000_000_000.5),
        ("with a list of one audience", lambda _, claims: claims["aud"] == ["tasks"]),
    ],
)
def test_a_variant_is_what_the_word_says(audience: World, variant: str, wanted: object) -> None:
    sign_variant(audience, "Ann", variant)
    text = audience.recall(SignedVariant).token
    header, claims = jwt.get_unverified_header(text), jwt.decode(text, SECRET, ["HS256"], audience="tasks")
    assert wanted(header, claims)  # type: ignore[operator]


def test_one_that_is_refused_is_found_out(audience: World, backend: FakeBackend) -> None:
    sign_variant(audience, "Ann", "without a type")
    backend.routes[LIST] = said(Answer(401))
    with pytest.raises(Unmet, match=r"Ann sees the tasks?.*it was answered 401"):
        must_open_as_well(audience, "Ann")


def test_a_token_without_an_audience_has_none_to_list(world: World) -> None:
    device = world.device("Ann", "first device")
    issued = Jwt.parse(world.opener.value(device))
    device.access_token = issued.with_claims(aud=None).signed(SECRET.encode())
    with pytest.raises(NotApplicable, match="names no audience"):
        sign_variant(world, "Ann", "with a list of one audience")


@pytest.mark.parametrize("kind", ["at+jwt", "application/at+jwt", "AT+JWT", "session+jwt"])
def test_a_verifier_may_insist_on_the_type_that_is_issued(audience: World, kind: str) -> None:
    device = audience.device("Ann", "first device")
    usual = jwt.decode(device.access_token or "", SECRET, ["HS256"], audience="tasks")
    device.access_token = jwt.encode(usual, SECRET, "HS256", headers={"typ": kind})
    for variant in ("without a type", "with the type JWT"):
        with pytest.raises(NotApplicable, match=r"a verifier rightly takes no other \(RFC 9068 section 4"):
            sign_variant(audience, "Ann", variant)
    sign_variant(audience, "Ann", "with an unknown claim")
    must_open_as_well(audience, "Ann")


def test_a_clone_that_is_refused_proves_nothing(client: FakeClient) -> None:
    world = with_people(world_of(client, secret="another-secret-of-some-length-0001"), "Ann")
    with pytest.raises(NotTested, match="the control failed"):
        control_clone(world, "Ann")


def test_without_the_control_nothing_is_judged(world: World) -> None:
    sign_variant(world, "Ann", "without a type")
    with pytest.raises(HarnessError, match="judged without a control"):
        must_open_as_well(world, "Ann")


def test_without_the_secret_nothing_can_be_signed(client: FakeClient) -> None:
    world = with_people(world_of(client, secret=None), "Ann")
    with pytest.raises(NotTested, match="the shared signing secret was not given") as failed:
        sign_variant(world, "Ann", "without a type")
    assert failed.value.remedy == "Set the environment variable AUTH_CONFORMANCE_JWT_SECRET."


def test_tokens_of_a_key_pair_have_no_secret(world: World, backend: FakeBackend) -> None:
    world.device("Ann", "first device").access_token = None
    backend.routes[TOKEN] = said(Answer(200, {"token": "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln"}))
    with pytest.raises(NotApplicable, match="signs with EdDSA: there is no shared secret"):
        control_clone(world, "Ann")


# --- two users at one front end ---


@pytest.fixture
def both(client: FakeClient) -> World:
    return with_people(world_of(client), "Ann", "Bob")


def test_each_sees_their_own_tasks(both: World) -> None:
    list_through_front_end(both, "Ann", "Bob")
    must_be_own_lists(both)


def test_where_there_is_no_api_tasks_are_made_at_the_front_end(client: FakeClient) -> None:
    world = with_people(world_of(client, "tasks = false"), "Ann", "Bob")
    list_through_front_end(world, "Ann", "Bob")
    must_be_own_lists(world)


def test_one_credential_for_all_is_found_out(both: World, backend: FakeBackend) -> None:
    proper, first = backend.list_tasks, list[Sent]()

    def listed(sent: Sent) -> Answer:
        first.append(sent)
        return proper(first[0])

    backend.routes[LIST] = listed
    list_through_front_end(both, "Ann", "Bob")
    with pytest.raises(Unmet, match="Bob's list through the front end has nothing of Ann's; it has cnry"):
        must_be_own_lists(both)


def test_an_account_of_the_front_end_s_own_is_found_out(both: World, backend: FakeBackend) -> None:
    backend.routes[LIST] = said(Answer(200, []))
    list_through_front_end(both, "Ann", "Bob")
    with pytest.raises(Unmet, match="has the task that Ann made; it lacks it"):
        must_be_own_lists(both)
