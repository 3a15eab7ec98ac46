"""A disguised destination is followed nowhere, by the sign-in page and by a sign-in."""

from __future__ import annotations

import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, Unmet
from harness.flows.destinations import (
    COMMON_NAMES,
    control_led_on,
    control_sign_in,
    must_stay_inside,
    names_of,
    open_towards,
    sign_in_towards,
    written_out,
)
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import WEB, Answer, FakeClient, Sent
from tests.support.scenario import SIGN_IN

PLACES = ["in the body", "in the query"]


def led_on(backend: FakeBackend, name: str, accepts: str) -> None:
    """Send a signed-in user on to what the parameter says where it begins so."""
    form = backend.routes["GET /signin"]

    def sign_in_page(sent: Sent) -> Answer:
        if backend.signed_in(sent) is None:
            return form(sent)
        target = sent.query.get(name, "")
        return Answer(303, "", [("Location", target if target.startswith(accepts) else "/tasks")])

    backend.routes["GET /signin"] = sign_in_page


def test_names_are_learnt_from_the_guard(world: World, backend: FakeBackend) -> None:
    backend.routes["GET /tasks"] = lambda _: Answer(303, "", [("Location", "/signin?weiter=%2Ftasks&lang=de")])
    assert names_of(world)[:2] == ["weiter", "callbackURL"]
    assert set(COMMON_NAMES) < set(names_of(world))


def test_control_characters_and_the_own_host_are_written_out(world: World) -> None:
    assert written_out(world, "{TAB}/{LF}{CR}{START}") == "\t/\n\r\x01"
    assert written_out(world, "https://{own}@evil.invalid") == f"https://{WEB.partition('//')[2]}@evil.invalid"


def test_a_page_that_leads_to_its_default_is_fine(world: World, backend: FakeBackend) -> None:
    led_on(backend, "callbackURL", "/tasks")
    control_led_on(world, "Ann")
    open_towards(world, "Ann", "/{TAB}/evil.invalid/x")
    must_stay_inside(world)


@pytest.mark.parametrize("destination", ["//evil.invalid/x", "/\\evil.invalid/x", "///evil.invalid/x"])
def test_a_page_that_follows_it_is_found_out(world: World, backend: FakeBackend, destination: str) -> None:
    led_on(backend, "returnTo", "/")
    control_led_on(world, "Ann")
    open_towards(world, "Ann", destination)
    with pytest.raises(Unmet, match=r"leads nowhere outside the deployment; it leads to .*evil\.invalid/x"):
        must_stay_inside(world)


def test_what_stays_on_the_own_host_is_fine(world: World, backend: FakeBackend) -> None:
    led_on(backend, "returnTo", "/")
    control_led_on(world, "Ann")
    open_towards(world, "Ann", "/%2f%2fevil.invalid/x")
    must_stay_inside(world)


def test_a_page_that_leads_nowhere_has_no_such_destination(world: World) -> None:
    with pytest.raises(Absent, match="sends a user who is signed in nowhere"):
        control_led_on(world, "Ann")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("by", ["header", "data", "page"])
def test_a_sign_in_that_follows_it_is_found_out(world: World, backend: FakeBackend, place: str, by: str) -> None:
    control_sign_in(world, "Ann", PLACES)

    def following(sent: Sent) -> Answer:
        target = (sent.fields if place == "in the body" else sent.query).get("callbackURL", "/")
        answer = backend.sign_in(sent)
        if by == "data":
            return Answer(200, {"data": {"redirect_url": target}}, answer.headers)
        if by == "header":
            return Answer(302, "", [*answer.headers, ("Location", target)])
        page = f'<meta http-equiv="refresh" content="0; url={target}">'
        return Answer(200, page, [*answer.headers, ("Content-Type", "text/html")])

    backend.routes[SIGN_IN] = following
    sign_in_towards(world, "Ann", [(place, "/\\evil.invalid/x")])
    with pytest.raises(Unmet, match=r'destination "/\\evil.invalid/x" leads nowhere .*evil\.invalid/x'):
        must_stay_inside(world)


def test_an_address_of_an_answer_that_is_no_destination_is_fine(world: World, backend: FakeBackend) -> None:
    def told(sent: Sent) -> Answer:
        answer = backend.sign_in(sent)
        return Answer(200, {**answer.body, "picture": {"url": "https://pictures.example/a.png"}}, answer.headers)

    control_sign_in(world, "Ann", PLACES)
    backend.routes[SIGN_IN] = told
    sign_in_towards(world, "Ann", [("in the body", "//evil.invalid/x")])
    must_stay_inside(world)


def test_each_row_is_asked_for_at_its_place(world: World, client: FakeClient) -> None:
    control_sign_in(world, "Ann", PLACES)
    sign_in_towards(world, "Ann", [("in the body", "//evil.invalid/x"), ("in the query", "javascript:alert(1)")])
    asked = [one for one in client.sent if one.path.endswith("sign-in/email")][-2:]
    assert asked[0].fields["callbackURL"] == "//evil.invalid/x"
    assert asked[1].query["callbackURL"] == "javascript:alert(1)"


def test_nothing_is_judged_without_the_control(world: World) -> None:
    sign_in_towards(world, "Ann", [("in the body", "//evil.invalid/x")])
    with pytest.raises(HarnessError, match="judged without a control"):
        must_stay_inside(world)
