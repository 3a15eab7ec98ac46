"""The doctor finds what fits, doubts what a scenario will judge, and stops where nothing could be judged."""

from __future__ import annotations

from typing import Any

import pytest

from harness.core.exchange import NoAnswer
from harness.deployment.deployment import Deployment
from harness.doctor.examination import Examination
from harness.doctor.findings import Unusable
from harness.profile.custom import Custom
from harness.profile.loader import load_profile
from harness.profile.operation import Predicate
from harness.profile.target import Target
from tests.support.fake_backend import (
    AUTH,
    COOKIE,
    HTML,
    NOBODY,
    NOT_FOUND,
    SECRET,
    Account,
    FakeBackend,
    Route,
    shown,
    signed,
)
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

PROFILE = load_profile("reference")
NOT_DECLARED = {"issuer": None, "audience": None}
BY_KEY_PAIR = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln"


def examination(
    backend: FakeBackend, web: str = WEB, api: str = API, secret: str | None = SECRET, **changes: Any
) -> Examination:
    target = Target(PROFILE.model_copy(update=changes), web, api, secret)
    return Examination(Deployment(target, FakeClient(backend, (web, api))), seed=1)


def doubts(backend: FakeBackend, secret: str | None = SECRET, **changes: Any) -> list[str]:
    """What is doubtful of a target that can be tested."""
    findings = examination(backend, secret=secret, **changes).run()
    return [finding.sentence for finding in findings if finding.kind == "doubtful"]


def sentences(backend: FakeBackend, **changes: Any) -> list[str]:
    """Everything that is told of a target that can be tested."""
    return [finding.sentence for finding in examination(backend, **changes).run()]


def unusable(backend: FakeBackend, web: str = WEB, api: str = API, **changes: Any) -> str:
    """Why a target can't be tested."""
    with pytest.raises(Unusable) as stopped:
        examination(backend, web, api, **changes).run()
    return str(stopped.value)


def test_what_fits_is_without_doubt_and_leaves_no_account(backend: FakeBackend) -> None:
    found = examination(backend).run()
    assert [finding for finding in found if finding.kind == "doubtful"] == []
    assert [str(finding).split()[0] for finding in found][:2] == ["ok", "ok"]
    assert "a JWT (HS256) is where credentials.token says" in [finding.sentence for finding in found]
    assert backend.accounts == {}


def test_a_sign_up_that_signs_in_undeclared_is_a_doubt(backend: FakeBackend) -> None:
    operations = PROFILE.operations
    undeclared = operations.model_copy(
        update={"sign_up": operations.sign_up.model_copy(update={"signs_in": False})}
    )
    doubt = "sign-up signs a new user in, and operations.sign_up.signs_in says that it does not."
    line = "Write `signs_in = true` in [operations.sign_up]."
    assert doubts(backend, operations=undeclared) == [f"{doubt} {line}"]


def test_a_declared_sign_in_at_sign_up_that_does_not_happen_is_told(backend: FakeBackend) -> None:
    sign_up = backend.routes[f"POST {AUTH}/sign-up/email"]
    backend.routes[f"POST {AUTH}/sign-up/email"] = lambda sent: Answer(sign_up(sent).status, {"token": None})
    assert unusable(backend).endswith("Signing in does. Write `signs_in = false` in [operations.sign_up].")


def test_a_sign_up_after_which_nothing_signs_in_is_guessed_about(backend: FakeBackend) -> None:
    for how in ("up", "in"):
        backend.routes[f"POST {AUTH}/sign-{how}/email"] = lambda _: Answer(200, {"token": None})
    assert unusable(backend).endswith(
        "A guess, if sign-up signs no new user in: write `signs_in = false` in [operations.sign_up]."
    )


# --- the addresses ---


def test_addresses_that_are_swapped_are_told(backend: FakeBackend) -> None:
    assert f"is at {WEB} (--api-url) and not at {API} (--base-url)" in unusable(backend, API, WEB)


def test_silence_is_told_with_its_flag(backend: FakeBackend) -> None:
    def silent(sent: Sent) -> Answer:
        if sent.url.startswith(API):
            raise NoAnswer(sent.method, sent.url, "refused", timed_out=False)
        return backend(sent)

    target = Target(PROFILE, WEB, API, SECRET)
    with pytest.raises(
        Unusable, match=rf"^{API} \(--api-url\) refuses connections: nothing listens there \(refused\)\. Start "
    ):
        Examination(Deployment(target, FakeClient(silent)), seed=1).run()


