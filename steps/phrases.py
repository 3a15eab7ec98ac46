"""How sentences of the feature files are matched.

Names, devices and quoted texts are typed, never greedy.
"""

from __future__ import annotations

from pytest_bdd import parsers

from harness.deployment.places import PLACES

_PARTS = {
    "Person": r"[A-Z][a-z]+",
    "Device": r"laptop|phone|first device",
    "Verb": r"list|create|read|replace|update|delete",
    "Place": "|".join(PLACES),
    "Words": r".+",
    "Quoted": r"[^\"]*",
}


def _part(pattern: str) -> object:
    """A converter for the parse library: a function with its pattern."""

    def keep(text: str) -> str:
        return text

    keep.pattern = pattern  # type: ignore[attr-defined]
    return keep


_TYPES = {name: _part(pattern) for name, pattern in _PARTS.items()}


def sentence(text: str) -> parsers.parse:
    """A step's sentence with typed parts.

    For example ``{alias:Person} signs in on her {device:Device}``.
    """
    return parsers.parse(text, extra_types=_TYPES)
