"""What an option may be set to outside of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core import numbers
from harness.profile.target import TargetError, base_url
from harness.reference.launch import reference_settings
from harness.wire.listener import place_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.pytest_plugin.flags import Flag, Kind


class SettingsError(Exception):
    """A setting can't be used.

    The message says where it stands and what to write.
    """


_CHECKS: dict[Kind, Callable[[str], object]] = {
    "seconds": lambda word: numbers.seconds(word, ""),
    "limit": lambda word: numbers.seconds(word, "", least=1),
    "milliseconds": lambda word: numbers.milliseconds(word, ""),
    "number": lambda word: numbers.seed(word, ""),
    "url": lambda word: base_url(word, ""),
    "listener": place_of,
    "list": lambda word: reference_settings([word]),
}
EXPECTED: dict[Kind, tuple[str, str]] = {
    "seconds": ("a number of seconds up to a day", "60"),
    "limit": ("a number of seconds from 1 up to a day", "15"),
    "milliseconds": ("a whole number of milliseconds up to 60000", "500"),
    "number": ("a whole number, which an earlier run printed", "12345"),
    "url": ("a base URL, without user, query and fragment", "https://app.example.com"),
    "listener": ("of the form HOST:PORT", "192.0.2.7:0"),
    "list": ("of the form REFERENCE_NAME=VALUE", "REFERENCE_JWT_ALGORITHM=EdDSA"),
    "switch": ("1 or 0, for on or off", "1"),
}
"""What a value of the kind has to be, and an example."""
_NUMBERS: tuple[Kind, ...] = ("seconds", "limit", "milliseconds", "number")


def is_usable(flag: Flag, word: str) -> bool:
    """Whether an option can have that value."""
    if (choices := flag.attributes.get("choices")) is not None:
        return word in choices
    try:
        _CHECKS.get(flag.kind, str)(word)
    except (numbers.NumberError, TargetError, ValueError):
        return False
    return True


def expected(flag: Flag) -> tuple[str, str]:
    """What its value has to be, and an example."""
    if (choices := flag.attributes.get("choices")) is not None:
        return f"one of {', '.join(choices)}", str(choices[0])
    return EXPECTED[flag.kind]


def is_number(flag: Flag) -> bool:
    """Whether TOML writes its value as a number."""
    return flag.kind in _NUMBERS


def words_for(flag: Flag, values: list[str]) -> list[str]:
    """The option as words of a command line."""
    if flag.kind == "switch":
        return [flag.name] if values == [ON] else []
    return [f"{flag.name}={value}" for value in values]


ON = "1"
"""The value of a switch that is on."""
OFF = "0"