def test_silence_later_on_is_told(backend: FakeBackend) -> None:
    def hang(sent: Sent) -> Answer:
        raise NoAnswer(sent.method, sent.url, "no answer within 15 s", timed_out=True)

    backend.routes[f"POST {AUTH}/sign-in/email"] = hang
    assert unusable(backend).startswith(f"POST {WEB}{AUTH}/sign-in/email gave no answer within 15 s. Look at what")


# --- who is there ---


def test_a_session_endpoint_that_says_neither_is_told(backend: FakeBackend) -> None:
    backend.routes[f"GET {AUTH}/get-session"] = lambda _: Answer(200, {"data": None})
    said = unusable(backend)
    came = '200 ({"data": null})'
    assert said.startswith(f"GET {AUTH}/get-session without any credential was answered {came}, which is neither")
    assert said.endswith("and --target the right profile?")


def test_a_stranger_who_is_somebody_is_told(backend: FakeBackend) -> None:
    backend.routes[f"GET {AUTH}/get-session"] = lambda _: Answer(200, {"user": {"email": "eve@example.com"}})
    assert "says that a client without any credential is eve@example.com" in unusable(backend)


# --- accounts ---


def test_no_sign_up_is_told_with_where_it_was_looked_for(backend: FakeBackend) -> None:
    del backend.routes[f"POST {AUTH}/sign-up/email"]
    assert f"was answered 404: there is no sign-up at {WEB}. Is that the address" in unusable(backend)


def test_why_a_sign_up_is_refused_is_quoted_in_one_line(backend: FakeBackend) -> None:
    answer = Answer(400, "Invalid\n  captcha" + "!" * 500)
    backend.routes[f"POST {AUTH}/sign-up/email"] = lambda _: answer
    said = unusable(backend)
    assert f"(POST {AUTH}/sign-up/email) was answered 400: Invalid captcha!!!" in said
    assert "!" * 200 not in said
    assert said.endswith("Check operations.sign_up in the profile and the deployment's sign-up policy.")


@pytest.mark.parametrize(
    ("web", "known"),
    [
        ("http://127.0.0.1:3000", "http://localhost:3000"),
        ("http://127.0.0.1:3000", "https://127.0.0.1"),
        ("http://app.example.com:3000", "https://app.example.com:3000"),
    ],
)
def test_a_name_that_the_deployment_does_not_know_itself_by_is_told(
    backend: FakeBackend, web: str, known: str
) -> None:
    def sign_up(sent: Sent) -> Answer:
        if sent.header("origin") != known:
            return Answer(403, {"message": "Invalid origin"})
        return backend.sign_up(sent)

    backend.routes[f"POST {AUTH}/sign-up/email"] = sign_up
    said = unusable(backend, web)
    assert f"sign-up from pages on {web} is refused (403) and from {known} it is not" in said
    assert f"Give --base-url {known}, or write" in said


def test_an_origin_that_no_other_name_mends_is_told(backend: FakeBackend) -> None:
    backend.routes[f"POST {AUTH}/sign-up/email"] = lambda _: Answer(403, {"message": "Invalid origin"})
    assert f'sign-up from pages on {WEB} is refused (403: {{"message": "Invalid origin"}}' in unusable(backend)


def test_a_refusal_that_speaks_of_no_origin_is_only_quoted(backend: FakeBackend) -> None:
    backend.routes[f"POST {AUTH}/sign-up/email"] = lambda _: Answer(403, "closed")
    assert "was answered 403: closed" in unusable(backend)


def test_a_sign_in_that_does_not_work_is_told(backend: FakeBackend) -> None:
    backend.routes[f"POST {AUTH}/sign-in/email"] = lambda _: Answer(500)
    assert unusable(backend).startswith("after signing up, signing in does not work: ")


def test_a_second_sign_in_that_ends_the_first_is_a_doubt(backend: FakeBackend) -> None:
    def only_one(sent: Sent) -> Answer:
        before = dict(backend.sessions)
        answer = backend.sign_in(sent)
        account = next((one for key, one in backend.sessions.items() if key not in before), None)
        for key in [key for key, one in before.items() if one is account]:
            del backend.sessions[key]
        return answer

    backend.routes[f"POST {AUTH}/sign-in/email"] = only_one
    assert doubts(backend)[0] == "signing in on a second device ended Ann's first session"


