"""`auth-conformance init` recognises what it knows, guesses the rest aloud, and does no harm."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from harness.core.exchange import Exchange
from harness.deployment.answer import matches
from harness.discovery import shapes
from harness.profile.extraction import at_pointer
from harness.profile.loader import load_profile
from harness.profile.operations import Identity
from harness.profile.pages import FormField
from harness.profile.profile import Profile
from tests.support.discovered_sites import (
    ALLAUTH_PAGE,
    BEARER,
    GUARDED,
    allauth_headless,
    better_auth,
    discovered,
    dj_rest_auth,
    document,
    fastapi_users,
    goes_to,
    operation,
    page,
    same,
    says,
    schema,
    simplejwt,
    site,
    task_paths,
)
from tests.support.local_server import Handler, serving

BEARER_TASKS = document(task_paths(**GUARDED), **BEARER)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "found.toml"


def test_better_auth_with_a_task_api_needs_nothing_to_be_filled_in(file: Path) -> None:
    with serving(site(better_auth())) as web, serving(site({"GET /openapi.json": says(200, BEARER_TASKS)})) as api:
        profile, text = discovered(file, web.url, "--api-url", api.url)
    assert "FILL IN" not in text.split("\n\n", 1)[1]
    assert text.startswith("#:schema https://")
    expected = load_profile("better-auth")
    jwt = expected.jwt.model_copy(update={"algorithms": ["EdDSA"]})
    assert same(profile, expected.model_copy(update={"jwt": jwt}))


def test_without_the_apis_address_only_that_is_missing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(site(better_auth())) as web:
        profile, text = discovered(file, web.url)
    assert profile.tasks == load_profile("better-auth").tasks
    assert "An API with an address of its own is looked at with --api-url." in text.replace("\n#  ", "")
    assert "FILL IN" not in text.split("\n\n", 1)[1]
    assert f"Next: auth-conformance doctor {web.url} --target {file}\n" in capsys.readouterr().err


def test_tasks_elsewhere_are_written_down(file: Path) -> None:
    tasks = document(task_paths("/v1/todos/", "text", **GUARDED), **BEARER)
    with serving(site(better_auth())) as web, serving(site({"GET /openapi.json": says(200, tasks)})) as api:
        profile, _ = discovered(file, web.url, "--api-url", api.url)
    assert profile.tasks is not None
    assert profile.tasks.create.path == "/v1/todos/"
    assert profile.tasks.create.body == {"text": "{title}"}
    assert profile.tasks.replace is not None
    assert profile.tasks.replace.body == {"text": "{title}", "completed": False}
    assert profile.tasks.title == at_pointer("/text")
    assert profile.tasks.read is not None
    assert profile.tasks.read.path == "/v1/todos/{task_id}/"


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ({"GET /api/tasks": says(403)}, "/api/tasks answered 403: the tasks are as in the profile above."),
        ({}, "/api/tasks answered 404 and no document describes another place"),
    ],
)
def test_an_api_without_a_document_is_asked_for_the_usual_tasks(
    file: Path, routes: dict[str, Any], said: str
) -> None:
    with serving(site(better_auth())) as web, serving(site(routes)) as api:
        profile, text = discovered(file, web.url, "--api-url", api.url)
    assert profile.tasks == load_profile("better-auth").tasks
    assert said in text.replace("\n#  ", "")


def test_what_better_auth_lacks_is_taken_out(file: Path) -> None:
    with serving(site(better_auth(jwt=False, proxy_items=False))) as web:
        profile, text = discovered(file, web.url)
    assert profile.operations.token is None
    assert profile.credentials.token is None
    assert profile.tasks is None
    assert profile.proxy is not None
    assert profile.proxy.read is None
    assert "FILL IN: the jwt plugin is not there" in text


def test_another_cookie_prefix_is_seen(file: Path) -> None:
    with serving(site(better_auth(prefix="shop"))) as web:
        profile, _ = discovered(file, web.url)
    assert profile.credentials.session.model_dump(include={"cookies", "cache_cookies"}) == {
        "cookies": ["shop.session_token"],
        "cache_cookies": ["shop.session_data"],
    }


def test_the_other_name_of_the_machine_is_tried_where_an_origin_is_refused(file: Path) -> None:
    def by_name(handler: Handler) -> str:
        return f"http://localhost:{handler.headers['Host'].rpartition(':')[2]}"

    with serving(site(better_auth(trusted=by_name))) as web:
        profile, _ = discovered(file, web.url)
    assert profile.public_origin == web.url.replace("127.0.0.1", "localhost")


def test_a_refused_origin_is_said_where_no_other_is_known(file: Path) -> None:
    with serving(site(better_auth(trusted=lambda _: "https://app.example.com"))) as web:
        profile, text = discovered(file, web.url)
    assert profile.public_origin is None
    assert f'FILL IN: it refuses requests from "{web.url}"' in text


def test_the_pages_of_better_auth_are_compared_with_the_usual_ones(file: Path) -> None:
    drawn = """<input placeholder="Your email" type=email><input type=password placeholder=Secret>
    <button>Log in</button>"""
    with serving(site(better_auth() | {"GET /signin": page(drawn)})) as web:
        profile, _ = discovered(file, web.url)
    usual = load_profile("better-auth").pages
    assert profile.pages is not None
    assert usual is not None
    assert (profile.pages.email.by, profile.pages.email.value) == ("placeholder", "Your email")
    assert (profile.pages.password.by, profile.pages.password.value) == ("placeholder", "Secret")
    assert profile.pages.sign_in_button == "Log in"
    assert profile.pages.sign_up_button == usual.sign_up_button
    assert profile.pages.bad_credentials == usual.bad_credentials


def test_a_password_that_is_asked_for_twice_is_confirmed(file: Path) -> None:
    field = "<label for={0}>{1}</label><input id={0} name={0} type={2}>"
    once = "".join(
        field.format(*words) for words in (("email", "Email", "email"), ("password", "Password", "password"))
    )
    again = field.format("repeat", "Retype Password", "password")
    forms = {
        f"GET {path}": page(f"<form method=post>{fields}<button>{name}</button></form>")
        for path, fields, name in (("/signin", once, "Log in"), ("/signup", once + again, "Join"))
    }
    with serving(site(better_auth() | forms)) as web:
        profile, _ = discovered(file, web.url)
    assert profile.pages is not None
    assert profile.pages.confirm == FormField(value="Retype Password")
    assert profile.pages.sign_up_button == "Join"


def test_a_deployment_without_pages_has_none_in_its_profile(file: Path) -> None:
    routes = {name: one for name, one in better_auth().items() if "/api/" in name}
    with serving(site(routes)) as web:
        profile, _ = discovered(file, web.url)
    assert profile.pages is None


@pytest.mark.parametrize(
    ("backend", "cookie", "session", "token", "opens"),
    [
        ("jwt", False, "token", "jwt", "token"),
        ("database", False, "token", "opaque", "token"),
        ("cookie", True, "cookie", None, "session"),
    ],
)
def test_fastapi_users_three_ways(
    file: Path, backend: str, cookie: bool, session: str, token: str | None, opens: str
) -> None:
    described = fastapi_users(backend, cookie=cookie)
    with serving(site({"GET /openapi.json": says(200, described)})) as web:
        profile, _ = discovered(file, web.url)
    sign_in, credentials = profile.operations.sign_in, profile.credentials
    assert sign_in.path == f"/auth/{backend}/login"
    assert sign_in.form == {"username": "{email}", "password": "{password}"}
    assert profile.operations.sign_up.body == {"email": "{email}", "password": "{password}"}
    assert profile.operations.change_password is not None
    assert credentials.session.kind == session
    assert (credentials.token.kind if credentials.token else None) == token
    assert profile.tasks is not None
    assert profile.tasks.credential == opens


def test_an_api_on_another_host_has_its_operations_there(file: Path) -> None:
    api_site = site({"GET /openapi.json": says(200, fastapi_users("jwt"))})
    with serving(site({"GET /": page("hello")})) as web, serving(api_site) as api:
        profile, _ = discovered(file, web.url, "--api-url", api.url)
    operations = profile.operations
    held = (operations.sign_up, operations.sign_in, operations.session, operations.change_password)
    assert {one.base for one in held if one is not None} == {"api"}
    assert profile.tasks is not None
    assert profile.tasks.base == "api"


def test_simplejwt_says_of_itself_what_it_takes(file: Path) -> None:
    with serving(site(simplejwt())) as web:
        profile, text = discovered(file, web.url)
    assert profile.operations.sign_in.body == {"email": "{email}", "password": "{password}"}
    assert profile.operations.sign_up.body == {"email": "{email}", "name": "{name}", "password": "{password}"}
    assert profile.operations.sign_out is not None
    assert profile.operations.sign_out.body == {"refresh": "{refresh_token}"}
    assert profile.operations.refresh is not None
    assert profile.operations.refresh.body == {"refresh": "{refresh_token}"}
    assert profile.credentials.refresh is not None
    assert profile.jwt.subject == "user_id"
    assert profile.tasks is not None
    assert profile.tasks.read is not None
    assert profile.tasks.read.path == "/api/users/{user_id}/tasks/{task_id}/"
    assert "FILL IN: operations, bodies" in text


def test_simplejwt_with_a_document_has_its_tasks_as_documented(file: Path) -> None:
    listed = schema(count="integer", next="string")
    paths = task_paths("/api/users/{user_id}/tasks/", **GUARDED)
    listed["properties"]["results"] = paths["/api/users/{user_id}/tasks/"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]["schema"]
    paths["/api/users/{user_id}/tasks/"]["get"] = operation(answer=listed, **GUARDED)
    me = operation(answer=schema(pk="integer", email="string", name="string"), **GUARDED)
    described = document(paths | {"/api/me/": {"get": me}}, **BEARER)
    with serving(site(simplejwt() | {"GET /api/schema/": says(200, described)})) as web:
        profile, text = discovered(file, web.url)
    assert profile.tasks is not None
    assert (profile.tasks.items, profile.tasks.next) == (at_pointer("/results"), at_pointer("/next"))
    assert profile.tasks.delete is not None
    assert profile.operations.session.identity == Identity(
        id=at_pointer("/pk"), email=at_pointer("/email"), name=at_pointer("/name")
    )
    assert "FILL IN" not in text.split("\n\n", 1)[1]


def test_people_who_sign_up_with_a_user_name_sign_in_with_it(file: Path) -> None:
    text = {"type": "string", "required": True}
    routes = simplejwt() | {
        "OPTIONS /api/token/": says(
            200, {"name": "Token Obtain Pair", "actions": {"POST": {"username": text, "password": text}}}
        ),
        "OPTIONS /api/register/": says(
            200, {"name": "Register", "actions": {"POST": {"username": text, "email": text, "password": text}}}
        ),
    }
    with serving(site(routes)) as web:
        profile, _ = discovered(file, web.url)
    assert profile.operations.sign_in.body == {"username": "{username}", "password": "{password}"}
    assert profile.operations.sign_up.body == {
        "username": "{username}",
        "email": "{email}",
        "password": "{password}",
    }


def test_dj_rest_auth_says_of_itself_what_it_takes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(site(dj_rest_auth())) as web:
        profile, text = discovered(file, web.url)
    assert "Recognised: dj-rest-auth." in capsys.readouterr().err
    operations, token = profile.operations, profile.credentials.token
    assert operations.sign_in.path == "/dj-rest-auth/login/"
    assert operations.sign_in.body == {"email": "{email}", "password": "{password}"}
    assert operations.sign_up.path == "/dj-rest-auth/registration/"
    assert operations.sign_up.body == {"email": "{email}", "password1": "{password}", "password2": "{password}"}
    assert (operations.session.path, operations.session.identity.id) == ("/dj-rest-auth/user/", at_pointer("/pk"))
    assert token is not None
    assert (token.pointer, token.scheme) == ("/key", "Token")
    assert text.count("A guess: ") == 3


def test_a_login_that_says_nothing_of_the_library_is_not_taken_for_it(file: Path) -> None:
    routes = dj_rest_auth() | {"OPTIONS /dj-rest-auth/login/": says(200, {"name": "Enter"})}
    with serving(site(routes)) as web:
        _, text = discovered(file, web.url)
    assert "Recognised nothing" in text


def test_no_convention_names_a_library() -> None:
    folder = Path(shapes.__file__).parent
    words = (folder / "conventions.toml").read_text("utf-8").lower()
    names = {one.stem for one in folder.glob("shapes/*.toml")}
    assert "dj-rest-auth" in names
    assert [one for one in names if one in words] == []


def test_allauth_headless_in_a_browser(file: Path) -> None:
    with serving(site(allauth_headless("browser") | allauth_headless("app"))) as web:
        profile, text = discovered(file, web.url)
    assert profile.credentials.session.kind == "cookie"
    assert profile.csrf is not None
    assert profile.csrf.model_dump(include={"kind", "cookie", "header"}) == {
        "kind": "cookie to header",
        "cookie": "csrftoken",
        "header": "X-CSRFToken",
    }
    assert profile.operations.sign_out is not None
    assert profile.operations.sign_out.method == "DELETE"
    assert profile.operations.list_sessions is None
    assert profile.operations.change_password is not None
    assert profile.operations.change_password.ends_other_sessions
    assert profile.operations.sign_out.outcomes.success[0].status == [401]
    assert is_throttled(profile, 400, '{"status": 400, "errors": [{"code": "too_many_login_attempts"}]}')
    assert not is_throttled(profile, 400, '{"status": 400, "errors": [{"code": "email_password_mismatch"}]}')
    assert "Also seen: django-allauth headless, app client." in text
    assert "abcdef" not in text


def test_allauth_that_lists_sessions_has_operations_for_it(file: Path) -> None:
    config = {"data": {"account": {"login_methods": ["email"]}, "usersessions": {"track_activity": False}}}
    routes = allauth_headless("browser") | {"GET /_allauth/browser/v1/config": says(200, config)}
    with serving(site(routes)) as web:
        profile, _ = discovered(file, web.url)
    assert profile.operations.list_sessions is not None
    assert profile.operations.revoke_session is not None
    assert profile.operations.revoke_session.body == {"sessions": ["{session_id}"]}


def is_throttled(profile: Profile, status: int, text: str) -> bool:
    exchange = Exchange("Ann", "POST", "https://app.example.com/", [], b"", status, [], text.encode(), 0.0)
    return matches(profile.operations.sign_in.outcomes.throttled, exchange)


def test_allauth_headless_in_an_app(file: Path) -> None:
    with serving(site(allauth_headless("app"))) as web:
        profile, _ = discovered(file, web.url)
    assert profile.credentials.token is not None
    assert (profile.credentials.token.header, profile.credentials.token.scheme) == ("X-Session-Token", "")
    assert profile.csrf is None


def test_allauths_pages_send_forms(file: Path) -> None:
    routes = {
        "GET /accounts/login/": page(ALLAUTH_PAGE),
        "GET /dashboard": goes_to("/accounts/login/?next=/dashboard"),
    }
    with serving(site(routes)) as web:
        profile, text = discovered(file, web.url)
    assert profile.operations.sign_in.form == {"login": "{email}", "password": "{password}"}
    assert is_throttled(profile, 200, "<li>Too many failed login attempts. Try again later.</li>")
    assert not is_throttled(profile, 200, "<li>The email address and/or password are not correct.</li>")
    assert is_throttled(profile, 429, "")
    assert profile.csrf is not None
    assert profile.csrf.kind == "fetched"
    assert profile.csrf.pattern is not None
    found = re.search(profile.csrf.pattern, '<input type="hidden" name="csrfmiddlewaretoken" value="abcdef">')
    assert found is not None
    assert found[1] == "abcdef"
    assert profile.pages is not None
    assert profile.pages.protected == ["/dashboard"]
    assert profile.pages.email.value == "Email"
    assert "FILL IN: an address that says who is signed in" in text


def test_a_page_that_is_elsewhere_by_a_slash_is_protected(file: Path) -> None:
    routes = {
        "GET /accounts/login/": page(ALLAUTH_PAGE),
        "GET /tasks": goes_to("/tasks/"),
        "GET /tasks/": goes_to("/accounts/login/?next=/tasks/"),
    }
    with serving(site(routes)) as web:
        profile, _ = discovered(file, web.url)
    assert profile.pages is not None
    assert (profile.pages.protected, profile.pages.after_sign_in) == (["/tasks/"], "/tasks/")


def test_an_unknown_api_is_read_from_its_document(file: Path) -> None:
    session = schema(accessToken="string", refreshToken="string")
    described = document(
        {
            "/session/login": {"post": operation(schema("mail pwd", mail="string", pwd="string"), session)},
            "/session/refresh": {"post": operation(schema("refreshToken", refreshToken="string"), session)},
            "/session/logout": {"post": operation(**GUARDED)},
            "/register": {
                "post": operation(
                    schema(
                        "email password age plan", email="string", password="string", age="integer", plan="string"
                    )
                )
            },
            "/profile": {"get": operation(answer=schema(userId="string", email="string"), **GUARDED)},
            **task_paths("/notes", "content", **GUARDED),
        },
        servers=[{"url": "/v2"}],
        **BEARER,
    )
    with serving(site({"GET /api/openapi.json": says(200, described)})) as web:
        profile, text = discovered(file, web.url)
    operations = profile.operations
    assert operations.sign_in.path == "/v2/session/login"
    assert operations.sign_in.body == {"mail": "{email}", "pwd": "{password}"}
    assert operations.sign_up.body == {"email": "{email}", "password": "{password}", "age": 0, "plan": "FILL IN"}
    assert 'FILL IN: guessed what goes into the field "plan"' in text
    assert operations.session.identity.id == at_pointer("/userId")
    assert operations.sign_out is not None
    assert profile.credentials.token is not None
    assert profile.credentials.token.pointer == "/accessToken"
    assert profile.credentials.token.kind == "jwt"
    assert profile.credentials.refresh is not None
    assert profile.tasks is not None
    assert profile.tasks.list.path == "/v2/notes"
    assert profile.tasks.title == at_pointer("/content")


def test_forms_without_anything_else_are_read(file: Path) -> None:
    form = """<form method=post action=/do/login><input type=hidden name=_csrf value=s3cr3t>
    <input name=user_email placeholder=E-mail><input type=password name=pwd aria-label=Passphrase>
    <input type=submit value="Log in"></form>"""
    routes = {
        "GET /": lambda handler: handler.say(
            303, b"", ("Location", "/login"), ("Set-Cookie", "app_session=s3cr3t")
        ),
        "GET /login": page(form),
    }
    with serving(site(routes)) as web:
        profile, text = discovered(file, web.url)
    assert profile.operations.sign_in.path == "/do/login"
    assert profile.operations.sign_in.form == {"user_email": "{email}", "pwd": "{password}"}
    assert profile.credentials.session.model_dump(include={"cookies"}) == {"cookies": ["app_session"]}
    assert profile.pages is not None
    assert (profile.pages.email.by, profile.pages.email.value) == ("placeholder", "E-mail")
    assert (profile.pages.password.by, profile.pages.password.value) == ("role", "Passphrase")
    assert (profile.pages.sign_in_button, profile.pages.sign_out_button) == ("Log in", "Log out")
    assert profile.csrf is not None
    assert "s3cr3t" not in text


def test_nothing_known_gives_a_skeleton_that_loads(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(site({"GET /": page("<h1>It works!</h1>")})) as web:
        profile, text = discovered(file, web.url)
    said = capsys.readouterr().err
    marks = len(re.findall(r"# FILL IN", text))
    assert "Recognised no known shape" in said
    assert f"Fill in the {marks} places" in said
    assert marks > 4
    assert profile.pages is None
    assert profile.tasks is None


def test_a_front_end_that_answers_everything_with_one_page_has_no_pages_found(file: Path) -> None:
    with serving(lambda handler: page("<div id=root></div>")(handler)) as web:
        profile, text = discovered(file, web.url)
    assert profile.pages is None
    assert "No page to sign in on was found" in text
