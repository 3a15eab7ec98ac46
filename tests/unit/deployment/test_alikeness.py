"""What differs by itself tells no address apart; everything else does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.core.exchange import Exchange
from harness.deployment.alikeness import tells_apart

KNOWN, ONE, OTHER = "known@example.com", "one@example.com", "other@example.com"
SENT = [KNOWN, ONE, OTHER]
JSON = ("Content-Type", "application/json")


def answer(body: Any, status: int = 200, *headers: tuple[str, str]) -> Exchange:
    text = body if isinstance(body, str) else json.dumps(body)
    return Exchange(
        "an attacker", "POST", "https://x.example/sign-up", (), b"", status, (JSON, *headers), text.encode(), 0.1
    )


def user(email: str, number: object, **more: Any) -> dict[str, Any]:
    return {"user": {"id": number, "email": email, "name": "Zoe"}, **more}


def test_ids_and_dates_differ_by_themselves() -> None:
    new = answer(user(ONE, "aX3kd93kdl", at=1)), answer(user(OTHER, "k29dkXls0q", at=2))
    assert tells_apart(answer(user(KNOWN, "zz81", at=3)), new, SENT) is None


@pytest.mark.parametrize(
    "body",
    [
        user(KNOWN, None),
        user(KNOWN, 7) | {"more": 1},
        user(KNOWN, 7) | {"user": {"id": 7, "email": "her-real@example.com", "name": "Zoe"}},
        {"user": None},
        "There is an account already.",
    ],
)
def test_any_other_difference_is_found(body: Any) -> None:
    new = answer(user(ONE, 5)), answer(user(OTHER, 6))
    assert "one says" in str(tells_apart(answer(body), new, SENT))


def test_status_headers_and_cookies_are_compared() -> None:
    new = answer({}, 200, ("Set-Cookie", "a=1")), answer({}, 200, ("Set-Cookie", "a=2"))
    assert (
        tells_apart(answer({}, 422, ("Set-Cookie", "a=3")), new, SENT) == "one is answered 200 and the other 422"
    )
    assert tells_apart(answer({}), new, SENT) == "only one of them has the headers ['set-cookie']"
    further = answer({}, 200, ("Set-Cookie", "b=3"))
    assert tells_apart(further, new, SENT) == "only one of them sets the cookies ['a', 'b']"
    assert "X-Known".lower() in str(
        tells_apart(answer({}, 200, ("Set-Cookie", "a=3"), ("X-Known", "1")), new, SENT)
    )


def test_a_header_that_comes_and_goes_is_not_compared() -> None:
    new = answer({}, 200, ("X-Cache", "HIT")), answer({})
    assert tells_apart(answer({}), new, SENT) is None
    assert tells_apart(answer({}, 200, ("X-Cache", "HIT")), new, SENT) is None


def test_new_ones_that_are_not_alike_can_t_be_compared_with() -> None:
    with pytest.raises(ValueError, match="one is answered 200 and the other 500"):
        tells_apart(answer({}), (answer({}), answer({}, 500)), SENT)
