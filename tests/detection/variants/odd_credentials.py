"""Refusals of odd credentials that are right and unusual."""

from __future__ import annotations

from typing import Any

from reference_backend import bodies
from reference_backend.errors import ApiError
from tests.detection.faults.odd_credentials import ODD, OPERATORS, SQL, take
from tests.detection.seams import replace
from tests.detection.variant_registry import variant


@variant(
    stays_green=(ODD, OPERATORS, SQL),
    never_fail_on={
        "si-empty-or-null-password-accepted": "400/401/422",
        "si-operator-injection": "400/401/422",
    },
)
def what_is_no_text_is_unprocessable() -> None:
    """A body that does not fit is answered 422."""
    replace(bodies, "invalid", lambda *_: ApiError(422, "VALIDATION_ERROR", "Unprocessable"))


@variant(
    stays_green=(ODD, OPERATORS, SQL),
    never_fail_on={"si-sql-injection": "400 for invalid address is the normal answer"},
)
def whatever_is_sent_is_compared_as_text() -> None:
    """Nothing is validated: a number or a list is compared as its text, and wrong."""

    def never(_: Any) -> bool:
        return False

    take(never)
