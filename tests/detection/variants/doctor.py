"""A deployment that is right, described by a profile that names what isn't there."""

from __future__ import annotations

from reference_backend import tasks
from tests.detection.variant_registry import variant

_NOT_THERE = (
    r"was answered 40[45].*: it is not where {} says\. .* If there is no such operation, write `{} = false`"
)


def _missing(place: str) -> str:
    return _NOT_THERE.format(place.replace(".", r"\."), place.rpartition(".")[2])


_SIGN_OUT = (
    "signout-ends-captured-session",
    "signout-stops-new-tokens",
    "signout-clears-the-cookie",
    "signout-ends-access-tokens",
    "refresh-token-refused-after-signout",
)
_REFRESH = (
    "refresh-gives-a-working-token",
    "refresh-token-works-once",
    "refresh-reuse-ends-the-family",
    "refresh-token-refused-after-signout",
)


@variant(
    not_tested=dict.fromkeys(_SIGN_OUT, _missing("operations.sign_out")),
    profile='[operations.sign_out]\npath = "/api/auth/logout"\n',
    code=6,
)
def sign_out_is_elsewhere() -> None:
    """Sign-out works, at another path than the profile says."""


@variant(
    not_tested={
        "csrf-simple-request-changes-nothing": _missing("operations.update_user"),
        "csrf-json-request-changes-nothing": _missing("operations.update_user"),
    },
    profile='[operations.update_user]\npath = "/api/auth/profile"\n',
    code=6,
)
def change_of_the_name_is_elsewhere() -> None:
    """A change of the name works, at another path than the profile says."""


@variant(
    not_tested=dict.fromkeys(_REFRESH, _missing("operations.refresh")),
    profile='[operations.refresh]\npath = "/api/auth/token/refresh"\n',
    code=6,
)
def refresh_is_elsewhere() -> None:
    """Refresh works, at another path than the profile says."""


@variant(
    not_tested=dict.fromkeys(
        _REFRESH,
        r"answered 200 with no access token at /accessToken .*; the answer has /token\. Correct credentials",
    ),
    profile='[credentials.token]\nrefreshed_pointer = "/accessToken"\n',
    code=6,
)
def refreshed_token_is_elsewhere() -> None:
    """Refresh works, and its token has another name than the profile says."""


@variant(
    not_tested={
        "password-change-requires-current-password": _missing("operations.change_password"),
        "password-change-disables-old-password": _missing("operations.change_password"),
        "password-change-ends-other-sessions": _missing("operations.change_password"),
        "sessions-list-shows-own-sessions-only": _missing("operations.list_sessions"),
        "sessions-revoked-session-is-refused": _missing("operations.list_sessions"),
        "idor-session-revocation-is-refused": _missing("operations.list_sessions"),
        "sessions-revoking-others-keeps-current-session": _missing("operations.revoke_other_sessions"),
        "account-deletion-ends-signin": _missing("operations.delete_user"),
        "account-deletion-ends-sessions": _missing("operations.delete_user"),
        "account-deletion-ends-access-tokens": _missing("operations.delete_user"),
    },
    profile="""
[operations]
change_password.path = "/api/account/password"
list_sessions.path = "/api/account/sessions"
revoke_other_sessions.path = "/api/account/sessions/revoke-others"
delete_user.path = "/api/account/delete"
""",
    code=6,
)
def account_operations_are_elsewhere() -> None:
    """Password, sessions and account are changed at other paths than the profile says."""


@variant(
    not_tested={
        "tasks-work-at-the-api": r"not where tasks\.\w+ says\..* write `\w+ = false` under \[tasks\]",
        "tasks-work-through-the-front-end": r"not where proxy\.\w+ says\..* write `\w+ = false` under \[proxy\]",
        "idor-task-read-is-refused": r"not where tasks\.\w+ says\.",
        "idor-task-change-is-refused": r"not where tasks\.\w+ says\.",
        "idor-task-delete-is-refused": r"not where tasks\.\w+ says\.",
    },
    code=6,
)
def tasks_are_only_listed_and_made() -> None:
    """The API has GET and POST for tasks and no route for one of them."""
    tasks.router.routes[:] = [route for route in tasks.router.routes if route.path == "/api/tasks"]  # type: ignore[attr-defined]
