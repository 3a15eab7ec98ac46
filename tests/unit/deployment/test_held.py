"""Where a token stands in the answer to sign-in, and where in the answer to refresh."""

import pytest

from harness.core.exchange import Exchange
from harness.deployment.held import token_in
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
