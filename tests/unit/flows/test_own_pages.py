"""A protected page opens for its owner, and shows nothing of another user's."""

from __future__ import annotations

import pytest

from harness.core.errors import Unavailable
from harness.core.findings import NotTested, Unmet
from harness.deployment.errors import Indistinct, NotThere
from harness.flows.own_pages import must_have_opened, must_show_own_only, open_in_turn, open_own
from harness.flows.protected_pages import request_with
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, said, with_people, world_of
from tests.unit.flows.test_protected_pages import FORM, PAGE, shell

# --- the owner gets in ---


def must_open(world: World) -> None:
    open_own(world, "Ann")
    must_have_opened(world)


@pytest.mark.parametrize("slash", ["/tasks/", "tasks/"])
def test_a_redirect_to_the_page_itself_is_followed(world: World, backend: FakeBackend, slash: str) -> None:
    backend.routes |= {"GET /tasks/": backend.tasks_page, PAGE: said(Answer(308, "", [("Location", slash)]))}
    must_open(world)


def test_a_shell_that_others_do_not_get_opens(world: World, backend: FakeBackend) -> None:
    shell(backend)
    must_open(world)


def test_a_first_visit_may_lead_elsewhere(world: World, backend: FakeBackend) -> None:
    shell(backend)
    proper, visited = backend.routes[PAGE], list[str]()

    def page(sent: Sent) -> Answer:
        visited.extend(sent.cookies)
        first = len(visited) == 1
        return Answer(303, "", [("Location", "/welcome")]) if first else proper(sent)

    backend.routes |= {PAGE: page, "GET /welcome": said(Answer(200, "Welcome"))}
    must_open(world)


@pytest.mark.parametrize(
    ("answers", "came"),
    [
        (
            {
                PAGE: Answer(303, "", [("Location", "/signin")]),
                "GET /signin": Answer(303, "", [("Location", "/tasks")]),
            },
            "it was sent round in circles between /signin and /tasks",
        ),
        ({PAGE: Answer(303, "", [("Location", "/signin")])}, "it was sent to /signin"),
        ({PAGE: Answer(403)}, "it was answered 403"),
        ({PAGE: BROKEN}, "it was answered 500"),
        (
            {PAGE: Answer(200, FORM), "GET /signin": Answer(200, FORM)},
            "it was answered 200 with the form of /signin",
        ),
    ],
)
def test_an_owner_who_is_locked_out_is_found_out(
    world: World, backend: FakeBackend, answers: dict[str, Answer], came: str
) -> None:
    backend.routes |= {route: said(answer) for route, answer in answers.items()}
    open_own(world, "Ann")
    with pytest.raises(Unmet, match=f"that Ann's first device opens the protected page /tasks; {came}"):
        must_have_opened(world)


def test_a_page_that_is_not_there_is_not_judged(client: FakeClient) -> None:
    world = with_people(world_of(client, '[pages]\nprotected = ["/nowhere"]\n'), "Ann")
    open_own(world, "Ann")
    with pytest.raises(NotThere, match="/nowhere was answered 404, to its owner and to an anonymous client"):
        must_have_opened(world)


def test_one_that_is_hidden_from_its_owner_is_found_out(client: FakeClient) -> None:
    hidden = '[pages]\nprotected = ["/nowhere"]\nanonymous = "refused"\n'
    world = with_people(world_of(client, hidden), "Ann")
    open_own(world, "Ann")
    with pytest.raises(Unmet, match="opens the protected page /nowhere; it was answered 404"):
        must_have_opened(world)


def test_a_way_out_of_the_deployment_is_not_judged(world: World, backend: FakeBackend) -> None:
    backend.routes[PAGE] = said(Answer(303, "", [("Location", "https://portal.example/")]))
    open_own(world, "Ann")
    with pytest.raises(Unavailable, match=r"leads Ann to https://portal\.example/, outside the deployment"):
        must_have_opened(world)


def test_every_page_has_to_open(client: FakeClient, backend: FakeBackend) -> None:
    world = with_people(world_of(client, '[pages]\nprotected = ["/tasks", "/settings"]\n'), "Ann")
    backend.routes["GET /settings"] = lambda sent: Answer(200, "Settings") if sent.cookies else Answer(401)
    must_open(world)
    request_with(world, "Ann", "no extra header")
    assert [*world.judge.controls] == ["protected page", "protected page /settings"]
    world.judge.all_refused()
    backend.routes["GET /settings"] = said(Answer(200, "Settings"))
    open_own(world, "Ann")
    with pytest.raises(Indistinct, match="page at /settings is the same"):
        must_have_opened(world)
    backend.routes[PAGE] = said(Answer(403))
    open_own(world, "Ann")
    with pytest.raises(Unmet, match="answered 403"):
        must_have_opened(world)


# --- and sees nothing of another's ---


@pytest.fixture
def both(client: FakeClient) -> World:
    return with_people(world_of(client), "Ann", "Bob")


def test_everyone_sees_their_own(both: World) -> None:
    open_in_turn(both, "Ann", "Bob", "Ann")
    must_show_own_only(both)


def test_another_s_name_is_found_out(both: World, backend: FakeBackend) -> None:
    proper, first = backend.tasks_page, list[Answer]()

    def page(sent: Sent) -> Answer:
        first.append(proper(sent))
        return first[0]

    backend.routes[PAGE] = page
    open_in_turn(both, "Ann", "Bob", "Ann")
    with pytest.raises(Unmet, match="that Bob's protected page shows nothing of Ann's; it shows cnry"):
        must_show_own_only(both)


def test_another_s_address_is_found_out(both: World, backend: FakeBackend) -> None:
    proper = backend.tasks_page
    bob = both.person("Bob").email
    backend.routes[PAGE] = lambda sent: Answer(200, f"{proper(sent).body}{bob.upper()}")
    open_in_turn(both, "Ann", "Bob")
    with pytest.raises(Unmet, match=f"that Ann's protected page shows nothing of Bob's; it shows {bob}"):
        must_show_own_only(both)


def test_a_page_that_shows_nothing_of_anyone_is_not_judged(both: World, backend: FakeBackend) -> None:
    shell(backend)
    open_in_turn(both, "Ann", "Bob")
    with pytest.raises(Indistinct, match="neither name, address nor task of Ann's in its HTML"):
        must_show_own_only(both)


def test_nor_is_one_that_does_not_open(both: World, backend: FakeBackend) -> None:
    backend.routes[PAGE] = said(Answer(403))
    open_in_turn(both, "Ann", "Bob")
    with pytest.raises(NotTested, match="/tasks did not open for Ann, who was answered 403"):
        must_show_own_only(both)
