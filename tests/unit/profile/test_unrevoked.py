"""Which credentials nothing revokes, by a profile's operations and by what it says of sign-out."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.core.errors import Absent
from harness.profile.capabilities import absences, check
from harness.profile.declarations import declarations
from harness.profile.loader import parse_profile
from harness.profile.target import Target

NOWHERE = "https://nowhere.invalid"
NO_SIGN_OUT = "[operations]\nsign_out = false\nrevoke_session = false\nrevoke_other_sessions = false\n"
SESSION, TOKEN = "credentials.session", "credentials.token"
UNTIL_IT_ENDS = 'after_sign_out = "until it ends"\n'


def target(changes: str) -> Target:
    return Target(parse_profile(f'extends = "reference"\n{changes}', "mine.toml", Path()), NOWHERE, NOWHERE)


@pytest.mark.parametrize(
    ("changes", "unrevoked"),
    [
        ("", []),
        (f"[credentials.token]\n{UNTIL_IT_ENDS}", [TOKEN]),
        (f"[credentials.session]\n{UNTIL_IT_ENDS}", [SESSION]),
        (NO_SIGN_OUT, [SESSION, TOKEN]),
        ("operations.sign_out = false\n", []),
        (f'{NO_SIGN_OUT}[credentials.token]\nkind = "opaque"\n', [SESSION, TOKEN]),
    ],
    ids=["all revoked", "a token", "a session", "no sign-out", "another operation ends sessions", "opaque"],
)
def test_what_no_operation_ends_is_unrevoked(changes: str, unrevoked: list[str]) -> None:
    deployment = target(changes)
    assert [*deployment.profile.unrevoked] == unrevoked
    if unrevoked:
        check(deployment, ("needs-unrevocable-credential",))
    else:
        with pytest.raises(Absent, match="declares no credential that outlives sign-out"):
            check(deployment, ("needs-unrevocable-credential",))


def test_only_without_an_operation_that_ends_sessions_their_end_stands_in_for_it() -> None:
    check(target(NO_SIGN_OUT), ("needs-session-without-sign-out",))
    with pytest.raises(Absent, match="declares an operation that ends sessions"):
        check(target(""), ("needs-session-without-sign-out",))


def test_what_stands_in_for_a_lack_is_no_lack_itself() -> None:
    assert not [line for line in absences(target("")) if "outlives" in line or "ends sessions" in line]


def test_a_bound_of_more_than_an_hour_is_shown_to_warn() -> None:
    long = target(f"[credentials.session]\n{UNTIL_IT_ENDS}max_lifetime = 700000\n")
    assert dict(declarations(long.profile))["session"].endswith(
        "outlives sign-out, at most 700000 s, and more than an hour warns"
    )
