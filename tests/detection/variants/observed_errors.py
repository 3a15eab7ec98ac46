"""Errors that are right and unusual."""

from __future__ import annotations

import json

from tests.detection.answers import Exchanged, change_answers
from tests.detection.faults.observed_errors import CHALLENGE, PASSWORD, PROBLEM, SECRET, TRACE, errors_say
from tests.detection.variant_registry import variant


@variant(
    stays_green=(TRACE, SECRET),
    never_fail_on={"eh-stack-trace-leak": "Reason texts such as 'Signature has expired' are fine"},
)
def a_refusal_says_why() -> None:
    """Each 401 says in words what is wrong with the token."""
    errors_say(401, lambda _: "Token validation failed: Signature has expired. Select a token from /app/signin")


@variant(
    stays_green=TRACE,
    never_fail_on={"eh-stack-trace-leak": "JS bundles may contain paths: exclude static assets."},
)
def a_script_has_paths() -> None:
    """The bundle holds the paths of its modules, and pages name theirs."""

    def change(one: Exchanged) -> None:
        if one.path.startswith("/static/"):
            one.body += b"\n// node_modules/@acme/router  at run (/app/src/router.js:10:2)\n"
        if one.headers.get("content-type", "").startswith("text/html"):
            one.body += b'<script src="/app/main.js"></script><link href="/_next/static/chunks/app/page-1f.js">'

    change_answers(change)


@variant(
    warns={PASSWORD: "repeats the password"},
    never_fail_on={"eh-validation-echoes-password": "Default FastAPI does this."},
)
def validation_errors_hold_their_input() -> None:
    """A body that is not valid is a 422 with what was sent, which is a warning."""

    def change(one: Exchanged) -> None:
        if one.status == 400 and one.path.startswith("/api/auth/sign-"):
            one.status = 422
            detail = [{"type": "missing", "loc": ["body", "email"], "input": json.loads(one.content)}]
            one.body = json.dumps({"detail": detail}).encode()

    change_answers(change)


@variant(
    stays_green=CHALLENGE,
    never_fail_on={
        "eh-401-without-challenge": "'Bearer' without auth-params is what FastAPI sends: do not require params"
    },
)
def the_challenge_is_one_word() -> None:
    """The challenge is the scheme alone, in lower case, and only the task API has one."""

    def change(one: Exchanged) -> None:
        del one.headers["www-authenticate"]
        if one.status == 401 and one.path.startswith("/api/tasks"):
            one.headers["www-authenticate"] = "bearer"

    change_answers(change)


def _problems(body: object) -> None:
    def change(one: Exchanged) -> None:
        if one.status == 404:
            one.headers["content-type"] = "application/problem+json; charset=utf-8"
            one.body = json.dumps(body).encode()

    change_answers(change)


@variant(stays_green=PROBLEM)
def errors_are_problem_details() -> None:
    """A missing task is a problem with a relative type and fields of its own."""
    _problems({"type": "/problems/missing", "title": "Not Found", "status": 404, "code": "NOT_FOUND"})


@variant(stays_green=PROBLEM)
def problem_details_are_empty() -> None:
    """A problem need not have any member."""
    _problems({})


@variant(
    not_applicable={PROBLEM: "gave no answer of the type application/problem.json"},
    never_fail_on={"eh-problem-json-invalid": "Not using problem+json is fine."},
)
def errors_are_plain_json() -> None:
    """Errors have a shape of their own."""
