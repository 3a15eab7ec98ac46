"""Whether a target has what a scenario's ``@needs-...`` tags ask for.

Asked before the scenario starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, assert_never

from harness.core.errors import Absent

if TYPE_CHECKING:
    from harness.profile.target import Target

_GATES: dict[str, tuple[Callable[[Target], bool], str]] = {
    "needs-pages": (lambda target: target.profile.pages is not None, "no pages"),
    "needs-browser": (lambda target: target.profile.pages is not None, "no pages"),
    "needs-way-to-signin": (lambda target: _leads_to_sign_in(target), "no way from protected pages to sign-in"),
    "needs-tasks": (lambda target: target.profile.has_tasks, "no tasks"),
    "needs-session-tasks": (
        lambda target: target.profile.session_section is not None,
        "no tasks that the session opens",
    ),
    "needs-further-routes": (
        lambda target: bool(target.profile.further_routes),
        "no further route or resource",
    ),
    "needs-token": (lambda target: target.profile.credentials.token is not None, "no access token"),
    "needs-jwt": (lambda target: target.profile.credentials.token_is_jwt, "no access token that is a JWT"),
    "needs-shared-secret": (
        lambda target: target.profile.credentials.token_is_jwt,
        "no access token that is a JWT",
    ),
    "needs-jwks": (lambda target: target.profile.operations.jwks is not None, "no published keys"),
    "needs-rotate-keys": (
        lambda target: target.profile.operations.rotate_keys is not None,
        "no way to change the signing key (operations.rotate_keys)",
    ),
    "needs-refresh": (lambda target: target.profile.operations.refresh is not None, "no refresh operation"),
    "needs-proxy": (lambda target: target.profile.proxy is not None, "no way through a front end"),
    "needs-sign-out": (lambda target: target.profile.operations.sign_out is not None, "no sign-out operation"),
    "needs-session-without-sign-out": (
        lambda target: not target.profile.ends_sessions,
        "an operation that ends sessions",
    ),
    "needs-idle-timeout": (
        lambda target: _limit(target, "idle_timeout"),
        "no time without use after which a session ends (credentials.session.idle_timeout)",
    ),
    "needs-absolute-lifetime": (
        lambda target: _limit(target, "absolute_lifetime"),
        "no time after which a session ends however much it is used (credentials.session.absolute_lifetime)",
    ),
    "needs-session-renewal": (
        lambda target: _limit(target, "update_age"),
        "no age at which a use moves the end of a session (credentials.session.update_age)",
    ),
    "needs-remember-me": (
        lambda target: target.profile.operations.sign_in.not_remembered is not None,
        "no way to ask at sign-in not to be remembered",
    ),
    "needs-rate-limit": (
        lambda target: target.profile.rate_limit is not None,
        "no limit on guessing passwords (rate_limit)",
    ),
    "needs-blocklist": (
        lambda target: target.profile.people.refuses_common_passwords,
        "no refusal of common passwords (people.refuses_common_passwords)",
    ),
    "needs-unrevocable-credential": (
        lambda target: bool(target.profile.unrevoked),
        "no credential that outlives sign-out",
    ),
    "needs-change-password": (
        lambda target: target.profile.operations.change_password is not None,
        "no change of the password",
    ),
    "needs-change-password-ending-sessions": (
        lambda target: _ends_other_sessions(target),
        "no change of the password that ends other sessions",
    ),
    "needs-request-reset": (
        lambda target: target.profile.operations.request_reset is not None,
        "no request for a reset of the password (operations.request_reset)",
    ),
    "needs-delete-user": (
        lambda target: target.profile.operations.delete_user is not None,
        "no way to delete an account",
    ),
    "needs-list-sessions": (
        lambda target: target.profile.operations.list_sessions is not None,
        "no list of sessions",
    ),
    "needs-revoke-session": (
        lambda target: target.profile.operations.revoke_session is not None,
        "no way to end one session",
    ),
    "needs-revoke-other-sessions": (
        lambda target: target.profile.operations.revoke_other_sessions is not None,
        "no way to end all other sessions",
    ),
    "needs-alike-signup": (
        lambda target: target.profile.operations.sign_up.answers_alike,
        "no sign-up that answers known and new addresses alike (operations.sign_up.answers_alike = true)",
    ),
    "needs-production": (
        lambda target: target.profile.production,
        "no deployment in production (production = true)",
    ),
    "needs-plain-http": (
        lambda target: target.profile.plain_http is not None,
        'no http address of its own (plain_http = "http://app.example.com")',
    ),
    "needs-intrusive": (
        lambda target: target.profile.intrusive,
        "no leave for requests that can keep it busy (intrusive)",
    ),
    "needs-revoke-all-sessions": (
        lambda target: target.profile.operations.revoke_all_sessions is not None,
        "no way to end all sessions at once",
    ),
}


_NOTHING_LACKS = (
    "needs-session-without-sign-out",
    "needs-unrevocable-credential",
    "needs-intrusive",
    "needs-alike-signup",
    "needs-plain-http",
    "needs-production",
)
"""Needs of scenarios that stand in for others, may harm or hold a promise: who lacks these lacks nothing."""


def _limit(target: Target, name: Literal["idle_timeout", "absolute_lifetime", "update_age"]) -> bool:
    session = target.profile.credentials.session_cookie
    return session is not None and bool(getattr(session, name))


def _leads_to_sign_in(target: Target) -> bool:
    pages = target.profile.pages
    if pages is None:
        return True  # that there are none is said once
    match pages.anonymous:
        case "sent to sign-in":
            return True
        case "refused":
            return False
        case _:
            assert_never(pages.anonymous)


def _ends_other_sessions(target: Target) -> bool:
    change = target.profile.operations.change_password
    return change is not None and change.ends_other_sessions


def capabilities(target: Target) -> dict[str, bool]:
    """For each ``@needs-...`` tag, whether the target has it."""
    found = {need.removeprefix("needs-"): has(target) for need, (has, _) in _GATES.items()}
    return {**found, "https": target.https}


def absences(target: Target) -> list[str]:
    """A sentence for each need that the target lacks, by its profile."""
    gates = dict.fromkeys(gate for need, gate in _GATES.items() if need not in _NOTHING_LACKS)
    missing = [absence for has, absence in gates if not has(target)]
    if target.profile.pages is not None and target.profile.pages.sign_up is False:
        missing.append("no sign-up page")
    if target.profile.tasks is None and target.profile.proxy is not None:
        missing.append("no tasks at the API: those of the front end are judged")
    sentences = [
        f"{absence}, by the profile: what needs it is not applicable" for absence in dict.fromkeys(missing)
    ]
    return sentences if target.https else [*sentences, "no https: what needs it is not applicable"]


def check(target: Target, needs: tuple[str, ...]) -> None:
    """Raise Absent with the sentence why when the profile lacks something needed."""
    for need in needs:
        if need == "needs-https":
            if not target.https:
                raise Absent("The deployment is reached over plain http, as on a developer's machine.")
            continue
        has, absence = _GATES[need]
        if not has(target):
            raise Absent(f"The profile declares {absence}.")
