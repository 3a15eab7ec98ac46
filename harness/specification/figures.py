"""What a scenario costs: requests, accounts, sessions and seconds, as once measured."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING

from pydantic import Field

from harness.core.record import Record
from harness.specification.catalogue import FEATURES

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = FEATURES / "figures.toml"
"""Made by `make figures` from the report of a whole run against the reference backend."""


class Figures(Record):
    """What a scenario costs, or several together.

    Of a requirement with rows it is the average.
    """

    seconds: float = 0
    requests: float = 0
    sign_ups: float = Field(default=0, alias="sign-ups")
    sign_ins: float = Field(default=0, alias="sign-ins")
    measured: bool = True
    """Whether it ran when the others were measured; if not, these are the median of its flow."""


@cache
def figures() -> dict[str, Figures]:
    """The figures of each requirement, by identity."""
    content = tomllib.loads(FILE.read_text("utf-8"))
    return {identity: Figures.model_validate(one) for identity, one in content.items()}


def total(every: Iterable[Figures]) -> Figures:
    """What several cost together."""
    found = list(every)
    return Figures.model_validate(
        {
            "seconds": sum(one.seconds for one in found),
            "requests": sum(one.requests for one in found),
            "sign-ups": sum(one.sign_ups for one in found),
            "sign-ins": sum(one.sign_ins for one in found),
            "measured": all(one.measured for one in found),
        }
    )
