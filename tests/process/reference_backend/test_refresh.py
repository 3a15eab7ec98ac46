from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from tests.support.reference_person import Person, device_of


def use(person: Person, token: str) -> tuple[int, dict[str, str]]:
    stranger = Person(device_of(person.device.app), person.email)
    answer = stranger.post("/api/auth/refresh", {"refreshToken": token, "user_id": "somebody else"})
    return answer.status_code, answer.json()


def test_a_refresh_token_gives_a_working_jwt_and_its_successor(ann: Person) -> None:
    status, first = use(ann, ann.refresh_token)
    assert status == 200
    assert ann.with_jwt(first["token"]).status_code == 200
    status, second = use(ann, first["refreshToken"])
    assert status == 200
    assert second["refreshToken"] != first["refreshToken"]


def test_a_used_token_is_refused_and_ends_its_family_and_session(ann: Person) -> None:
    phone = ann.second_device()
    _, first = use(ann, ann.refresh_token)
    assert use(ann, ann.refresh_token)[0] == 401
    assert use(ann, first["refreshToken"])[0] == 401
    assert ann.with_jwt(first["token"]).status_code == 401
    assert ann.session is None
    assert use(phone, phone.refresh_token)[0] == 200


def test_of_two_uses_at_once_one_wins(ann: Person) -> None:
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(lambda _: use(ann, ann.refresh_token)[0], range(4)))
    assert statuses == [200, 401, 401, 401]


def test_other_credentials_do_not_refresh_and_it_opens_nothing_else(ann: Person) -> None:
    for token in (ann.jwt(), ann.cookie, ann.cookie.partition(".")[0], "", "x" * 5000):
        assert use(ann, token)[0] == 401
    assert ann.with_jwt(ann.refresh_token).status_code == 401
    assert use(ann, ann.refresh_token)[0] == 200


def test_an_expired_token_or_session_does_not_refresh(ann: Person, ben: Person) -> None:
    late = "SET expires_at = now() - interval '1 hour' WHERE"
    mine = "user_id = (SELECT id FROM users WHERE email = :email)"
    with ann.device.app.state.services.engine.begin() as connection:  # type: ignore[attr-defined]
        query = f"UPDATE refresh_tokens {late} session_id IN (SELECT id FROM sessions WHERE {mine})"
        connection.execute(text(query), {"email": ann.email})
        connection.execute(text(f"UPDATE sessions {late} {mine}"), {"email": ben.email})
    assert use(ann, ann.refresh_token)[0] == 401
    assert use(ben, ben.refresh_token)[0] == 401
