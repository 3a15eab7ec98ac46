"""Passwords of a megabyte that cost too much."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from reference_backend import passwords
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.seams import wrap

HUGE = "password-of-a-megabyte-costs-little"
COST = "pp-huge-password-cost"
LONG = 100_000
SECONDS = 3.0
"""How long a hash takes that looks at all of a long password in each of its rounds."""


def hash_in_rounds(password: str) -> None:
    """Hash a long password again and again, as a key derivation without a first digest does."""
    until = time.monotonic() + SECONDS
    while len(password) > LONG and time.monotonic() < until:
        hashlib.sha256(password.encode()).digest()


def give_up(password: str) -> None:
    """Raise ValueError for a long password, as some hashes do."""
    if len(password) > LONG:
        raise ValueError("password too long to hash")


def at_sign_in(act: Callable[[str], None]) -> None:
    """Let ``act`` have each password that is verified."""

    def verify(original: Any, settings: Settings, known: str | None, password: str) -> bool:
        act(password)
        verified: bool = original(settings, known, password)
        return verified

    wrap(passwords, "verify", verify)


def at_sign_up(act: Callable[[str], None]) -> None:
    """Let ``act`` have each password that is chosen."""

    def check(original: Any, settings: Settings, password: str, email: str) -> None:
        act(password)
        original(settings, password, email)

    wrap(passwords, "check_policy", check)


@fault(
    defect=COST,
    caught_by=HUGE,
    says="sign-in refuses a password of a megabyte .*; but of 2 tries each was slow",
    level="should",
)
def sign_in_hashes_a_megabyte_in_each_round() -> None:
    """Nothing limits the length, and each round of the hash looks at all of it."""
    at_sign_in(hash_in_rounds)


@fault(
    defect=COST,
    caught_by=HUGE,
    says="sign-up refuses a password of a megabyte .*; but of 2 tries each was slow",
    level="should",
)
def sign_up_hashes_a_megabyte_in_each_round() -> None:
    """The length is looked at when the hash is there."""
    at_sign_up(hash_in_rounds)


@fault(defect=COST, caught_by=HUGE, says="sign-in refuses a password of a megabyte .*500 .*came", level="should")
def sign_in_breaks_at_a_megabyte() -> None:
    """The hash raises an error that nobody expects."""
    at_sign_in(give_up)


@fault(defect=COST, caught_by=HUGE, says="sign-up refuses a password of a megabyte .*500 .*came", level="should")
def sign_up_breaks_at_a_megabyte() -> None:
    """The hash raises an error that nobody expects."""
    at_sign_up(give_up)
