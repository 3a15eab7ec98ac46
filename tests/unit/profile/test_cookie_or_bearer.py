"""An API that takes the session's cookie or an opaque token is judged by both."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from harness.profile.loader import parse_profile
from harness.profile.profile import Profile
from tests.support import fake_deployment
from tests.support.fake_deployment import Answer, Asked, Deployment, Session
from tests.unit.profile.behaviour import VARIABLES, behaviour

DOCS = (Path(__file__).parents[3] / "docs" / "profile.intro.md").read_text("utf-8")
OPERATIONS = """
[operations.sign_up]
method = "POST"
path = "/signup"
json = { name = "{name}", email = "{email}", password = "{password}" }
[operations.sign_in]
method = "POST"
path = "/login"
json = { email = "{email}", password = "{password}" }
[operations.session]
method = "GET"
path = "/me"
identity = { id = "/user/id", email = "/user/email", name = "/user/name" }
outcomes.unauthenticated = { status = 200, null_body = true }
[operations.sign_out]
method = "POST"
path = "/logout"
[people]
min_password_length = 12
"""


def profile() -> Profile:
    """The example of the docs, for the deployment in this process."""
    found = re.search(r"```toml\n(\[credentials.session\]\n[^`]*?\[proxy\][^`]*?)```", DOCS)
    assert found is not None
    example = (
        found[1]
        .replace('"/notes', '"/tasks')
        .replace("text =", "title =")
        .replace("lifetime = 900", "lifetime = 7200")
    )
    paths = example.replace(
        'title = "/text"', 'title = "/title"\nitems = "/items"\nitem = "/item"\nnext = "/next"'
    )
    return parse_profile(f'name = "both"\ntitle = "Cookie or token"\n{OPERATIONS}{paths}', "both.toml", Path())


class BreaksOnWrongTokens(Deployment):
    """A token that is none ends in an exception."""

    def _routed(self, asked: Asked) -> Answer:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token and asked.path.startswith("/tasks") and self._opened_by(token) is None:
            return Answer(500, [], b"")
        return super()._routed(asked)


class NeverEndsTokens(Deployment):
    """The end of a session is looked at where its cookie comes, and not where its token does."""

    def _session(self, asked: Asked) -> Session | None:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        return self.holding(token) or super()._session(asked)


class NeverEndsCookies(Deployment):
    """Sign-out ends what a token opens, and not what the cookie does."""

    def _end(self, session: Session) -> None:
        self.by_cookie = {**getattr(self, "by_cookie", {}), session.ticket: session}
        super()._end(session)

    def _session(self, asked: Asked) -> Session | None:
        kept: dict[str, Session] = getattr(self, "by_cookie", {})
        return super()._session(asked) or kept.get(asked.cookies.get("sid", ""))


def judged(kind: type[Deployment], monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """How each requirement was judged, all its scenarios and rows together."""
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(fake_deployment, "Deployment", kind)
    found: dict[str, set[str]] = defaultdict(set)
    for act in behaviour(profile()):
        found[act.name].update(act.judged[-1:])
    return found


def test_a_correct_one_passes_by_both(monkeypatch: pytest.MonkeyPatch) -> None:
    found = judged(Deployment, monkeypatch)
    del found["profile check"], found["doctor"], found["cookie-session-has-a-prefix"]  # it has none
    assert {name: words for name, words in found.items() if words - {"pass", "NotApplicable"}} == {}
    by_token = ("tasks-work-at-the-api", "error-malformed-token-is-refused", "expiry-expired-token-is-refused")
    by_cookie = (
        "tasks-work-through-the-front-end",
        "signout-ends-captured-session",
        "csrf-front-end-is-protected",
    )
    assert [name for name in (*by_token, *by_cookie) if "pass" not in found[name]] == []


@pytest.mark.parametrize(
    ("kind", "requirement"),
    [
        (BreaksOnWrongTokens, "error-malformed-token-is-refused"),
        (BreaksOnWrongTokens, "token-is-verified-on-every-route"),
        (NeverEndsTokens, "expiry-expired-token-is-refused"),
        (NeverEndsCookies, "signout-ends-captured-session"),
    ],
)
def test_what_is_wrong_with_one_of_them_is_reported(
    kind: type[Deployment], requirement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Unmet" in judged(kind, monkeypatch)[requirement]