def test_a_wrong_password_that_is_answered_like_a_right_one_is_a_doubt(backend: FakeBackend) -> None:
    def always_fine(sent: Sent) -> Answer:
        answer = backend.sign_in(sent)
        return answer if answer.status == 200 else Answer(200, {})

    backend.routes[f"POST {AUTH}/sign-in/email"] = always_fine
    assert [one.partition(", which")[0] for one in doubts(backend)] == ["a wrong password is answered 200 ({})"]


def test_a_session_that_is_of_whoever_signed_in_last_is_told(backend: FakeBackend) -> None:
    def latest(sent: Sent) -> Answer:
        account = list(backend.accounts.values())[-1] if COOKIE in sent.cookies else None
        return Answer(200, {"user": account.user}) if account else NOBODY

    backend.routes[f"GET {AUTH}/get-session"] = latest
    said = unusable(backend)
    assert said.startswith(
        f"after Bob signed in, GET {AUTH}/get-session says that Ann's session is Bob's: it does"
    )
    assert "Check operations.session in the profile" in said


def test_a_sign_in_without_an_account_is_told(backend: FakeBackend) -> None:
    def whoever_is_claimed(sent: Sent) -> Answer:
        email = sent.fields["email"]
        return backend.admitted(backend.accounts.get(email) or Account("9", "", email, ""))

    backend.routes[f"POST {AUTH}/sign-in/email"] = whoever_is_claimed
    assert "an address without an account, was answered 200 and signs in as eve." in unusable(backend)


# --- credentials ---


def test_a_session_that_is_in_no_such_cookie_is_told_with_those_that_are_there(backend: FakeBackend) -> None:
    session = PROFILE.credentials.session.model_copy(update={"cookies": ["sid"]})
    said = unusable(backend, credentials=PROFILE.credentials.model_copy(update={"session": session}))
    assert 'holds no cookie "sid" although signed in' in said
    assert said.endswith(
        'The cookies it holds: auth.session_token. Write `cookie = "auth.session_token"` in [credentials.session].'
    )


def with_a_key(original: Route) -> Route:
    """The route with a further cookie in its answer."""

    def two_cookies(sent: Sent) -> Answer:
        answer = original(sent)
        return Answer(answer.status, answer.body, [*answer.headers, ("Set-Cookie", "key=one; Path=/")])

    return two_cookies


def test_a_cookie_that_alone_is_no_session_is_told(backend: FakeBackend) -> None:
    def both(sent: Sent) -> Answer:
        return backend.session(sent) if "key" in sent.cookies else Answer(200, None)

    for route in (f"POST {AUTH}/sign-up/email", f"POST {AUTH}/sign-in/email"):
        backend.routes[route] = with_a_key(backend.routes[route])
    backend.routes[f"GET {AUTH}/get-session"] = both
    said = unusable(backend)
    assert said.startswith("auth.session_token alone does not sign Ann in, although all of the")
    assert said.endswith('Write `cookie = ["auth.session_token", "key"]` in [credentials.session].')
    session = PROFILE.credentials.session.model_copy(update={"cookies": ["auth.session_token", "key"]})
    both_named = PROFILE.credentials.model_copy(update={"session": session})
    told = sentences(backend, credentials=both_named)
    assert 'the cookies "auth.session_token" and "key" together are the session' in told


def test_a_cookie_that_is_not_needed_is_told(backend: FakeBackend) -> None:
    for route in (f"POST {AUTH}/sign-up/email", f"POST {AUTH}/sign-in/email"):
        backend.routes[route] = with_a_key(backend.routes[route])
    session = PROFILE.credentials.session.model_copy(update={"cookies": ["auth.session_token", "key"]})
    told = sentences(backend, credentials=PROFILE.credentials.model_copy(update={"session": session}))
    assert any(sentence.startswith("signed in without key too, so that nothing shows") for sentence in told)


