"""Which sections of a standard requirements name as their source."""

from __future__ import annotations

import re
from collections.abc import Callable

from harness.core.groups import grouped
from harness.specification.catalogue import requirements
from harness.specification.tags import PART_OF

ASVS = "asvs"
RFC_8725 = "rfc8725"


def cited(standard: str, is_ours: Callable[[str], bool] = bool) -> dict[str, list[str]]:
    """The identities that name each section of a standard, by its number.

    Those that name it as a part of what it demands are included.
    """
    section = re.compile(rf"(?:{PART_OF})?{standard}-([0-9.]+)")
    found = grouped(
        (
            (match[1], requirement.identity)
            for requirement in requirements().values()
            for source in requirement.sources
            if (match := section.fullmatch(source)) and is_ours(match[1])
        ),
        lambda one: one[0],
    )
    return {
        number: list(dict.fromkeys(identity for _, identity in found[number]))
        for number in sorted(found, key=by_number)
    }


def by_number(section: str) -> list[int]:
    """What sorts numbers of sections as readers do."""
    return [int(part) for part in section.split(".")]
