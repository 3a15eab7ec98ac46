"""Where a token stands in the answer to sign-in, and where in the answer to refresh."""

import pytest

from harness.core.exchange import Exchange
from harness.deployment.errors import Missing
from harness.deployment.held import session_alone, token_in
from harness.deployment.people import PersonFactory
from harness.profile.credentials import Token
from harness.profile.loader import load_profile
from harness.profile.target import Target

ANSWER = Exchange(
    "Ann",
    "POST",
    "http://127.0.0.1:3000/x",
    [],
    b"",
    200,
    [("X-Ticket", "Ticket in-a-header"), ("Set-Cookie", "ticket=in-a-cookie; Path=/")],
    b'{"first": "at-sign-in", "next": {"value": "at-refresh"}}',
    0.0,
)


@pytest.mark.parametrize(
    ("place", "first", "refreshed"),
    [
        ({"pointer": "/first"}, "at-sign-in", "at-sign-in"),
        ({"pointer": "/first", "refreshed_pointer": "/next/value"}, "at-sign-in", "at-refresh"),
        ({"response_header": "X-Ticket", "scheme": "Ticket"}, "in-a-header", "in-a-header"),
        (
            {"response_header": "X-Ticket", "scheme": "Ticket", "refreshed_pointer": "/next/value"},
            "in-a-header",
            "at-refresh",
        ),
        ({"cookie": "ticket"}, "in-a-cookie", "in-a-cookie"),
        ({"cookie": "ticket", "refreshed_pointer": "/next/value"}, "in-a-cookie", "at-refresh"),
        ({"pointer": "/first", "refreshed_pointer": "/nowhere"}, "at-sign-in", None),
    ],
)
def test_a_token_is_found_where_the_profile_says(place: dict[str, str], first: str, refreshed: str | None) -> None:
    profile = load_profile("reference")
    token = Token.model_validate({"kind": "opaque", "issued_by": "sign_in", **place})
    credentials = profile.credentials.model_copy(update={"token": token})
    target = Target(profile.model_copy(update={"credentials": credentials}), "http://127.0.0.1:3000", "")
    assert token_in(target, ANSWER) == first
    assert token_in(target, ANSWER, refreshed=True) == refreshed


# --- a session cookie that is not there ---

HERE = "http://127.0.0.1:3000"
NAME_IT = "ame the deployment's session cookie in credentials.session.cookie of the profile."


def missing(*cookies: str, visited: tuple[str, ...] = ()) -> Missing:
    """What is said of a device whose answers set these cookies."""
    profile = load_profile("reference")
    device = PersonFactory(profile.people, 1).person("Ann").device("laptop")
    for cookie in cookies:
        device.jar.store([cookie], f"{HERE}/api/auth/some-answer")
    device.visited = visited
    with pytest.raises(Missing) as raised:
        session_alone(Target(profile, HERE, HERE), device)
    return raised.value


def test_a_cookie_that_never_came_is_to_be_named() -> None:
    said = missing("sid=1; Path=/", "theme=dark; Path=/")
    assert said.reason == (
        'Ann\'s laptop holds no cookie "auth.session_token" although signed in; it holds "sid" and "theme".'
    )
    assert said.remedy == f"N{NAME_IT}"
    assert missing().reason.endswith("although signed in.")


def test_a_session_that_ended_is_told_as_that() -> None:
    said = missing("auth.session_token=1; Path=/", "auth.session_token=; Path=/; Max-Age=0")
    assert said.reason == (
        'Ann\'s laptop holds no cookie "auth.session_token" any more: the answer to '
        f"{HERE}/api/auth/some-answer deleted it."
    )
    assert NAME_IT not in said.remedy


def test_of_a_browser_it_is_told_what_it_asked_for() -> None:
    said = missing(visited=("POST /signin", "GET /tasks", "GET /sign-out"))
    assert said.reason == (
        'the browser in which Ann signed in holds no cookie "auth.session_token". It asked for POST /signin, '
        "GET /tasks, GET /sign-out."
    )
    assert said.remedy == f"If one of these ends the session unasked, correct the page; otherwise n{NAME_IT}"
