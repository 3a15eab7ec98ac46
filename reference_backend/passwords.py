"""Passwords: the policy (NIST SP 800-63B section 3.1.1) and argon2id hashes."""

import gzip
import unicodedata
from functools import lru_cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from reference_backend.errors import ApiError
from reference_backend.settings import Settings

LONGEST_COMPOSITION = 4  # code points that NFKC can make one of, U+1F82 for example
MIN_LOCAL_PART = 4  # a shorter one occurs in passwords by chance


def check_policy(settings: Settings, password: str, email: str) -> None:
    """Raise a 400 ApiError for a password that may not be chosen.

    By its length, or one that guessers try first.
    """
    chosen = _normalise(password)
    if len(chosen) < settings.password_min:
        raise ApiError(
            400, "PASSWORD_TOO_SHORT", f"Password must have at least {settings.password_min} characters"
        )
    if _too_long(settings, password):
        raise ApiError(400, "PASSWORD_TOO_LONG", f"Password must have at most {settings.password_max} characters")
    folded = chosen.casefold()
    if folded in _common() or len(set(folded)) == 1 or _is_the_address(folded, email):
        raise ApiError(400, "PASSWORD_TOO_COMMON", "Password is too easy to guess. Choose another one")


def make_hash(settings: Settings, password: str) -> str:
    """Return an argon2id hash in PHC format."""
    return _hasher(settings).hash(_normalise(password))


def verify(settings: Settings, password_hash: str | None, password: str) -> bool:
    """Say whether the password matches.

    No account (None) costs the same time as a wrong password.
    """
    if _too_long(settings, password):
        return False  # nobody can have chosen it, and hashing a megabyte is not free
    hasher = _hasher(settings)
    try:
        matches = hasher.verify(password_hash or _decoy(hasher), _normalise(password))
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None


def same(one: str, other: str) -> bool:
    """Say whether two texts are one password."""
    return _normalise(one) == _normalise(other)


def _too_long(settings: Settings, password: str) -> bool:
    """Say whether a password is longer than any that may be chosen.

    The one rule for choosing it and for using it: what is hashed is measured. What can't become short enough
    is not normalised first.
    """
    if len(password) > LONGEST_COMPOSITION * settings.password_max:
        return True
    return len(_normalise(password)) > settings.password_max


def _is_the_address(folded: str, email: str) -> bool:
    """Say whether a password is the address or its local part.

    So is one of them with some digits or signs.
    """
    local = email.partition("@")[0]
    for known in (email, local):
        if folded == known:
            return True
        rest = folded.replace(known, "", 1)
        if len(known) >= MIN_LOCAL_PART and rest != folded and not any(map(str.isalpha, rest)):
            return True
    return False


def _normalise(password: str) -> str:
    """Make one text of the ways keyboards have of writing it.

    Spaces and case count.
    """
    return unicodedata.normalize("NFKC", password)


def _hasher(settings: Settings) -> PasswordHasher:
    return _hasher_of(settings.argon2_time, settings.argon2_memory, settings.argon2_parallelism)


@lru_cache
def _hasher_of(time: int, memory: int, parallelism: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time, memory_cost=memory, parallelism=parallelism)


@lru_cache
def _decoy(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")


@lru_cache
def _common() -> frozenset[str]:
    """Return the most used passwords that are long enough, casefolded.

    ASVS 5.0 6.2.4. Compressed, since many are words that nobody wants to come across.
    """
    listed = files("reference_backend").joinpath("common_passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(listed).decode().splitlines())
