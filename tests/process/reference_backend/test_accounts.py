from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI, Request
from sqlalchemy import text

from reference_backend import devices, passwords
from tests.support.reference_person import COOKIE, PASSWORD, Person, device_of, stranger_of

SIGN_UP = "/api/auth/sign-up/email"
SIGN_IN = "/api/auth/sign-in/email"


def sql(person: Person, statement: str) -> None:
    with person.device.app.state.services.engine.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(text(statement), {"email": person.email})


def age_sessions(person: Person, interval: str) -> None:
    columns = ("created_at", "updated_at", "expires_at")
    moved = ", ".join(f"{column} = {column} - interval '{interval}'" for column in columns)
    sql(person, f"UPDATE sessions SET {moved} WHERE user_id = (SELECT id FROM users WHERE email = :email)")


def test_sign_up_signs_in_and_the_account_can_be_used(ann: Person) -> None:
    assert ann.session["user"]["email"] == ann.email
    assert ann.session["user"]["name"] == ann.name
    laptop = ann.second_device()
    assert laptop.session["user"]["id"] == ann.session["user"]["id"]


def test_no_answer_holds_a_credential_that_does_not_belong_there(ann: Person) -> None:
    token = ann.cookie.partition(".")[0]
    answers = [ann.sign_in(), ann.get("/api/auth/get-session"), ann.get("/api/auth/list-sessions")]
    for answer in answers:
        for secret in (token, ann.cookie.partition(".")[0], PASSWORD, "$argon2"):
            assert secret not in answer.text
        assert answer.headers["cache-control"] == "no-store"


def test_a_known_address_changes_nothing(ann: Person, stranger: Person) -> None:
    body = {"name": "Eve", "email": f" {ann.email.upper()} ", "password": "another pass phrase"}
    answer = stranger.post(SIGN_UP, body)
    assert answer.status_code == 422
    assert answer.json()["code"] == "USER_ALREADY_EXISTS"
    assert stranger.session is None
    assert ann.sign_in("another pass phrase").status_code == 401
    assert ann.sign_in().json()["user"]["name"] == ann.name


def test_parallel_sign_ups_make_one_account(app: FastAPI, stranger: Person) -> None:
    body = {"name": "Ann", "email": stranger.email, "password": PASSWORD}
    people = [Person(device_of(app), stranger.email) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(lambda person: person.post(SIGN_UP, body).status_code, people))
    assert sorted(codes) == [200, 422, 422, 422, 422, 422]


def test_fields_that_are_not_for_the_caller_are_ignored(ann: Person, stranger: Person) -> None:
    extra = {"id": ann.session["user"]["id"], "role": "admin", "emailVerified": True, "createdAt": "1999-01-01"}
    body = {"name": "Ben", "email": stranger.email, "password": PASSWORD, **extra}
    user = stranger.post(SIGN_UP, body).json()["user"]
    assert user["id"] != extra["id"]
    assert user["emailVerified"] is False
    assert user["createdAt"] > "2000"
    assert "role" not in user


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Zx81qwe", "PASSWORD_TOO_SHORT"),
        ("", "PASSWORD_TOO_SHORT"),
        ("x" * 64 + "y" * 65, "PASSWORD_TOO_LONG"),
        ("Password1", "PASSWORD_TOO_COMMON"),
        ("qqqqqqqqqqqq", "PASSWORD_TOO_COMMON"),
        ("abc\0defgh12", "VALIDATION_ERROR"),
    ],
)
def test_bad_passwords_make_no_account(stranger: Person, password: str, code: str) -> None:
    answer = stranger.post(SIGN_UP, {"name": "Ann", "email": stranger.email, "password": password})
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert stranger.sign_up().session["user"]["email"] == stranger.email


@pytest.mark.parametrize(
    "password",
    ["a" * 63 + "Z", "qxkvbtmrzwpldjghsnfycaeu", "pässwörd-ключ-密码12", "a" * 72 + "XYZ", " spaces count "],
)
def test_good_passwords_work_and_nothing_near_them_does(stranger: Person, password: str) -> None:
    body = {"name": "Ann", "email": stranger.email, "password": password}
    assert stranger.post(SIGN_UP, body).status_code == 200
    for near in (password + "x", password[:-1], password.swapcase(), password.strip() + "  ", ""):
        assert stranger.sign_in(near).status_code == 401
    assert stranger.sign_in(password).status_code == 200