@pytest.mark.parametrize(
    ("secret", "doubt"),
    [
        (None, "the shared secret was not given (set AUTH_CONFORMANCE_JWT_SECRET); what needs it"),
        ("x" * 40, "the secret in AUTH_CONFORMANCE_JWT_SECRET did not sign the JWT; what needs it"),
    ],
    ids=["none", "another"],
)
def test_a_secret_that_signs_nothing_is_a_doubt(backend: FakeBackend, secret: str | None, doubt: str) -> None:
    assert [one.startswith(doubt) for one in doubts(backend, secret)] == [True]


@pytest.mark.parametrize(
    ("declared", "doubt"),
    [
        ({"algorithms": ["EdDSA"]}, "of the JWT: it is signed with HS256, jwt.algorithms says EdDSA"),
        (
            {"issuer": "https://a.example"},
            f"of the JWT: its \"iss\" is '{WEB}', the profile says 'https://a.example'",
        ),
        ({"audience": "shop"}, "of the JWT: its \"aud\" is ['api'], the profile says 'shop'"),
        ({"subject": "user"}, 'of the JWT: it has no claim "user" (jwt.subject); it has aud, exp, iat, iss, sub'),
    ],
    ids=["algorithm", "issuer", "audience", "subject"],
)
def test_a_jwt_that_is_not_as_declared_is_a_doubt(
    backend: FakeBackend, declared: dict[str, Any], doubt: str
) -> None:
    def token(sent: Sent) -> Answer:
        account = backend.signed_in(sent)
        assert account is not None
        return Answer(200, {"token": signed(account, aud=["api"])})

    backend.routes[f"GET {AUTH}/token"] = token
    assert [one for one in doubts(backend, jwt=PROFILE.jwt.model_copy(update=declared)) if one.startswith(doubt)]


def test_no_access_token_is_a_doubt(backend: FakeBackend) -> None:
    backend.routes[f"GET {AUTH}/token"] = lambda _: Answer(200, {})
    told = doubts(backend)
    assert told[0].startswith('no access token: "token" gave Ann\'s first device no access token')
    assert told[1:] == [f"GET {API}/api/tasks (tasks.list) could not be requested with a credential"]


def test_an_access_token_that_is_no_jwt_is_a_doubt(backend: FakeBackend) -> None:
    backend.routes[f"GET {AUTH}/token"] = lambda _: Answer(200, {"token": "an-opaque-token"})
    assert doubts(backend)[0].startswith("no access token: ")


def test_no_refresh_token_is_a_doubt(backend: FakeBackend) -> None:
    def without(route: str) -> None:
        original = backend.routes[route]

        def answer(sent: Sent) -> Answer:
            came = original(sent)
            body = {key: value for key, value in came.body.items() if key != "refreshToken"}
            return Answer(came.status, body, came.headers)

        backend.routes[route] = answer

    without(f"POST {AUTH}/sign-up/email")
    without(f"POST {AUTH}/sign-in/email")
    expected = "no refresh token where credentials.refresh says; what needs one will not be tested"
    assert doubts(backend) == [expected]


# --- the tasks ---


def test_an_api_without_the_path_is_told(backend: FakeBackend) -> None:
    del backend.routes["GET /api/tasks"]
    assert f"GET {API}/api/tasks (tasks.list) was answered 404: it is not there." in unusable(backend)


def test_an_api_that_is_at_the_other_address_is_told(backend: FakeBackend) -> None:
    original = backend.routes["GET /api/tasks"]

    def at_the_web_only(sent: Sent) -> Answer:
        return Answer(404) if sent.url.startswith(API) else original(sent)

    backend.routes["GET /api/tasks"] = at_the_web_only
    said = unusable(backend, proxy=None)
    assert f"was answered 404, while {WEB} has that path (401). Is --api-url right, or does tasks.base" in said


def test_a_list_that_is_not_where_the_profile_says_is_a_doubt(backend: FakeBackend) -> None:
    backend.routes["GET /api/tasks"] = lambda sent: (
        Answer(200, {"tasks": []}) if backend.caller(sent) else Answer(401)
    )
    told = doubts(backend)
    where = f"GET {API}/api/tasks (tasks.list)"
    assert f'{where} answers 200 ({{"tasks": []}}) without a list at the top (tasks.items)' in told[0]


def test_a_credential_that_opens_nothing_is_a_doubt(backend: FakeBackend) -> None:
    backend.routes["GET /api/tasks"] = lambda _: Answer(403)
    assert "answers 403 to Ann's own credential, as without any; the scenarios" in doubts(backend)[0]


