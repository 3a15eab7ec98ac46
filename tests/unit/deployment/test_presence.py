"""An operation that is not where the profile says is distinguished from one that refuses, or finds nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.core.findings import Unmet
from harness.deployment.errors import NotSignedIn, NotThere
from harness.deployment.people import Device
from harness.scenario.world import World
from tests.support.fake_backend import AUTH, HTML, UNAUTHENTICATED, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import CREATE, LIST, SIGN_IN, SIGN_OUT, SIGN_UP, said, with_people, world_of

OPERATIONS = {
    "sign_out": "sign-out",
    "change_password": "change-password",
    "update_user": "update-user",
    "delete_user": "delete-user",
    "list_sessions": "list-sessions",
    "revoke_other_sessions": "revoke-other-sessions",
    "token": "token",
}


@pytest.fixture
def world(client: FakeClient) -> World:
    """Ann is signed in and has a task."""
    return with_people(world_of(client), "Ann")


def ask(world: World, name: str) -> None:
    """Have Ann carry out an operation that must be there."""
    device = world.device("Ann", "first device")
    values = {**device.person.values, "new_password": "x", "new_name": "x"}
    world.deployment.must_be_there(name, world.deployment.access.on_device(name, device, values))


def remove(backend: FakeBackend, route: str) -> None:
    """Take a route away that some method has."""
    for key in [key for key in backend.routes if key.endswith(f" {route}")]:
        del backend.routes[key]


def handler(wrong: Answer) -> Callable[[Sent], Answer]:
    """A route that wants a session, and then answers wrongly."""
    return lambda sent: wrong if sent.header("cookie") or sent.header("authorization") else UNAUTHENTICATED


# --- operations ---


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_missing_operation_is_reported_with_what_to_write(world: World, backend: FakeBackend, name: str) -> None:
    path = f"{AUTH}/{OPERATIONS[name]}"
    remove(backend, path)
    with pytest.raises(NotThere) as missing:
        ask(world, name)
    assert f"{path} was answered 404: it is not where operations.{name} says." in missing.value.reason
    assert missing.value.reason.startswith(f"{name}: ")
    assert f"write `{name} = false` under [operations]" in missing.value.remedy


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_that_is_there_may_answer_as_it_likes(world: World, backend: FakeBackend, name: str) -> None:
    ask(world, name)
    for status in (200, 400, 401, 403, 409, 500):
        for method in ("GET", "POST"):
            backend.routes[f"{method} {AUTH}/{OPERATIONS[name]}"] = said(Answer(status, {}))
        ask(world, name)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(405, "", [("Allow", "GET, HEAD")]), r"answered 405 \(Allow: GET, HEAD\): it is not where"),
        (Answer(405), "answered 405: it is not where"),
        (Answer(501), "answered 501: it is not where"),
    ],
)
def test_a_method_that_is_not_there_is_reported(
    world: World, backend: FakeBackend, answer: Answer, says: str
) -> None:
    backend.routes[SIGN_OUT] = handler(answer)
    with pytest.raises(NotThere, match=says) as missing:
        ask(world, "sign_out")
    assert missing.value.remedy.startswith("Correct its method or path in the profile. If there is no such ")


@pytest.mark.parametrize(
    "found_nothing",
    [
        handler(Answer(404, {"message": "No such session"})),
        handler(Answer(404, {"message": "Not Found"})),
        said(Answer(404, {"message": "No such session"})),
    ],
    ids=["its own words", "the words of any other path, to its user alone", "its own words to anybody"],
)
def test_a_handler_that_finds_nothing_is_there(
    world: World, backend: FakeBackend, found_nothing: Callable[[Sent], Answer]
) -> None:
    backend.routes[SIGN_OUT] = found_nothing
    ask(world, "sign_out")


def test_a_gate_in_front_of_every_path_hides_nothing(client: FakeClient, backend: FakeBackend) -> None:
    def gate(sent: Sent) -> Answer:
        is_open = sent.path.startswith(f"{AUTH}/sign-") or sent.path.endswith("/get-session")
        return backend(sent) if sent.header("cookie") or is_open else UNAUTHENTICATED

    client.server = gate
    world = world_of(client)
    world.introduce(world.cast.share("Ann"))
    remove(backend, f"{AUTH}/update-user")
    with pytest.raises(NotThere, match="update_user: POST"):
        ask(world, "update_user")


def _named(sent: Sent) -> Answer:
    text = f'"{sent.method} {sent.path}" is unknown (request 7c{abs(hash(sent.url))}, 2024-05-06T07:08:09Z)'
    return Answer(404, {"error": text, "path": sent.path})


def _page(sent: Sent) -> Answer:
    pieces = "".join(f"<i>{piece}</i>" for piece in sent.path.split("/"))
    return Answer(404, f"<!doctype html><title>404: This page\nis missing</title><p>{pieces}", HTML)


@pytest.mark.parametrize("unknown", [_named, _page], ids=["JSON that repeats the path", "a page"])
def test_what_any_path_is_answered_may_name_it(
    client: FakeClient, backend: FakeBackend, world: World, unknown: Callable[[Sent], Answer]
) -> None:
    remove(backend, f"{AUTH}/sign-out")
    client.server = lambda sent: answer if (answer := backend(sent)).status != 404 else unknown(sent)
    with pytest.raises(NotThere):
        ask(world, "sign_out")


def test_a_404_that_the_profile_names_is_one_of_its_answers(client: FakeClient, backend: FakeBackend) -> None:
    world = world_of(client, "[operations.sign_in]\noutcomes.bad_credentials = { status = 404 }\n")
    world.introduce(world.cast.share("Ann"))
    backend.routes[SIGN_IN] = said(Answer(404))
    with pytest.raises(NotSignedIn):
        world.deployment.sessions.sign_in_verified(Device(world.person("Ann"), "laptop"))


# --- accounts ---


def test_a_sign_up_that_is_not_there_is_no_failed_one(client: FakeClient, backend: FakeBackend) -> None:
    del backend.routes[SIGN_UP]
    with pytest.raises(NotThere, match=r"sign_up: POST .* was answered 404") as missing:
        world_of(client).cast.share("Ann")
    assert missing.value.remedy == "Correct its path in the profile."


def test_a_sign_in_that_is_not_there_is_no_failed_one(world: World, backend: FakeBackend) -> None:
    del backend.routes[SIGN_IN]
    with pytest.raises(NotThere, match=r"sign_in: POST .* was answered 404"):
        world.deployment.sessions.sign_in_verified(Device(world.person("Ann"), "laptop"))
    with pytest.raises(NotThere, match=r"sign_in: POST .* was answered 404"):
        world.accounts.signs_in(world.person("Ann"))()


# --- tasks ---

ROUTES = {"read": "GET", "replace": "PUT", "update": "PATCH", "delete": "DELETE"}


@pytest.mark.parametrize("route", ["tasks", "proxy"])
@pytest.mark.parametrize("verb", ROUTES)
def test_a_missing_task_route_is_reported_with_what_to_write(
    world: World, backend: FakeBackend, verb: str, route: str
) -> None:
    del backend.routes[f"{ROUTES[verb]} /api/tasks/1"]
    api = world.tasks if route == "tasks" else world.proxy
    with pytest.raises(NotThere) as missing:
        api.control(verb, world.person("Ann"), world.task_of("Ann"))()  # type: ignore[arg-type]
    assert missing.value.reason == (
        f"{verb}: {ROUTES[verb]} /api/tasks/{{task_id}} was answered 404: it is not where {route}.{verb} says."
    )
    assert f"write `{verb} = false` under [{route}]" in missing.value.remedy


@pytest.mark.parametrize("verb", ["replace", "update", "delete"])
def test_what_can_not_be_read_again_names_the_missing_route(world: World, backend: FakeBackend, verb: str) -> None:
    del backend.routes["GET /api/tasks/1"]
    with pytest.raises(NotThere, match=r"^read: GET /api/tasks/\{task_id\} was answered 404"):
        world.tasks.control(verb, world.person("Ann"), world.task_of("Ann"))()  # type: ignore[arg-type]


@pytest.mark.parametrize(("verb", "route"), [("list", LIST), ("create", CREATE)])
def test_a_section_without_its_first_routes_is_none(
    world: World, backend: FakeBackend, verb: str, route: str
) -> None:
    del backend.routes[route]
    with pytest.raises(NotThere, match=f"^{verb}: ") as missing:
        world.tasks.control(verb, world.person("Ann"), world.task_of("Ann"))()  # type: ignore[arg-type]
    assert missing.value.remedy.endswith("write `tasks = false`, or remove the section if it is your own.")


@pytest.mark.parametrize("verb", ROUTES)
def test_a_task_of_ones_own_that_is_not_found_is_a_failure(world: World, backend: FakeBackend, verb: str) -> None:
    backend.routes[f"{ROUTES[verb]} /api/tasks/1"] = handler(Answer(404, {"message": "Not Found"}))
    with pytest.raises(Unmet):
        world.tasks.control(verb, world.person("Ann"), world.task_of("Ann"))()  # type: ignore[arg-type]