@pytest.mark.parametrize(
    "email",
    [
        "not-an-email",
        "",
        "a@",
        "a@b",
        "a@example.com\r\nX: y",
        "a b@example.com",
        "\N{KELVIN SIGN}ay@example.com",
        "@" * 20_000,
        "a@" + "a." * 20_000,
    ],
)
def test_what_is_no_address_makes_no_account(stranger: Person, email: str) -> None:
    answer = stranger.post(SIGN_UP, {"name": "Ann", "email": email, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_EMAIL")


def test_unknown_address_and_wrong_password_look_the_same(ann: Person, stranger: Person) -> None:
    known = ann.post(SIGN_IN, {"email": ann.email, "password": "wrong password"})
    unknown = ann.post(SIGN_IN, {"email": stranger.email, "password": "wrong password"})
    assert known.status_code == unknown.status_code == 401
    assert known.content == unknown.content
    assert known.headers.keys() == unknown.headers.keys()


@pytest.mark.parametrize("value", [None, 0, True, [], {"$ne": None}, ["x"]])
@pytest.mark.parametrize("field", ["email", "password"])
def test_other_json_types_are_refused_without_echo(ann: Person, field: str, value: object) -> None:
    canary = "canary-pass-phrase"
    body = {"email": ann.email, "password": canary} | {field: value}
    answer = ann.post(SIGN_IN, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "VALIDATION_ERROR")
    assert canary not in answer.text


def test_signing_in_never_adopts_a_session_and_ends_the_one_before(ann: Person, ben: Person) -> None:
    before = ann.cookie
    assert ann.sign_in().status_code == 200
    assert ann.cookie != before
    assert ann.replay(before).json() is None
    planted = ben.cookie
    ann.device.cookies.clear()
    answer = ann.post(SIGN_IN, {"email": ann.email, "password": PASSWORD}, cookie=f"{COOKIE}={planted}")
    assert answer.status_code == 200
    assert planted not in answer.headers["set-cookie"]
    assert ben.replay(planted).json() is None


def test_the_session_cookie_is_out_of_reach_of_scripts(ann: Person) -> None:
    parts = {part.strip().lower() for part in ann.sign_in().headers["set-cookie"].split(";")[1:]}
    assert parts == {"httponly", "max-age=604800", "path=/", "samesite=lax"}
    parts = {part.strip().lower() for part in ann.sign_in(rememberMe=False).headers["set-cookie"].split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=lax"}


def test_on_https_the_cookie_is_secure_and_bound_to_its_host(backend: Callable[..., FastAPI]) -> None:
    person = stranger_of(backend(base_url="https://app.example.com"))
    body = {"name": "Ann", "email": person.email, "password": PASSWORD}
    answer = person.post(SIGN_UP, body, origin="https://app.example.com")
    assert answer.headers["set-cookie"].startswith("__Host-auth.session_token=")
    assert "; secure" in answer.headers["set-cookie"].lower()
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


def test_a_changed_cookie_opens_nothing(ann: Person, ben: Person) -> None:
    token, _, signature = ann.cookie.partition(".")
    other = ben.cookie.partition(".")[2]
    flipped = ("B" if token[0] == "A" else "A") + token[1:]
    assert ann.replay(f"{token}.{signature}").json() is not None
    for value in (f"{flipped}.{signature}", f"{token}.{other}", token, f"{token}.", "", "x" * 4096, "%ff.%00"):
        answer = ann.replay(value)
        assert (answer.status_code, answer.json()) == (200, None)


def test_two_session_cookies_are_none(ann: Person, ben: Person) -> None:
    both = f"{COOKIE}={ann.cookie}; {COOKIE}={ben.cookie}"
    assert device_of(ann.device.app).get("/api/auth/get-session", headers={"cookie": both}).json() is None


def test_a_session_captured_before_sign_out_is_dead_after_it(ann: Person) -> None:
    phone, captured, jwt, refresh_token = ann.second_device(), ann.cookie, ann.jwt(), ann.refresh_token
    assert ann.with_jwt(jwt).status_code == 200
    answer = ann.post("/api/auth/sign-out")
    assert answer.json() == {"success": True}
    assert COOKIE not in ann.device.cookies
    assert ann.replay(captured).json() is None
    assert ann.replay(captured, "/api/auth/token").status_code == 401
    assert ann.replay(captured, "/tasks").status_code == 303
    assert ann.with_jwt(jwt).status_code == 401
    assert ann.post("/api/auth/refresh", {"refreshToken": refresh_token}).status_code == 401
    assert phone.session is not None


def test_signing_out_twice_or_without_a_body_is_fine(ann: Person) -> None:
    for _ in range(2):
        assert (
            ann.device.post("/api/auth/sign-out", headers={"origin": "http://127.0.0.1:8000"}).status_code == 200
        )


def test_an_expired_session_is_dead_and_its_row_gone(ann: Person) -> None:
    captured, jwt = ann.cookie, ann.jwt()
    age_sessions(ann, "7 days 1 second")
    answer = ann.get("/api/auth/get-session")
    assert answer.json() is None
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert ann.replay(captured, "/tasks").headers["location"] == "/signin?callbackURL=%2Ftasks"
    assert ann.with_jwt(jwt).status_code == 401


def test_a_session_in_use_slides_once_a_day(ann: Person) -> None:
    assert "set-cookie" not in ann.get("/api/auth/get-session").headers
    for path in ("/api/auth/get-session", "/tasks", "/api/tasks"):
        age_sessions(ann, "2 days")
        assert "Max-Age=604800" in ann.get(path).headers["set-cookie"]
        assert "set-cookie" not in ann.get(path).headers
    age_sessions(ann, "6 days")
    assert ann.session is not None


def test_a_session_in_use_ends_thirty_days_after_sign_in(ann: Person) -> None:
    for days_left in (7, 7, 7, 6):
        age_sessions(ann, "6 days")
        assert f"Max-Age={days_left * 86_400}" in ann.get("/api/auth/get-session").headers["set-cookie"]
    age_sessions(ann, "5 days 23 hours")
    assert "set-cookie" not in ann.get("/api/auth/get-session").headers
    age_sessions(ann, "1 hour")
    assert ann.session is None


def test_a_session_that_is_not_remembered_lasts_a_day_and_does_not_slide(ann: Person) -> None:
    ann.sign_in(rememberMe=False)
    age_sessions(ann, "23 hours")
    answer = ann.get("/api/auth/get-session")
    assert answer.json() is not None
    assert "set-cookie" not in answer.headers
    age_sessions(ann, "1 hour")
    assert ann.session is None


def test_sessions_are_listed_and_revoked_by_their_owner_only(ann: Person, ben: Person) -> None:
    phone = ann.second_device()
    listed = ann.get("/api/auth/list-sessions").json()
    assert [entry["current"] for entry in listed] == [True, False]
    assert "token" not in str(listed)
    assert ben.post("/api/auth/revoke-session", {"id": listed[1]["id"]}).json() == {"status": True}
    assert phone.session is not None
    assert ann.post("/api/auth/revoke-session", {"id": listed[1]["id"]}).json() == {"status": True}
    assert phone.session is None
    phone = ann.second_device()
    ann.post("/api/auth/revoke-other-sessions")
    assert (phone.session, ann.session is None) == (None, False)
    captured = ann.cookie
    ann.post("/api/auth/revoke-sessions")
    assert ann.replay(captured).json() is None
    assert ann.get("/api/auth/list-sessions").status_code == 401


def test_a_new_password_ends_every_session_but_this_device_stays_signed_in(ann: Person) -> None:
    phone, captured, jwt, new = ann.second_device(), ann.cookie, ann.jwt(), "a brand new phrase"
    path = "/api/auth/change-password"
    for current in ("wrong password", ""):
        answer = ann.post(path, {"currentPassword": current, "newPassword": new})
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_PASSWORD")
    assert ann.post(path, {"newPassword": new}).status_code == 400
    assert ann.post(path, {"currentPassword": PASSWORD, "newPassword": "short"}).status_code == 400
    assert ann.post(path, {"currentPassword": PASSWORD, "newPassword": new}).status_code == 200
    assert ann.session is not None
    assert phone.session is None
    assert ann.replay(captured).json() is None
    assert ann.with_jwt(jwt).status_code == 401
    assert ann.sign_in().status_code == 401
    assert ann.sign_in(new).status_code == 200


def test_a_name_can_be_changed_to_a_line_of_text(ann: Person) -> None:
    assert ann.post("/api/auth/update-user", {"name": "Änne", "email": "eve@example.com"}).json() == {
        "status": True
    }
    assert ann.session["user"]["name"] == "Änne"
    assert ann.session["user"]["email"] == ann.email
    for name in (None, 5, "", "  ", "a\0b", "a\nb", "x" * 3000):
        assert ann.post("/api/auth/update-user", {"name": name}).status_code == 400


def test_a_deleted_account_leaves_nothing_that_works(ann: Person) -> None:
    captured, jwt = ann.cookie, ann.jwt()
    ann.with_jwt(jwt, "POST", body={"title": "canary"})
    assert ann.post("/api/auth/delete-user", {"password": "wrong password"}).status_code == 400
    assert ann.post("/api/auth/delete-user", {"password": PASSWORD}).json()["success"] is True
    assert ann.replay(captured).json() is None
    assert ann.with_jwt(jwt).status_code == 401
    assert ann.sign_in().status_code == 401
    assert ann.sign_up().get("/api/tasks").json() == []


def test_a_new_password_is_another_one(ann: Person) -> None:
    same = {"currentPassword": PASSWORD, "newPassword": PASSWORD}
    answer = ann.post("/api/auth/change-password", same)
    assert (answer.status_code, answer.json()["code"]) == (400, "PASSWORD_UNCHANGED")
    assert ann.sign_in().status_code == 200


def test_what_may_be_chosen_signs_in_in_either_spelling(stranger: Person) -> None:
    decomposed = "z" + "e\u0301" * 99
    body = {"name": "Ann", "email": stranger.email, "password": decomposed}
    assert stranger.post(SIGN_UP, body).status_code == 200
    assert stranger.sign_in(decomposed).status_code == 200
    assert stranger.sign_in("z" + "é" * 99).status_code == 200


def test_no_connection_is_held_while_a_password_is_hashed(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    pool = ann.device.app.state.services.engine.pool  # type: ignore[attr-defined]
    for name in ("verify", "make_hash"):
        genuine = getattr(passwords, name)

        def counted(*arguments: Any, genuine: Any = genuine) -> Any:
            held.append(pool.checkedout())
            return genuine(*arguments)

        monkeypatch.setattr(passwords, name, counted)
    stranger = stranger_of(ann.device.app).sign_up()  # type: ignore[arg-type]
    new = {"currentPassword": PASSWORD, "newPassword": "a brand new phrase"}
    assert ann.sign_in("wrong password").status_code == 401
    assert ann.post("/api/auth/change-password", new).status_code == 200
    assert ann.sign_in("a brand new phrase").status_code == 200
    assert stranger.post("/api/auth/delete-user", {"password": PASSWORD}).status_code == 200
    assert held == [0] * 6


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (SIGN_IN, {"email": "{email}", "password": PASSWORD}, 401),
        ("/api/auth/change-password", {"currentPassword": PASSWORD, "newPassword": "a third new phrase"}, 400),
        ("/api/auth/delete-user", {"password": PASSWORD}, 400),
    ],
)
def test_a_password_that_changes_while_it_is_verified_is_no_longer_right(
    ann: Person, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, str], status: int
) -> None:
    settings = ann.device.app.state.settings  # type: ignore[attr-defined]
    genuine = passwords.verify

    def verify(*arguments: Any) -> bool:
        matches = genuine(*arguments)
        replaced = passwords.make_hash(settings, "a brand new phrase")
        sql(ann, f"UPDATE users SET password_hash = '{replaced}' WHERE email = :email")
        return matches

    with monkeypatch.context() as patched:
        patched.setattr(passwords, "verify", verify)
        answer = ann.post(path, {name: value.format(email=ann.email) for name, value in body.items()})
    assert answer.status_code == status
    assert ann.sign_in("a brand new phrase").status_code == 200


def test_only_who_asks_gets_a_refresh_token(ann: Person, stranger: Person) -> None:
    body = {"name": "Ben", "email": stranger.email, "password": PASSWORD}
    new = {"currentPassword": PASSWORD, "newPassword": "a brand new phrase"}
    assert "refreshToken" not in stranger.post(SIGN_UP, body).json()
    assert "refreshToken" not in stranger.post(SIGN_IN, body).json()
    assert "refreshToken" not in stranger.post("/api/auth/change-password", new).json()
    count = "SELECT count(*) FROM refresh_tokens JOIN sessions ON session_id = sessions.id JOIN users"
    with stranger.device.app.state.services.engine.begin() as connection:  # type: ignore[attr-defined]
        query = text(f"{count} ON user_id = users.id WHERE email = :email")
        assert connection.execute(query, {"email": stranger.email}).scalar() == 0
    again = {"currentPassword": "a brand new phrase", "newPassword": PASSWORD, "tokens": True}
    token = stranger.post("/api/auth/change-password", again).json()["refreshToken"]
    assert stranger.post("/api/auth/refresh", {"refreshToken": token}).status_code == 200


def test_guessing_is_limited_and_the_owners_device_is_spared(backend: Callable[..., FastAPI]) -> None:
    ann = stranger_of(backend(sign_in_limit=3, sign_in_window=600)).sign_up()
    app = ann.device.app
    eve = Person(device_of(app), ann.email)
    with ThreadPoolExecutor(8) as pool:
        burst = [pool.submit(eve.sign_in, "wrong password") for _ in range(8)]
        codes = sorted(answer.result().status_code for answer in burst)
    assert codes == [401] * 3 + [429] * 5
    eve.email = f" {eve.email.upper()}"
    body = {"email": eve.email, "password": PASSWORD}
    answer = eve.post(SIGN_IN, body, **{"x-forwarded-for": "192.0.2.7"})
    assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY_REQUESTS")
    assert 1 <= int(answer.headers["retry-after"]) <= 600
    page = eve.form("/signin", email=eve.email.strip(), password=PASSWORD)
    assert page.status_code == 429
    assert "Too many requests" in page.text
    assert ann.sign_in().status_code == 200
    assert ann.post("/api/auth/sign-out").status_code == 200
    assert ann.sign_in().status_code == 200
    assert stranger_of(app).sign_up().sign_in().status_code == 200  # type: ignore[arg-type]


def test_the_password_of_who_is_signed_in_is_guessed_no_further_either(backend: Callable[..., FastAPI]) -> None:
    ann = stranger_of(backend(sign_in_limit=3, sign_in_window=600)).sign_up()
    phone = ann.second_device()
    delete = "/api/auth/delete-user"
    assert [ann.post(delete, {"password": "wrong"}).status_code for _ in range(4)] == [400, 400, 400, 429]
    new = {"currentPassword": PASSWORD, "newPassword": "a brand new phrase"}
    assert ann.post("/api/auth/change-password", new).status_code == 429
    assert phone.post("/api/auth/change-password", new).status_code == 200


def test_the_address_behind_a_proxy_is_the_one_that_the_proxy_adds(backend: Callable[..., FastAPI]) -> None:
    app = backend(sign_in_limit=2, sign_in_window=600, client_address_header="X-Forwarded-For")
    ann = stranger_of(app).sign_up()

    def guess(forwarded: str) -> int:
        body = {"email": ann.email, "password": "wrong password"}
        stranger = Person(device_of(app), ann.email)
        return stranger.post(SIGN_IN, body, **{"x-forwarded-for": forwarded}).status_code

    assert [guess(f"203.0.113.{number}, 192.0.2.1") for number in range(3)] == [401, 401, 429]
    assert guess("192.0.2.1, 192.0.2.2") == 401


def test_the_cookie_of_a_device_opens_nothing_and_is_one_accounts(ann: Person, ben: Person) -> None:
    device = ann.device.cookies["auth.device"]
    thief = Person(device_of(ann.device.app), ben.email)
    thief.device.cookies.set("auth.device", device)
    assert thief.session is None
    assert thief.get("/api/tasks").status_code == 401
    settings = ann.device.app.state.settings  # type: ignore[attr-defined]
    sent = Request({"type": "http", "headers": [(b"cookie", f"auth.device={device}".encode())]})
    assert devices.known(sent, settings, ann.email) is not None
    assert devices.known(sent, settings, ben.email) is None
    for forged in (device[:-1], f"x{device}", device.partition(".")[0], ann.cookie, "", "."):
        sent = Request({"type": "http", "headers": [(b"cookie", f"auth.device={forged}".encode())]})
        assert devices.known(sent, settings, ann.email) is None