def test_a_refusal_that_differs_from_an_anonymous_client_s_is_told(backend: FakeBackend) -> None:
    def refusing(sent: Sent) -> Answer:
        knows = backend.caller(sent) is not None
        return Answer(401, {"detail": "Not enough segments"} if knows else {"error": "Unauthorized"})

    backend.routes["GET /api/tasks"] = refusing
    assert (
        'answers 401 (detail: "Not enough segments") to Ann\'s own credential, and an anonymous client gets 401 '
        '(error: "Unauthorized"); the scenarios'
    ) in doubts(backend)[0]


def test_a_list_for_everybody_is_a_doubt(backend: FakeBackend) -> None:
    backend.routes["GET /api/tasks"] = lambda _: Answer(200, [])
    assert "gives a list without any credential too; the scenarios will say so" in doubts(backend)[0]


CREATED = {
    "without an id": (
        Answer(201, {"title": "x"}),
        'makes no task: it was answered 201 with no id at {0}.item + {0}.id ("/id"): {{"title": "x"}}',
    ),
    "that is refused": (Answer(422), "makes no task: it was answered 422"),
    "that is not listed": (
        Answer(201, shown("7", "x")),
        "made something that is not in Ann's list; the scenarios will say so",
    ),
}


@pytest.mark.parametrize("what", CREATED)
def test_a_new_task_that_is_none_is_a_doubt(backend: FakeBackend, what: str) -> None:
    answer, doubt = CREATED[what]
    backend.routes["POST /api/tasks"] = lambda _: answer
    assert doubts(backend) == [
        f"POST /api/tasks ({route}.create) {doubt.format(route)}" for route in ("tasks", "proxy")
    ]


def test_a_new_task_that_wants_a_csrf_token_is_a_doubt_with_what_to_write(backend: FakeBackend) -> None:
    backend.routes["POST /api/tasks"] = lambda _: Answer(403)
    by_token, by_session = doubts(backend)
    assert "CSRF" not in by_token
    assert by_session == (
        "POST /api/tasks (proxy.create) makes no task: it was answered 403. No CSRF token was sent: if it wants "
        'one, describe it under [csrf], with "web" among its bases'
    )


@pytest.mark.parametrize("verb", ["read", "replace", "update", "delete"])
def test_a_task_route_that_is_not_there_is_a_doubt_with_what_to_write(backend: FakeBackend, verb: str) -> None:
    method = {"read": "GET", "replace": "PUT", "update": "PATCH", "delete": "DELETE"}[verb]
    del backend.routes[f"{method} /api/tasks/1"]
    told = doubts(backend)
    for route in ("tasks", "proxy"):
        assert any(
            one.startswith(
                f"{verb}: {method} /api/tasks/{{task_id}} was answered 404: it is not where {route}.{verb}"
            )
            and f"write `{verb} = false` under [{route}]" in one
            for one in told
        )


def test_a_front_end_without_tasks_is_a_doubt(backend: FakeBackend) -> None:
    original = backend.routes["GET /api/tasks"]
    backend.routes["GET /api/tasks"] = lambda sent: NOT_FOUND if sent.url.startswith(WEB) else original(sent)
    told = doubts(backend)
    assert [
        one.startswith("list: GET /api/tasks was answered 404: it is not where proxy.list") for one in told
    ] == [True]
    assert told[0].endswith("write `proxy = false`, or remove the section if it is your own.")


# --- the operations ---

