"""Dates of HTTP headers."""

from __future__ import annotations

from email.utils import parsedate_to_datetime


def unix_time(date: str) -> float | None:
    """Seconds since 1970 of a date (RFC 9110 section 5.6.7), or None.

    None where it is no date, or has numbers that no machine can count.
    """
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None
