"""Sign-up that rightly tells whether an address is taken, or rightly doesn't."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from reference_backend import auth
from tests.detection.faults.enumeration import ALIKE, SIGN_UP, answer_taken_addresses
from tests.detection.routes import wrap_route
from tests.detection.variant_registry import variant


@variant(
    not_applicable={SIGN_UP: r"declares no sign-up that answers .*\(operations\.sign_up\.answers_alike = true\)"},
    never_fail_on={"en-signup-reveals-account": "answer 422 'User already exists'"},
)
def sign_up_says_that_an_address_is_taken() -> None:
    """Sign-up answers 422 for a taken address, and no profile promises otherwise."""


@variant(stays_green=SIGN_UP, profile=ALIKE)
def sign_up_answers_a_taken_address_as_a_new_one() -> None:
    """Sign-up answers 200 with a user whose id and dates are made up for a taken address."""
    answer_taken_addresses()
    number = iter(range(1, 1_000_000))

    def sign_up(original: Any, response: Response, **named: Any) -> Any:
        attempt = next(number)
        if attempt == 1:
            response.headers["X-Warm-Up"] = "yes"
        return {**original(response=response, **named), "attempt": attempt}

    wrap_route(auth.router, "sign_up", sign_up)
