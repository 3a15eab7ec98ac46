import re

import pytest

from tests.support.reference_person import COOKIE, PASSWORD, Person, device_of

TO_SIGN_IN = "/signin?callbackURL=%2Ftasks"


def task_id(page: str) -> str:
    found = re.search(r'name="id" value="([0-9a-f]{32})"', page)
    assert found
    return found[1]


def test_a_person_signs_up_works_and_signs_out(stranger: Person) -> None:
    page = stranger.get("/signup")
    for label in ("Name", "Email", "Password"):
        assert f">{label}</label>" in page.text
    answer = stranger.form("/signup", name="Änne <b>", email=stranger.email, password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks")
    assert "Änne &lt;b&gt;" in stranger.get("/tasks").text
    stranger.form("/tasks", title="<img src=x onerror=alert(1)>")
    page = stranger.get("/tasks")
    assert "&lt;img src=x onerror=alert(1)&gt;" in page.text
    assert "<img" not in page.text
    stranger.form("/tasks", action="toggle", id=task_id(page.text))
    assert 'class="done"' in stranger.get("/tasks").text
    stranger.form("/tasks", action="delete", id=task_id(page.text))
    assert "Nothing to do" in stranger.get("/tasks").text
    answer = stranger.form("/signout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")
    assert COOKIE not in stranger.device.cookies


@pytest.mark.parametrize("cookie", ["", f"{COOKIE}=x", f"{COOKIE}=a.b", "__Secure-session=x"])
def test_the_tasks_page_leads_to_sign_in_and_back(ann: Person, cookie: str) -> None:
    ann.post("/api/tasks", {"title": "canary"})
    visitor = Person(device_of(ann.device.app), ann.email)
    headers = {"cookie": cookie, "x-middleware-subrequest": "middleware", "x-forwarded-host": "evil.invalid"}
    answer = visitor.get("/tasks", **headers)
    assert (answer.status_code, answer.headers["location"], answer.content) == (303, TO_SIGN_IN, b"")
    assert ("Max-Age=0" in answer.headers.get("set-cookie", "")) == cookie.startswith(COOKIE)
    assert 'value="/tasks"' in visitor.get(TO_SIGN_IN, cookie=cookie).text
    answer = visitor.form("/signin", email=ann.email, password=PASSWORD, callbackURL="/tasks?again")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks?again")
    assert "canary" in visitor.get("/tasks").text


def test_posting_to_the_tasks_page_signed_out_leads_to_sign_in(stranger: Person) -> None:
    answer = stranger.form("/tasks", title="x")
    assert (answer.status_code, answer.headers["location"]) == (303, TO_SIGN_IN)


def test_wrong_credentials_are_said_and_the_address_is_kept(ann: Person) -> None:
    answer = ann.form("/signin", email=ann.email, password="wrong password", callbackURL="/tasks")
    assert answer.status_code == 401
    assert '<p class="error" role="alert">Invalid email or password</p>' in answer.text
    assert f'value="{ann.email}"' in answer.text
    assert "wrong password" not in answer.text


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({"password": "short"}, 400, "at least 8 characters"),
        ({"email": "nonsense"}, 400, "Invalid email"),
        ({"name": " "}, 400, "one line of visible text"),
        ({"email": "known"}, 422, "User already exists"),
    ],
)
def test_a_refused_sign_up_is_explained(ann: Person, changes: dict[str, str], status: int, reason: str) -> None:
    fields = {"name": "Ann", "email": "new@example.com", "password": PASSWORD} | changes
    visitor = Person(device_of(ann.device.app), ann.email)
    answer = visitor.form("/signup", **{**fields, "email": fields["email"].replace("known", ann.email)})
    assert answer.status_code == status
    assert reason in answer.text
    assert 'role="alert"' in answer.text
    assert visitor.session is None


def test_a_blank_task_is_refused_on_the_page(ann: Person) -> None:
    answer = ann.form("/tasks", title="  ")
    assert answer.status_code == 400
    assert "must not be empty" in answer.text


def test_who_is_signed_in_does_not_see_the_forms(ann: Person) -> None:
    for path in ("/signin", "/signup", "/signin?callbackURL=//evil.invalid"):
        assert ann.get(path).headers["location"] == "/tasks"
    assert ann.name in ann.get("/").text


def test_nothing_in_the_query_is_shown_or_done(ann: Person, stranger: Person) -> None:
    canary = "<script>canary</script>"
    assert "canary" not in stranger.get("/signin", referer="x").text
    assert canary not in stranger.device.get("/signin", params={"callbackURL": f"/{canary}", "error": canary}).text
    ann.device.get("/tasks", params={"title": "canary", "action": "add"})
    assert "canary" not in ann.get("/tasks").text
    assert stranger.get("/signout").status_code == 405


def test_pages_need_no_inline_script_or_style(ann: Person) -> None:
    for page in (ann.get("/tasks").text, device_of(ann.device.app).get("/signin").text):
        assert 'method="post"' in page
        assert not re.search(r"<style|style=|<script(?! src=)| on[a-z]+=", page)
    assert ann.get("/static/style.css").headers["content-type"].startswith("text/css")
    assert "disabled" in ann.get("/static/pending.js").text