OPERATIONS = {
    "refresh": "POST refresh",
    "sign_out": "POST sign-out",
    "list_sessions": "GET list-sessions",
    "revoke_session": "POST revoke-session",
    "revoke_other_sessions": "POST revoke-other-sessions",
    "revoke_all_sessions": "POST revoke-sessions",
    "update_user": "POST update-user",
    "change_password": "POST change-password",
    "delete_user": "POST delete-user",
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_tried_and_reported(backend: FakeBackend, name: str) -> None:
    method, _, path = OPERATIONS[name].partition(" ")
    lines = [str(finding) for finding in examination(backend).run()]
    assert sum(line.startswith(f"ok        {method} {AUTH}/{path} ({name}) ") for line in lines) == 1


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_that_is_not_there_is_a_doubt_with_what_to_write(backend: FakeBackend, name: str) -> None:
    method, _, path = OPERATIONS[name].partition(" ")
    del backend.routes[f"{method} {AUTH}/{path}"]
    told = doubts(backend)
    assert [one.partition(" says.")[0] for one in told] == [
        f"{name}: {method} {AUTH}/{path} was answered 404: it is not where operations.{name}"
    ]
    assert f"write `{name} = false` under [operations]" in told[0]


WRONG = {
    "refresh": (
        Answer(400, {"error": "unsupported"}),
        'yields a new token; it was answered 400 (error: "unsupported"',
    ),
    "sign_out": (Answer(200, {}), "that it ends the session; it was answered 200 ({}), and the session is alive"),
    "list_sessions": (
        Answer(200, []),
        "no session where the profile says; it was answered 200 ([]). Check `items` and",
    ),
    "revoke_session": (Answer(200, {}), "that it ends the session that the list shows; it was answered 200"),
    "revoke_other_sessions": (
        Answer(400, {"message": "no"}),
        'was answered 400 (message: "no"), not as the profile',
    ),
    "update_user": (Answer(200, {}), "changes her name; it was answered 200 ({})"),
    "change_password": (
        Answer(422, {"detail": "new_pw"}),
        'was answered 422 (detail: "new_pw"), not as the profile',
    ),
    "delete_user": (Answer(503, "", [("Retry-After", "5")]), "was answered 503 (Retry-After: 5): it is down, or"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_operation_that_does_nothing_is_a_doubt_that_quotes_the_answer(backend: FakeBackend, name: str) -> None:
    method, _, path = OPERATIONS[name].partition(" ")
    answer, says = WRONG[name]
    backend.routes[f"{method} {AUTH}/{path}"] = lambda _: answer
    told = doubts(backend)
    assert len(told) == 1
    assert told[0].startswith(f"{method} {AUTH}/{path} ({name}): ")
    assert says in told[0]


@pytest.mark.parametrize(
    ("answer", "doubt"),
    [
        (Answer(200, {"keys": []}), None),
        (Answer(200, {"key": 1}), 'it was answered 200 ({"key": 1}), which has no list of keys'),
        (NOT_FOUND, f"jwks: GET {AUTH}/jwks was answered 404: it is not where operations.jwks says"),
    ],
    ids=["there", "no keys", "not there"],
)
def test_published_keys_are_asked_for_where_there_is_no_shared_secret(
    backend: FakeBackend, answer: Answer, doubt: str | None
) -> None:
    backend.routes[f"GET {AUTH}/token"] = lambda _: Answer(200, {"token": BY_KEY_PAIR})
    backend.routes[f"GET {AUTH}/jwks"] = lambda _: answer
    told = doubts(backend, tasks=None, proxy=None, jwt=PROFILE.jwt.model_copy(update=NOT_DECLARED))
    assert [doubt in one for one in told if doubt] == ([True] if doubt else [])
    assert bool(told) is bool(doubt)


def test_a_deployment_with_a_shared_secret_publishes_no_keys(backend: FakeBackend) -> None:
    del backend.routes[f"GET {AUTH}/jwks"]
    assert doubts(backend) == []


def test_a_refreshed_token_elsewhere_is_a_doubt(backend: FakeBackend) -> None:
    token = PROFILE.credentials.token
    assert token is not None
    elsewhere = token.model_copy(update={"refreshed_pointer": "/accessToken"})
    told = doubts(backend, credentials=PROFILE.credentials.model_copy(update={"token": elsewhere}))
    assert (
        "no access token at /accessToken (credentials.token.refreshed_pointer); the answer has /token" in told[0]
    )


def test_it_costs_two_accounts_and_few_sign_ins(backend: FakeBackend) -> None:
    examined = examination(backend)
    examined.run()
    assert examined.deployment.asked["sign_up"] == 2
    # On a second device each, with a wrong password, without an account, and after the end of all sessions.
    assert examined.deployment.asked["sign_in"] == 5


@pytest.mark.parametrize("ends", ["this device", "every device"])
def test_a_sign_out_of_every_device_costs_a_sign_in(backend: FakeBackend, ends: str) -> None:
    def every_device(sent: Sent) -> Answer:
        account = backend.signed_in(sent)
        backend.sessions = {key: one for key, one in backend.sessions.items() if one is not account}
        return Answer(200, {})

    if ends == "every device":
        backend.routes[f"POST {AUTH}/sign-out"] = every_device
    assert doubts(backend) == []
    assert backend.accounts == {}


# --- the pages ---


@pytest.mark.parametrize(
    ("answer", "doubt"),
    [
        (Answer(404, "", HTML), "was answered 404 (an HTML page), which is no page. Correct pages.sign_in"),
        (Answer(200, {}), "was answered 200 ({}), which is no page. Correct pages.sign_in in the profile."),
        (
            Answer(503, "", [("Retry-After", "60")]),
            "was answered 503 (Retry-After: 60): it is down, or what stands",
        ),
        (
            Answer(302, "", [("Location", "/signin")]),
            "an anonymous client was sent back to /signin again and again",
        ),
        (
            Answer(302, "", [("Location", "https://login.example/")]),
            "it leads to another origin, https://login.exam",
        ),
    ],
    ids=["not there", "no page", "down", "in a circle", "elsewhere"],
)
def test_a_page_that_is_none_is_a_doubt(backend: FakeBackend, answer: Answer, doubt: str) -> None:
    backend.routes["GET /signin"] = lambda _: answer
    told = [one for one in doubts(backend) if "pages.sign_in" in one.partition(":")[0]]
    assert [doubt in one for one in told] == [True]


def test_a_page_at_another_address_of_the_deployment_is_one(backend: FakeBackend) -> None:
    page = backend.routes["GET /signup"]
    backend.routes |= {"GET /signup": lambda _: Answer(308, "", [("Location", "/signup/")]), "GET /signup/": page}
    assert doubts(backend) == []


def test_a_protected_page_that_does_not_open_is_a_doubt(backend: FakeBackend) -> None:
    backend.routes["GET /tasks"] = lambda _: Answer(303, "", [("Location", "/signin")])
    told = doubts(backend)
    assert [
        one.startswith("GET /tasks (pages.protected): expected that Ann's first device opens") for one in told
    ] == [True]


# --- addresses that have to be verified ---


@pytest.fixture
def pending(backend: FakeBackend, monkeypatch: pytest.MonkeyPatch) -> FakeBackend:
    """Sign-up is answered 401 and opens nothing; whose address was not verified can't sign in."""
    verified: set[str] = set()
    sign_up, sign_in = (backend.routes[f"POST {AUTH}/sign-{how}/email"] for how in ("up", "in"))

    def admitted(sent: Sent) -> Answer:
        return sign_in(sent) if sent.fields["email"] in verified else Answer(401, {"message": "Unverified"})

    def signed_up(sent: Sent) -> Answer:
        answer = sign_up(sent)
        return Answer(401, {"message": "Look into your mail"}) if answer.status == 200 else answer

    backend.routes |= {f"POST {AUTH}/sign-up/email": signed_up, f"POST {AUTH}/sign-in/email": admitted}
    monkeypatch.setattr(Custom, "verify", lambda _self, email, _client: verified.add(email))
    return backend


def with_pending() -> Any:
    """The operations, where sign-up's 401 says that the address has to be verified."""
    sign_up = PROFILE.operations.sign_up
    outcomes = sign_up.outcomes.model_copy(update={"pending_verification": [Predicate(status=[401])]})
    return PROFILE.operations.model_copy(update={"sign_up": sign_up.model_copy(update={"outcomes": outcomes})})


def test_an_address_that_is_verified_by_the_profile_s_class_is_fine(pending: FakeBackend) -> None:
    assert doubts(pending, operations=with_pending()) == []


def test_one_that_is_not_is_told_in_the_words_of_the_sign_in(
    pending: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Custom, "verify", lambda *_: None)
    said = unusable(pending, operations=with_pending())
    assert said.startswith(
        "after signing in with the right password Ann's first device is signed in as nobody; it w"
    )
    assert '401 (message: "Unverified"). Check operations.sign_in and credentials.session' in said


def test_what_breaks_the_suite_is_told_in_a_sentence(backend: FakeBackend) -> None:
    def odd(_: Sent) -> Answer:
        raise AttributeError("'list' object has no attribute 'get'")

    backend.routes[f"GET {AUTH}/token"] = odd
    said = unusable(backend)
    assert said.startswith("the suite broke (AttributeError: 'list' object has no attribute 'get') at what was ")
    assert "tell its makers what the deployment answers" in said
