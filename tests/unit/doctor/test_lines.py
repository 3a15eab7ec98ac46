"""The lines that the doctor prints are TOML, and with them it goes on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from harness.core.exchange import Exchange
from harness.core.redaction import register
from harness.deployment.deployment import Deployment
from harness.deployment.lines import success_of, write
from harness.deployment.people import PersonFactory
from harness.doctor.examination import Examination
from harness.doctor.findings import Unusable
from harness.doctor.sign_up import who_is_there
from harness.profile.loader import parse_profile
from harness.profile.profile import People
from harness.profile.target import Target
from tests.support.fake_backend import AUTH, COOKIE, NOBODY, SECRET, UNAUTHENTICATED, Account, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

Tables = dict[str, dict[str, str]]
"""The lines of a profile by their table and key."""
Change = Callable[[FakeBackend], None]
Altered = Callable[[Answer], Answer]
_WRITE = re.compile(r"[Ww]rite ((?:`[^`]+`(?:, | and )?)+) (?:in|under) \[([\w.]+)\]")


def profile_text(tables: Tables) -> str:
    blocks = [f"[{table}]\n" + "".join(f"{line}\n" for line in lines.values()) for table, lines in tables.items()]
    return 'extends = "reference"\nname = "mine"\ntitle = "Mine"\n\n' + "\n".join(blocks)


def examined(backend: FakeBackend, tables: Tables) -> list[str]:
    """What the doctor finds wrong."""
    target = Target(parse_profile(profile_text(tables), "mine"), WEB, API, SECRET)
    examination = Examination(Deployment(target, FakeClient(backend, (WEB, API))), seed=1)
    stopped = []
    try:
        examination.run()
    except Unusable as why:
        stopped = [str(why)]
    return [one.sentence for one in examination.findings if one.kind == "doubtful"] + stopped


def lines_in(sentences: list[str]) -> list[tuple[str, str]]:
    """The printed lines, each with its table."""
    found = [match for one in sentences for match in _WRITE.finditer(one)]
    return [(match[2], line) for match in found for line in re.findall("`([^`]+)`", match[1])]


def with_lines(tables: Tables, lines: list[tuple[str, str]]) -> Tables:
    """The profile's lines with those that were printed, each in place of one of its key."""
    added = {table: dict(own) for table, own in tables.items()}
    for table, line in lines:
        assert len(tomllib.loads(line)) == 1
        added.setdefault(table, {})[line.partition(" = ")[0]] = line
    return added


@dataclass
class Case:
    """What is wrong, and the line for it."""

    line: str
    tables: Tables = field(default_factory=dict)
    change: Change = lambda _: None
    is_guess: bool = False


def where(status: tuple[int, ...], *routes: str) -> Callable[[Altered], Change]:
    """A change of what routes answer, where they answer with one of these."""

    def of(altered: Altered) -> Change:
        def change(backend: FakeBackend) -> None:
            for name in routes:
                backend.routes[name] = answering(backend.routes[name])

        def answering(original: Callable[[Sent], Answer]) -> Callable[[Sent], Answer]:
            def answer(sent: Sent) -> Answer:
                came = original(sent)
                return altered(came) if came.status in status else came

            return answer

        return change

    return of


def redirected(status: int, to: str) -> Altered:
    return lambda came: Answer(status, "", [*came.headers, ("Location", to)])


def with_key(came: Answer) -> Answer:
    return replace(came, headers=[*came.headers, ("Set-Cookie", "key=one; Path=/")])


def needs_the_key(backend: FakeBackend) -> None:
    where((200,), SIGN_UP, SIGN_IN)(with_key)(backend)
    session = backend.routes[SESSION]
    backend.routes[SESSION] = lambda sent: session(sent) if "key" in sent.cookies else NOBODY


def differently_named(came: Answer) -> Answer:
    if came.body is None:
        return came
    user = came.body["user"]
    return Answer(200, {"me": {"pk": user["id"], "mail": user["email"]}, "user": {"name": user["name"]}})


def refresh_elsewhere(came: Answer) -> Answer:
    body = {key: one for key, one in came.body.items() if key != "refreshToken"}
    return replace(came, body=body | {"more": {"refresh": came.body["refreshToken"]}})


def refreshed_elsewhere(came: Answer) -> Answer:
    return Answer(200, {"again": {"token": came.body["token"]}, "refreshToken": came.body["refreshToken"]})


def deletes_nothing(backend: FakeBackend) -> None:
    del backend.routes["DELETE /api/tasks/1"]


def has_opaque_tokens(backend: FakeBackend, beside: dict[str, Any]) -> None:
    issued: dict[str, Account] = {}
    by_jwt = backend.caller

    def token(sent: Sent) -> Answer:
        account = backend.signed_in(sent)
        if account is None:
            return UNAUTHENTICATED
        value = f"an-opaque-token-{len(issued)}"
        issued[f"Bearer {value}"] = account
        return Answer(200, {"token": value, **beside})

    def caller(sent: Sent) -> Account | None:
        values = [value for name, value in sent.headers if name.lower() == "authorization"]
        return issued.get("".join(values)) or by_jwt(sent)

    backend.routes[TOKEN] = token
    backend.caller = caller  # type: ignore[method-assign]


