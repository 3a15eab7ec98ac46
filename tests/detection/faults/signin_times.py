"""The time of a failed sign-in tells which addresses have an account."""

from __future__ import annotations

import time
from typing import Any

from reference_backend import passwords
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import wrap

TIMES = "en-signin-timing"
TAKES_AS_LONG = "signin-prevents-timing-enumeration"


def _hash_for(*, known: float, unknown: float) -> None:
    """Have a comparison take so many seconds more."""

    def verify(original: Any, settings: Settings, password_hash: str | None, password: str) -> bool:
        time.sleep(unknown if password_hash is None else known)
        matches: bool = original(settings, password_hash, password)
        return matches

    wrap(passwords, "verify", verify)


@fault(
    level="should",
    defect=TIMES,
    caught_by=TAKES_AS_LONG,
    says="ms for addresses without one and .* tell which addresses have one",
)
def no_hash_is_computed_for_an_unknown_address() -> None:
    """A hash takes a fifth of a second, and an unknown address is answered without one."""
    _hash_for(known=0.2, unknown=0.0)


@fault(
    level="should",
    defect=TIMES,
    caught_by=TAKES_AS_LONG,
    says="ms for addresses without one and .* tell which addresses have one",
)
def an_unknown_address_is_looked_for_elsewhere() -> None:
    """An address that is not found is looked up in another directory, which takes its time."""
    _hash_for(known=0.0, unknown=0.2)
