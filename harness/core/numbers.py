"""Numbers that a user types, checked."""

from __future__ import annotations

from harness.core.text import shortened

LONGEST = 86_400.0
"""Seconds in a day: more is a slip, and more than some systems can wait."""
_LONGEST_PAUSE = 60_000
_MOST_DIGITS = 18
_SHOWN = 24


class NumberError(ValueError):
    """A word is no usable number; the message says why."""


def seconds(word: str | None, flag: str, least: float = 0.0) -> float:
    """Seconds from ``least`` to a day. Raises NumberError."""
    shown = shortened(word or "", _SHOWN)
    try:
        found = float(word or "")
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise NumberError(f'{flag} "{shown}" is not a number of seconds; write it like {flag} 60.')
    if found > LONGEST:
        raise NumberError(f"{flag} {shown} is more than a day; give at most {LONGEST:.0f} seconds.")
    if found < least:
        raise NumberError(f"{flag} {shown} leaves no time for any answer; give at least {least:.0f}.")
    return found


def milliseconds(word: str, flag: str) -> float:
    """Milliseconds up to a minute. Raises NumberError."""
    if not (word.isascii() and word.isdecimal() and float(word) <= _LONGEST_PAUSE):
        shown = shortened(word, _SHOWN)
        raise NumberError(
            f'{flag} "{shown}" is not a number of milliseconds up to 60000; write it like {flag} 500.'
        )
    return float(word)


def seed(word: str, flag: str) -> int:
    """The number of an earlier run. Raises NumberError."""
    if not (word.isascii() and word.isdecimal() and len(word) <= _MOST_DIGITS):
        shown = shortened(word, _SHOWN)
        raise NumberError(f'{flag} "{shown}" is not a whole number; give the one that an earlier run printed.')
    return int(word)
