"""Origins, redirect targets, bodies and headers: what every route shares."""

import pytest

from tests.support.reference_person import BASE, COOKIE, PASSWORD, Person, device_of

SIGN_IN = "/api/auth/sign-in/email"
FOREIGN = ["https://evil.invalid", f"{BASE}.evil.invalid", "http://127x0.0.1:8000", "https://127.0.0.1:8000"]
FOREIGN += ["http://127.0.0.1:8001", "http://127.0.0.1", "http://user@127.0.0.1:8000", f"{BASE}/", "null", ""]
STATE_CHANGES = [
    ("/api/auth/sign-out", {}),
    ("/api/auth/update-user", {"name": "Eve"}),
    ("/api/auth/revoke-sessions", {}),
    ("/api/auth/change-password", {"currentPassword": PASSWORD, "newPassword": "another pass phrase"}),
    ("/api/tasks", {"title": "planted"}),
    ("/tasks", {}),
    ("/signout", {}),
]


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_changes_nothing_with_a_cookie(ann: Person, origin: str) -> None:
    for path, body in STATE_CHANGES:
        answer = ann.post(path, body, origin=origin)
        assert (answer.status_code, "access-control-allow-origin" in answer.headers) == (403, False)
    assert ann.session["user"]["name"] == ann.name
    assert ann.get("/api/tasks").json() == []
    assert ann.post("/api/tasks", {"title": "own"}).status_code == 201


def test_the_referer_stands_in_for_a_missing_origin(ann: Person) -> None:
    for referer, status in ((f"{BASE}/tasks", 200), ("https://evil.invalid/x", 403), ("http://[", 403)):
        headers = {"referer": referer, "content-type": "application/json"}
        answer = ann.device.post("/api/auth/update-user", content='{"name": "Ann"}', headers=headers)
        assert answer.status_code == status
    assert ann.device.post("/api/auth/update-user", json={"name": "Ann"}).status_code == 403


def test_a_foreign_page_can_not_sign_anybody_in(ann: Person) -> None:
    credentials = {"email": ann.email, "password": PASSWORD}
    for headers in ({"origin": "https://evil.invalid"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        for path, kind in ((SIGN_IN, "json"), ("/signin", "data")):
            answer = device_of(ann.device.app).post(path, headers=headers, **{kind: credentials})
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
    assert device_of(ann.device.app).post(SIGN_IN, json=credentials).status_code == 200


ELSEWHERE = [
    "https://evil.invalid/x",
    "//evil.invalid",
    "/\\evil.invalid",
    "\\\\evil.invalid",
    "/%2f%2fevil.invalid",
]
ELSEWHERE += [
    "/%5cevil.invalid",
    "/\t/evil.invalid",
    "\t//evil.invalid",
    "javascript:alert(1)",
    "data:text/html,x",
]
ELSEWHERE += [f"{BASE}.evil.invalid", f"{BASE}@evil.invalid/", "http://evil.invalid/?127.0.0.1:8000", "tasks"]
ELSEWHERE += ["", "/" + "x" * 3000]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_redirect_targets_elsewhere_are_refused(ann: Person, target: str) -> None:
    if target:
        answer = ann.sign_in(callbackURL=target)
        assert (answer.status_code, answer.json()["code"]) == (403, "INVALID_CALLBACK_URL")
    credentials = {"email": ann.email, "password": PASSWORD}
    answer = ann.device.post(SIGN_IN, params={"callbackURL": target}, json=credentials, headers={"origin": BASE})
    assert answer.status_code == 403
    page = ann.form("/signin", callbackURL=target, **credentials)
    assert (page.status_code, page.headers["location"]) == (303, "/tasks")


@pytest.mark.parametrize("target", ["/tasks", "/tasks?page=2#top", f"{BASE}/tasks"])
def test_redirect_targets_here_are_kept(ann: Person, target: str) -> None:
    answer = ann.sign_in(callbackURL=target).json()
    assert (answer["redirect"], answer["url"]) == (True, target)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        *((raw, "BAD_REQUEST") for raw in (b"{bad", b"\xff\xfe", b"[" * 100_000, b'{"email": "\\ud800"}')),
        *((raw, "VALIDATION_ERROR") for raw in (b"", b"[]", b"null", b"1", b'"x"', b'{"email": NaN}')),
    ],
)
def test_malformed_bodies_are_refused(ann: Person, raw: bytes, code: str) -> None:
    headers = {"content-type": "application/json", "origin": BASE}
    for path in (SIGN_IN, "/api/auth/sign-up/email", "/api/tasks"):
        answer = ann.device.post(path, content=raw, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert ann.session is not None


def test_a_number_of_5000_digits_is_refused(ann: Person) -> None:
    headers = {"content-type": "application/json", "origin": BASE}
    raw = b'{"title": ' + b"9" * 5000 + b"}"
    assert ann.device.post("/api/tasks", content=raw, headers=headers).status_code == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_read_by_the_api(ann: Person, kind: str) -> None:
    for path in (SIGN_IN, "/api/auth/sign-out", "/api/tasks"):
        headers = {"content-type": kind, "origin": BASE}
        assert ann.device.post(path, content=b'{"title": "x"}', headers=headers).status_code == 415
    assert ann.session is not None


def test_a_huge_body_is_refused(ann: Person) -> None:
    for size in (1_000_001, 5_000_000):
        assert ann.sign_in("x" * size).status_code == 413
    assert ann.sign_in("x" * 900_000).status_code == 401


def test_unknown_paths_are_json_and_nothing_is_documented(ann: Person) -> None:
    for path in (
        "/nope",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/tasks/",
        "/.env",
        "/static/../app.py",
        "/static/x",
    ):
        answer = device_of(ann.device.app).get(path, headers={"host": "evil.invalid"})
        assert (answer.status_code, answer.json()) == (404, {"message": "Not Found", "code": "NOT_FOUND"})


@pytest.mark.parametrize("path", ["/", "/signin", "/tasks", "/api/tasks", "/api/auth/token", "/nope"])
def test_every_answer_carries_the_security_headers(ann: Person, path: str) -> None:
    headers = ann.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


def test_a_crash_tells_nothing(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("canary of the inside")

    monkeypatch.setattr("reference_backend.tasks.owned_by", crash)
    answer = ann.get("/api/tasks")
    assert answer.json() == {"message": "Something went wrong on our side", "code": "INTERNAL_SERVER_ERROR"}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert f"{COOKIE}=" not in answer.text
