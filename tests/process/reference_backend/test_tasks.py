from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.reference_person import Person, device_of

PATH = "/api/tasks"


def test_a_task_is_made_read_changed_and_deleted(ann: Person) -> None:
    token = ann.jwt()
    made = ann.with_jwt(token, "POST", body={"title": "Buy milk", "user_id": "x", "id": "mine"})
    assert made.status_code == 201
    task = made.json()
    assert task.keys() == {"id", "title", "description", "completed", "createdAt", "updatedAt"}
    one = f"{PATH}/{task['id']}"
    assert ann.with_jwt(token, path=one).json() == task
    assert ann.with_jwt(token, "PATCH", one, {"completed": True}).json()["title"] == "Buy milk"
    replaced = ann.with_jwt(token, "PUT", one, {"title": "Buy oat milk"}).json()
    assert (replaced["title"], replaced["completed"]) == ("Buy oat milk", False)
    assert ann.second_device().get(one).json() == replaced
    assert ann.with_jwt(token, "DELETE", one).status_code == 204
    assert ann.with_jwt(token, path=one).status_code == 404


def test_the_list_is_paged(ann: Person) -> None:
    for title in ("one", "two", "three"):
        assert ann.post(PATH, {"title": title}).status_code == 201
    assert [task["title"] for task in ann.get(f"{PATH}?limit=1&offset=1").json()] == ["two"]
    assert ann.get(f"{PATH}?offset=9").json() == []
    for query in ("limit=0", "limit=x", f"offset={10**30}", "offset=-1"):
        assert ann.get(f"{PATH}?{query}").status_code == 400


def test_another_persons_task_is_as_good_as_none(ann: Person, ben: Person) -> None:
    task = ann.post(PATH, {"title": "canary-of-ann"}).json()
    one, token = f"{PATH}/{task['id']}", ben.jwt()
    owner = {"user_id": ben.session["user"]["id"], "title": "stolen"}
    for method, body in (("GET", None), ("PUT", owner), ("PATCH", owner), ("DELETE", None)):
        answer = ben.with_jwt(token, method, one, body)
        unknown = ben.with_jwt(token, method, f"{PATH}/{'0' * 32}", body)
        assert answer.status_code == unknown.status_code == 404
        assert answer.content == unknown.content
    assert ben.with_jwt(token).json() == []
    assert ben.get(f"{PATH}?user_id={ann.session['user']['id']}", **{"x-user-id": "ann"}).json() == []
    assert ann.get(one).json() == task


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", PATH),
        ("GET", f"{PATH}?limit=x"),
        ("POST", PATH),
        *((method, f"{PATH}/x") for method in ("GET", "PUT", "PATCH", "DELETE")),
    ],
)
def test_nobody_gets_in_without_a_credential(ann: Person, method: str, path: str) -> None:
    answer = device_of(ann.device.app).request(method, path, content=b"{bad")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    "task_id",
    ["0", "-1", "9" * 400, "x" * 2048, "%00", "%25", "%ff", "'", "1 OR 1=1", "x' OR '1'='1", "%F0%9F%98%80"],
)
def test_unusual_ids_are_not_found(ann: Person, task_id: str) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert ann.send(method, f"{PATH}/{task_id}", {"title": "x"}).status_code == 404


WRONG = [
    {},
    {"title": ""},
    {"title": "  "},
    {"title": 1},
    {"title": ["x"]},
    {"title": "a\0b"},
    {"title": "x" * 501},
]
WRONG += [{"title": "x", "completed": "yes"}, {"title": "x", "description": None}]


@pytest.mark.parametrize("body", [*WRONG, [], "null", "x", 1])
def test_wrong_bodies_are_refused(ann: Person, body: object) -> None:
    answer = ann.with_jwt(ann.jwt(), "POST", body=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    "path", ["//api/tasks", "/api/tasks/", "/API/tasks", "/api/tasks;x", "/api//tasks", "/api/tasks/x/delete"]
)
def test_other_spellings_of_the_path_are_not_found(ann: Person, path: str) -> None:
    answer = device_of(ann.device.app).get(f"http://127.0.0.1:8000{path}")
    assert answer.status_code in {401, 404}


def test_unsupported_methods_name_the_supported_ones(ann: Person) -> None:
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "OPTIONS", "HEAD"):
        answer = ann.send(method, PATH)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert ann.send("POST", f"{PATH}/x").headers["allow"] == "DELETE, GET, PATCH, PUT"
    assert ann.get("/api/auth/sign-in/email").headers["allow"] == "POST"
    assert ann.post("/static/style.css").headers["allow"] == "GET, HEAD"


def test_parallel_requests_do_not_mix_people(ann: Person, ben: Person) -> None:
    for person in (ann, ben):
        person.post(PATH, {"title": person.email})
    turns = [ann, ben] * 15
    with ThreadPoolExecutor(10) as pool:
        lists = pool.map(lambda person: person.get(PATH).json(), turns)
        for person, listed in zip(turns, lists, strict=True):
            assert [task["title"] for task in listed] == [person.email]