def anonymous_is(answer: Answer) -> Altered:
    return lambda came: answer if came is NOBODY else came


SESSION, SIGN_IN, SIGN_UP = f"GET {AUTH}/get-session", f"POST {AUTH}/sign-in/email", f"POST {AUTH}/sign-up/email"
TOKEN, REFRESH, SIGN_OUT = f"GET {AUTH}/token", f"POST {AUTH}/refresh", f"POST {AUTH}/sign-out"
LIST, CREATE, READ = "GET /api/tasks", "POST /api/tasks", "GET /api/tasks/1"
NO_REFRESH: Tables = {
    "operations": {"refresh": "refresh = false"},
    "credentials": {"refresh": "refresh = false"},
}
OPAQUE: Tables = {**NO_REFRESH, "credentials.token": {"kind": 'kind = "opaque"'}}

CASES = {
    "a sign-up that signs in": Case("signs_in = true", {"operations.sign_up": {"signs_in": "signs_in = false"}}),
    "a sign-up that signs no user in": Case(
        "signs_in = false", change=where((200,), SIGN_UP)(lambda _: Answer(200, {"token": None}))
    ),
    "a sign-up that is answered by a redirect": Case(
        'outcomes.success = { status = 303, location = "^/tasks" }',
        NO_REFRESH,
        where((200,), SIGN_UP)(redirected(303, "/tasks")),
    ),
    "a sign-in that is answered by a redirect": Case(
        "outcomes.success = { status = 303 }", NO_REFRESH, where((200,), SIGN_IN)(redirected(303, "/tasks"))
    ),
    "a wrong password that is answered like a right one": Case(
        f'outcomes.success = {{ status = 200, sets_cookie = "{COOKIE}" }}',
        change=where((401,), SIGN_IN)(lambda _: Answer(200, {"error": "no"})),
    ),
    "who is signed in, by other names": Case(
        'identity = { id = "/me/pk", email = "/me/mail" }', change=where((200,), SESSION)(differently_named)
    ),
    "an anonymous client, by other words": Case(
        'outcomes.unauthenticated = { status = 200, pointer = "/user/email", present = false }',
        change=where((200,), SESSION)(anonymous_is(Answer(200, {"user": None}))),
        is_guess=True,
    ),
    "an anonymous client who is sent to sign-in": Case(
        'outcomes.unauthenticated = { status = 302, location = "^/signin" }',
        change=where((200,), SESSION)(anonymous_is(Answer(302, "", [("Location", "/signin?next=/x")]))),
        is_guess=True,
    ),
    "a session cookie of another name": Case(
        f'cookie = "{COOKIE}"', {"credentials.session": {"cookie": 'cookie = "sid"'}}
    ),
    "a session in two cookies": Case(f'cookie = ["{COOKIE}", "key"]', change=needs_the_key),
    "a cookie that is not needed": Case(
        f'cookie = ["{COOKIE}"]',
        {"credentials.session": {"cookie": f'cookie = ["{COOKIE}", "key"]'}},
        where((200,), SIGN_UP, SIGN_IN)(with_key),
    ),
    "a token elsewhere": Case(
        'pointer = "/data/access_token"',
        change=where((200,), TOKEN)(lambda came: Answer(200, {"data": {"access_token": came.body["token"]}})),
        is_guess=True,
    ),
    "an access token that is no JWT": Case(
        'kind = "opaque"', NO_REFRESH, lambda backend: has_opaque_tokens(backend, {})
    ),
    "an opaque token with a lifetime": Case(
        "lifetime = 900", OPAQUE, lambda backend: has_opaque_tokens(backend, {"expires_in": 900})
    ),
    "an opaque token with another lifetime": Case(
        "lifetime = 900",
        {**OPAQUE, "credentials.token": {**OPAQUE["credentials.token"], "lifetime": "lifetime = 60"}},
        lambda backend: has_opaque_tokens(backend, {"expires_in": 900}),
    ),
    "a refreshed token elsewhere": Case(
        'refreshed_pointer = "/again/token"', change=where((200,), REFRESH)(refreshed_elsewhere), is_guess=True
    ),
    "a refresh token elsewhere": Case(
        'pointer = "/more/refresh"', change=where((200,), SIGN_UP, SIGN_IN)(refresh_elsewhere), is_guess=True
    ),
    "another algorithm": Case('algorithms = ["HS256"]', {"jwt": {"algorithms": 'algorithms = ["EdDSA"]'}}),
    "another issuer": Case(f'issuer = "{WEB}"', {"jwt": {"issuer": 'issuer = "https://a.example"'}}),
    "another subject": Case('subject = "sub"', {"jwt": {"subject": 'subject = "user"'}}),
    "a list in an envelope": Case(
        'items = "/data/tasks"',
        change=where((200,), LIST)(lambda came: Answer(200, {"data": {"tasks": came.body}})),
    ),
    "a task in an envelope": Case(
        'item = "/task"',
        change=where((200, 201), CREATE, READ)(lambda came: Answer(came.status, {"task": came.body})),
    ),
    "no way to delete a task": Case("delete = false", change=deletes_nothing),
    "a sign-out that is answered by a redirect": Case(
        'outcomes.success = { status = 302, location = "^/signin" }',
        change=where((200,), SIGN_OUT)(redirected(302, "/signin")),
    ),
    "a sign-in page elsewhere": Case(
        'sign_in = "/signin"', {"pages": {"sign_in": 'sign_in = "/enter"'}}, is_guess=True
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_with_the_printed_line_the_doctor_goes_on(backend: FakeBackend, case: Case) -> None:
    case.change(backend)
    before = examined(backend, case.tables)
    lines = lines_in(before)
    assert case.line in [line for _, line in lines], before
    assert any("A guess, " in one for one in before if case.line in one) is case.is_guess, before
    # One thing that is wrong may hide another.
    once = with_lines(case.tables, lines)
    assert examined(backend, with_lines(once, lines_in(examined(backend, once)))) == []


def ends_nothing(backend: FakeBackend) -> None:
    backend.routes[SIGN_OUT] = lambda _: Answer(302, "", [("Location", "/signin")])


def admits_everyone(backend: FakeBackend) -> None:
    def admitted(sent: Sent) -> Answer:
        account = backend.accounts.get(sent.fields["email"])
        return backend.admitted(account) if account is not None else Answer(401, {"message": "No"})

    backend.routes[SIGN_IN] = admitted


@pytest.mark.parametrize("change", [ends_nothing, admits_everyone])
def test_what_is_broken_is_not_declared_away(backend: FakeBackend, change: Change) -> None:
    change(backend)
    said = examined(backend, {})
    assert said
    assert lines_in(said) == []


def test_a_line_never_holds_a_secret() -> None:
    secret = register("a-password-of-somebody-1", "password")
    assert write("pages", {"sign_in": f"/enter/{secret}"}) == ""
    assert write("pages", {"sign_in": "/enter"}) == 'Write `sign_in = "/enter"` in [pages].'


@pytest.mark.parametrize(
    ("location", "pattern"),
    [
        ("/desk?first=1", "^/desk"),
        (f"{WEB}/desk", "^(https?://[^/?#]+)?/desk([?#]|$)"),
        ("//app.example/desk", "^(https?://[^/?#]+)?/desk([?#]|$)"),
        ("http://[no-address", "^(https?://[^/?#]+)?/?([?#]|$)"),
    ],
)
def test_a_redirect_s_line_fits_it(location: str, pattern: str) -> None:
    answer = Exchange("Ann", "POST", f"{WEB}/in", (), b"", 303, [("Location", location)], b"", 0.0)
    assert success_of(answer) == {"status": 303, "location": pattern}


BY_TOKEN = f"""
name = "mine"
title = "Mine"
[operations.sign_up]
method = "POST"
path = "{AUTH}/sign-up/email"
[operations.sign_in]
method = "POST"
path = "{AUTH}/sign-in/email"
[operations.session]
method = "GET"
path = "{AUTH}/get-session"
identity = {{ email = "/email" }}
[credentials.session]
kind = "token"
[credentials.token]
kind = "opaque"
issued_by = "sign_in"
pointer = "/token"
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (BY_TOKEN, 'A guess, by its name and form: write `pointer = "/data/accessToken"` in [credentials.token].'),
        (BY_TOKEN.replace('"/token"', '"/data/accessToken"'), ""),
        (profile_text({}), ""),
    ],
    ids=["elsewhere", "where the profile says", "the session is a cookie"],
)
def test_a_sign_in_whose_token_is_elsewhere_has_a_line(backend: FakeBackend, text: str, line: str) -> None:
    body = b'{"data": {"accessToken": "a-token-of-somebody-1"}}'
    answer = Exchange("Ann", "POST", f"{WEB}{AUTH}/sign-in/email", (), b"", 200, [], body, 0.0)
    target = Target(parse_profile(text, "mine"), WEB, API)
    person = PersonFactory(People(), 1).person("Ann")
    assert who_is_there(Deployment(target, FakeClient(backend, (WEB, API))), person, answer) == line


def test_a_server_that_breaks_over_a_wrong_password_is_no_outcome_to_declare(backend: FakeBackend) -> None:
    where((401,), SIGN_IN)(lambda _: Answer(500, ""))(backend)
    found = "\n".join(examined(backend, {}))
    assert "a wrong password is answered 500" in found
    assert "bad_credentials = " not in found


def test_a_server_that_breaks_at_sign_up_has_not_succeeded(backend: FakeBackend) -> None:
    where((200,), SIGN_UP)(lambda came: Answer(500, "", came.headers))(backend)
    found = "\n".join(examined(backend, NO_REFRESH))
    assert "was answered 500 and signed the user in" in found
    assert "outcomes.success = " not in found
