"""A refreshed token is its refresh token's owner's, whoever else the request names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.core.findings import NotTested, Unmet
from harness.flows.common import sign_in
from harness.flows.refresh_identity import HINTS, HintedRefreshes, must_be_the_owners, refresh_naming
from harness.scenario.world import World
from tests.support.fake_backend import Account, FakeBackend, signed
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import REFRESH, said, with_people, world_of

HINT = pytest.mark.parametrize("hint", [*HINTS])
ID, ADDRESS, QUERY = "his id in the body", "his address in the body", "the query"


@pytest.fixture
def laptop(world: World) -> World:
    """Ann and Bob have tasks, and Ann is signed in on her laptop too."""
    sign_in(world, "Ann", "laptop")
    return world


def judged(world: World, hint: str) -> None:
    refresh_naming(world, "Ann", "Bob", hint)
    must_be_the_owners(world, "Ann")


def refreshes(client: FakeClient) -> list[Sent]:
    return [sent for sent in client.sent if sent.path.endswith("/refresh")]


@HINT
def test_hers_is_hers(laptop: World, client: FakeClient, hint: str) -> None:
    judged(laptop, hint)
    plain, hinted = refreshes(client)
    bob = laptop.person("Bob")
    named = {**hinted.fields, **hinted.query}
    assert {bob.id, bob.email} & set(named.values())
    assert set(plain.fields) == {"refreshToken"}


def naming(backend: FakeBackend, found: Callable[[Sent], str | None]) -> None:
    """A backend that issues for whoever's id or address ``found`` gives."""

    def refresh(sent: Sent) -> Answer:
        answer = FakeBackend.refresh(backend, sent)
        account: Account | None = next(
            (one for one in backend.accounts.values() if found(sent) in (one.id, one.email)), None
        )
        if answer.status != 200 or account is None:
            return answer
        return Answer(200, {**answer.body, "token": signed(account)})

    backend.routes[REFRESH] = refresh


@pytest.mark.parametrize(
    ("hint", "found"),
    [
        *((ID, lambda sent, name=name: sent.fields.get(name)) for name in ("user_id", "userId", "sub", "uid")),
        *((ADDRESS, lambda sent, name=name: sent.fields.get(name)) for name in ("email", "username")),
        *((QUERY, lambda sent, name=name: sent.query.get(name)) for name in ("user_id", "userId", "sub", "email")),
    ],
)
def test_a_token_for_whoever_is_named_is_found_out(
    laptop: World, backend: FakeBackend, hint: str, found: Callable[[Sent], str | None]
) -> None:
    naming(backend, found)
    with pytest.raises(Unmet) as failed:
        judged(laptop, hint)
    assert failed.value.expected == "that Ann's refresh token yields Ann's token, though Bob is named beside it"
    assert failed.value.came == "it opens Bob's tasks"
    assert failed.value.exchanges[0].url.partition("?")[0].endswith("/refresh")


def test_a_token_of_a_third_person_is_found_out(laptop: World, backend: FakeBackend) -> None:
    def refresh(sent: Sent) -> Answer:
        answer = FakeBackend.refresh(backend, sent)
        nobody = Account("no-user", "No One", "no@example.com", "")
        return Answer(200, {**answer.body, "token": signed(nobody)}) if "sub" in sent.fields else answer

    backend.routes[REFRESH] = refresh
    with pytest.raises(Unmet, match="though Bob is named beside it; it was answered 401"):
        judged(laptop, ID)


# --- a request with more in it is refused ---


def strict(backend: FakeBackend, known: frozenset[str], *, uses_up: bool = False) -> None:
    """Refuse any field but these."""
    believing = backend.routes[REFRESH]

    def refresh(sent: Sent) -> Answer:
        if {*sent.fields} - known:
            if uses_up:
                backend.refresh_tokens.pop(sent.fields["refreshToken"], None)
            return Answer(422)
        return believing(sent)

    backend.routes[REFRESH] = refresh


@pytest.mark.parametrize("uses_up", [False, True])
def test_a_refusal_is_right(laptop: World, backend: FakeBackend, client: FakeClient, uses_up: bool) -> None:
    strict(backend, frozenset({"refreshToken"}), uses_up=uses_up)
    judged(laptop, ID)
    assert laptop.recall(HintedRefreshes).made == []
    each_by_itself = [sorted({*sent.fields} - {"refreshToken"}) for sent in refreshes(client)]
    assert [names for names in each_by_itself if len(names) == 1] == [["user_id"], ["userId"], ["sub"], ["uid"]]


@pytest.mark.parametrize("uses_up", [False, True])
def test_a_field_that_is_known_is_tried_by_itself(laptop: World, backend: FakeBackend, uses_up: bool) -> None:
    naming(backend, lambda sent: sent.fields.get("sub"))
    strict(backend, frozenset({"refreshToken", "sub"}), uses_up=uses_up)
    with pytest.raises(Unmet, match="it opens Bob's tasks"):
        judged(laptop, ID)


def test_a_refresh_that_does_not_work_proves_nothing(laptop: World, backend: FakeBackend) -> None:
    backend.routes[REFRESH] = said(Answer(500))
    with pytest.raises(NotTested, match="expected that a live refresh token yields a new token first"):
        judged(laptop, ID)


def test_a_token_that_never_opens_anything_proves_nothing(laptop: World, backend: FakeBackend) -> None:
    backend.routes[REFRESH] = said(Answer(200, {"token": "dead", "refreshToken": "x" * 20}))
    with pytest.raises(NotTested, match="sees the task"):
        judged(laptop, ID)


@HINT
def test_a_refresh_by_cookie_is_asked_with_a_body_of_its_own(
    client: FakeClient, backend: FakeBackend, hint: str
) -> None:
    changes = '[operations.refresh]\njson = {}\n[credentials.refresh]\nkind = "cookie"\nissued_by = "sign_in"\n'
    world = with_people(world_of(client, f'{changes}cookie = "refresh"\n'), "Ann", "Bob")
    sign_in(world, "Ann", "laptop")
    world.device("Ann", "laptop").refresh_token = "refresh-of-a-cookie"
    account = backend.accounts[world.person("Ann").email]
    backend.routes[REFRESH] = lambda _: Answer(
        200, {"token": signed(account)}, [("Set-Cookie", "refresh=2; Path=/")]
    )
    judged(world, hint)
    hinted = refreshes(client)[-1]
    bob = world.person("Bob")
    assert {bob.id, bob.email} & {*hinted.query.values(), *(hinted.fields if hinted.body else {}).values()}
