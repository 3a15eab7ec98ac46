"""Errors that tell too much, or too little."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.detection.answers import Exchanged, change_answers
from tests.detection.registry import fault

TRACE, SECRET = "error-leaks-no-internals", "error-leaks-no-secret"
CREDENTIAL, PASSWORD = "error-repeats-no-credential", "error-repeats-no-password"
CHALLENGE, PROBLEM = "error-unauthorized-has-challenge", "error-problem-details-are-valid"
STACK, TOLD, ECHO = "eh-stack-trace-leak", "eh-secret-or-token-in-error", "eh-validation-echoes-password"


def errors_say(status: int, words: Callable[[Exchanged], str]) -> None:
    """Let the errors of that status say more."""

    def change(one: Exchanged) -> None:
        if one.status == status:
            one.says(words(one))

    change_answers(change)


@fault(defect=STACK, caught_by=TRACE, says="POST .*/api/tasks was answered 400 .*Python traceback: .*Traceback")
def bad_json_shows_a_traceback() -> None:
    """The handler of malformed bodies returns the formatted exception."""
    trace = 'Traceback (most recent call last):\n  File "bodies.py", line 49, in read\nValueError: Invalid JSON'
    errors_say(400, lambda _: trace)


@fault(defect=STACK, caught_by=TRACE, says="was answered 404 .*a query: ")
def a_missing_task_shows_its_query() -> None:
    """Not found comes with the query that found nothing."""
    errors_say(404, lambda _: "no row: SELECT tasks.id, tasks.title FROM tasks WHERE tasks.id = %s")


@fault(defect=STACK, caught_by=TRACE, says="was answered 401 .*a path of the server: ")
def a_refusal_shows_where_it_was_raised() -> None:
    """The refusal names the file that raised it."""
    errors_say(401, lambda _: "raised in /app/reference_backend/identity.py")


@fault(defect=STACK, caught_by=TRACE, says="was answered 404 .*an error of the database: ")
def a_missing_task_shows_the_driver_s_error() -> None:
    """The exception's text of the database layer is the message."""
    errors_say(404, lambda _: "(psycopg.errors.InvalidTextRepresentation) invalid input")


@fault(defect=STACK, caught_by=TRACE, says="was answered 401 .*a JavaScript stack: ")
def a_refusal_shows_a_javascript_stack() -> None:
    """The front end's error handler sends the stack."""
    errors_say(401, lambda _: "Error: no\n    at verify (/app/dist/auth/verify.js:12:9)")


@fault(defect=STACK, caught_by=TRACE, says="was answered 404 .*a path of the server: ")
def a_missing_task_shows_a_module_s_path() -> None:
    """The message names the module of a dependency."""
    errors_say(404, lambda _: "thrown by node_modules/@acme/router")


@fault(defect=TOLD, caught_by=SECRET, says="answered 401 and contains the signing secret")
def a_refused_token_shows_the_secret() -> None:
    """The settings are printed with the reason why a token was refused."""
    errors_say(401, lambda one: f"Settings(jwt_secret={one.settings.jwt_secret})")


@fault(defect=TOLD, caught_by=SECRET, says="answered 401 and says which signature was expected")
def a_refused_token_shows_the_right_signature() -> None:
    """The message compares the signatures."""
    errors_say(401, lambda _: "expected signature: ZJ1lVQvDnQ0b8gkTlpZ5Q1Pz6iUO2YbH")


@fault(defect=TOLD, caught_by=SECRET, says="answered 401 and shows a user's private text to an anonymous client")
def an_anonymous_client_reads_the_last_title() -> None:
    """A cached context of the request before is written into errors."""
    last = [""]

    def change(one: Exchanged) -> None:
        if one.status == 200 and one.path == "/api/tasks" and one.method == "GET":
            last[0] = json.dumps([task["title"] for task in json.loads(one.text)])
        elif one.status == 401:
            one.says(last[0])

    change_answers(change)


@fault(defect=TOLD, caught_by=CREDENTIAL, says="answered 401 and repeats the credential", level="should")
def a_refused_token_is_repeated() -> None:
    """The message quotes the token that was refused."""
    errors_say(401, lambda one: f"bad token {one.bearer}")


@fault(defect=TOLD, caught_by=CREDENTIAL, says="answered 404 and repeats the credential", level="should")
def a_missing_task_repeats_the_token() -> None:
    """The request's headers are part of each error."""
    errors_say(404, lambda one: f"authorization: {one.bearer}")


@fault(defect=TOLD, caught_by=CREDENTIAL, says="answered 400 and repeats the credential", level="should")
def a_bad_body_repeats_the_session_cookie() -> None:
    """The request's cookies are part of each error, where they are what opens the tasks."""
    errors_say(400, lambda one: f"cookie: {one.cookie}")


@fault(defect=ECHO, caught_by=PASSWORD, says="sign-(in|up)/email was answered 400 and repeats", level="should")
def a_missing_field_repeats_the_input() -> None:
    """The validation error holds the body, as FastAPI's own does."""
    errors_say(400, lambda one: one.content.decode())


@fault(defect="eh-401-without-challenge", caught_by=CHALLENGE, says="GET .*/api/tasks .*has no WWW-Authenticate")
def a_401_has_no_challenge() -> None:
    """The handler of errors loses their headers."""

    def change(one: Exchanged) -> None:
        del one.headers["www-authenticate"]

    change_answers(change)


@fault(defect="eh-401-without-challenge", caught_by=CHALLENGE, says="has no WWW-Authenticate")
def a_bad_token_gets_no_challenge() -> None:
    """Only a request without a token is challenged."""

    def change(one: Exchanged) -> None:
        if one.bearer:
            del one.headers["www-authenticate"]

    change_answers(change)


@fault(defect="eh-401-without-challenge", caught_by=CHALLENGE, says="has WWW-Authenticate: Basic")
def a_401_asks_for_a_password() -> None:
    """The challenge is of another scheme, for which browsers ask for a password."""

    def change(one: Exchanged) -> None:
        if one.status == 401 and one.path.startswith("/api/tasks"):
            one.headers["www-authenticate"] = 'Basic realm="tasks"'

    change_answers(change)


def _as_problem(body: Callable[[Exchanged], object]) -> None:
    def change(one: Exchanged) -> None:
        if one.status == 404:
            one.headers["content-type"] = "application/problem+json"
            one.body = json.dumps(body(one)).encode()

    change_answers(change)


@fault(defect="eh-problem-json-invalid", caught_by=PROBLEM, says="is no JSON object", level="should")
def a_problem_is_a_text() -> None:
    """The problem is only its title."""
    _as_problem(lambda _: "Not Found")


@fault(defect="eh-problem-json-invalid", caught_by=PROBLEM, says="status is 500, and it is 404", level="should")
def a_problem_has_another_status() -> None:
    """The problem is one and the same object for all errors."""
    _as_problem(lambda _: {"title": "Error", "status": 500})


@fault(defect="eh-problem-json-invalid", caught_by=PROBLEM, says="type that is no URI", level="should")
def a_problem_s_type_is_a_sentence() -> None:
    """The type is prose."""
    _as_problem(lambda _: {"type": "Not Found Error", "status": 404})
