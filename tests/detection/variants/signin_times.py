"""Failed sign-ins whose times are right and unlike each other."""

from __future__ import annotations

import time
from collections import Counter
from random import Random
from typing import Any

from sqlalchemy.orm import Session as Database

from reference_backend import accounts, passwords
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.seams import wrap
from tests.detection.variant_registry import variant

TIMES = "en-signin-timing"
TAKES_AS_LONG = "signin-prevents-timing-enumeration"


@variant(stays_green=TAKES_AS_LONG, never_fail_on={TIMES: "Network noise"})
def a_slow_network_scatters_times() -> None:
    """Answers to sign-ins take up to a sixth of a second more, at random."""
    chance = Random()

    def sign_in(original: Any, *rest: Any, **named: Any) -> Any:
        time.sleep(chance.random() / 6)
        return original(*rest, **named)

    wrap(accounts, "sign_in", sign_in)


@variant(stays_green=TAKES_AS_LONG, never_fail_on={TIMES: "rate limits"})
def each_failure_slows_the_next_one_down() -> None:
    """An address is answered later after each failed sign-in, whether it has an account or not."""
    failures = Counter[str]()

    def sign_in(original: Any, db: Database, settings: Settings, email: str, password: str) -> User:
        time.sleep(min(0.06 * failures[email], 0.3))
        failures[email] += 1
        user: User = original(db, settings, email, password)
        failures.pop(email)
        return user

    wrap(accounts, "sign_in", sign_in)


@variant(stays_green=TAKES_AS_LONG, never_fail_on={TIMES: "tiny hash cost in test configs"})
def a_hash_costs_next_to_nothing() -> None:
    """No hash is computed for an unknown address, and none takes longer than a network's own noise."""

    def verify(original: Any, settings: Settings, password_hash: str | None, password: str) -> bool:
        if password_hash is None:
            return False
        matches: bool = original(settings, password_hash, password)
        return matches

    wrap(passwords, "verify", verify)
