"""Sign-in leads nowhere else, and says the same of known and unknown addresses."""

from __future__ import annotations

from collections import Counter

import pytest

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.accounts import DESTINATIONS
from harness.deployment.accounts import SIGN_IN as SIGN_IN_CONTROL
from harness.flows.destinations import must_stay_inside
from harness.flows.signin import (
    FailedSignIns,
    control_destination,
    must_be_alike,
    sign_in_towards_elsewhere,
    try_known_and_unknown,
)
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SIGN_IN, said

# --- destinations ---


@pytest.mark.parametrize("place", DESTINATIONS)
def test_a_destination_that_is_not_followed_is_fine(world: World, client: FakeClient, place: str) -> None:
    control_destination(world, "Ann", place)
    sign_in_towards_elsewhere(world, "Ann", place)
    sent = next(one for one in reversed(client.sent) if one.path.endswith("sign-in/email"))
    given = sent.fields if place == "in the body" else sent.query
    assert given["callbackURL"].startswith("https://evil.invalid")
    must_stay_inside(world)


@pytest.mark.parametrize("by", ["redirect", "body", "redirect without a scheme"])
@pytest.mark.parametrize("place", DESTINATIONS)
def test_one_that_is_followed_is_found_out(world: World, backend: FakeBackend, place: str, by: str) -> None:
    control_destination(world, "Ann", place)

    def following(sent: Sent) -> Answer:
        target = sent.fields.get("callbackURL") or sent.query["callbackURL"]
        answer = backend.sign_in(sent)
        if by == "body":
            return Answer(200, {**answer.body, "url": target}, answer.headers)
        target = target.removeprefix("https:") if by.endswith("scheme") else target
        return Answer(302, "", [*answer.headers, ("Location", target)])

    backend.routes[SIGN_IN] = following
    sign_in_towards_elsewhere(world, "Ann", place)
    with pytest.raises(Unmet, match=r'leads nowhere outside the deployment; it leads to ".*evil\.invalid'):
        must_stay_inside(world)


def test_a_sign_in_that_fails_with_any_destination_proves_nothing(world: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_IN] = said(Answer(400))
    with pytest.raises(NotTested, match="the control failed"):
        control_destination(world, "Ann", "in the body")


def test_without_the_control_nothing_is_judged(world: World) -> None:
    sign_in_towards_elsewhere(world, "Ann", "in the body")
    with pytest.raises(HarnessError, match="judged without a control"):
        must_stay_inside(world)


# --- known and unknown ---


@pytest.fixture
def signs_in(world: World) -> World:
    """Ann was seen to sign in."""
    world.judge.control(SIGN_IN_CONTROL, world.accounts.signs_in(world.person("Ann")))
    return world


def test_answers_that_are_alike_tell_nothing(signs_in: World, client: FakeClient) -> None:
    before = len(client.sent)
    try_known_and_unknown(signs_in, "Ann", times=3)
    must_be_alike(signs_in)
    addresses = [sent.fields["email"] for sent in client.sent[before:]]
    known = signs_in.person("Ann").email
    assert len(addresses) == 6
    assert addresses[1::2] == [known] * 3
    assert len(set(addresses[::2])) == 1
    assert known not in addresses[::2]
    assert {len(address) for address in addresses} == {len(known)}


@pytest.mark.parametrize(
    ("unknown", "came"),
    [
        (Answer(404, {"message": "Invalid email or password"}), "one is answered 404 and the other 401"),
        (Answer(401, {"message": "No such account"}), "one says"),
        (
            Answer(401, {"message": "Invalid email or password"}, [("X-Left", "3")]),
            "only one of them has the headers",
        ),
    ],
)
def test_whatever_tells_them_apart_is_named(
    signs_in: World, backend: FakeBackend, unknown: Answer, came: str
) -> None:
    proper = backend.sign_in
    backend.routes[SIGN_IN] = lambda sent: proper(sent) if sent.fields["email"] in backend.accounts else unknown
    try_known_and_unknown(signs_in, "Ann", times=3)
    with pytest.raises(Unmet, match=f"a wrong password are answered alike; .*{came}"):
        must_be_alike(signs_in)


def test_what_comes_after_some_tries_of_any_address_tells_nothing(signs_in: World, backend: FakeBackend) -> None:
    proper, tries = backend.sign_in, Counter[str]()

    def asking_for_more(sent: Sent) -> Answer:
        tries[sent.fields["email"]] += 1
        return Answer(401, {"captcha": True}) if tries[sent.fields["email"]] > 2 else proper(sent)

    backend.routes[SIGN_IN] = asking_for_more
    try_known_and_unknown(signs_in, "Ann", times=3)
    assert "captcha" in signs_in.recall(FailedSignIns).pairs[-1][0].text
    must_be_alike(signs_in)


def test_what_differs_only_once_is_chance(signs_in: World, backend: FakeBackend) -> None:
    proper, answers = backend.sign_in, iter([Answer(500)])
    backend.routes[SIGN_IN] = lambda sent: next(answers, None) or proper(sent)
    try_known_and_unknown(signs_in, "Ann", times=3)
    assert signs_in.recall(FailedSignIns).pairs[0][0].status == 500
    must_be_alike(signs_in)


def test_what_is_sent_differs_by_nature(signs_in: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_IN] = lambda sent: Answer(401, f"{sent.fields['email']} and {sent.fields['password']}")
    try_known_and_unknown(signs_in, "Ann", times=2)
    must_be_alike(signs_in)


def test_alike_or_not_is_judged_only_where_she_can_sign_in(world: World) -> None:
    try_known_and_unknown(world, "Ann", times=1)
    with pytest.raises(HarnessError, match="judged without a control"):
        must_be_alike(world)
