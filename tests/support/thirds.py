"""What takes long runs in three thirds, one each day."""

import zlib

THIRD = "--third"
"""The option of pytest that says which: 0, 1 or 2. Without it all of it runs."""
THIRDS = 3
MARK = "a_third_a_day"
"""The marker of tests of a kind of which one third runs."""


def is_due(name: str, third: int | None) -> bool:
    """Whether what has that name is of the third, or all of it runs."""
    return third is None or zlib.crc32(name.encode()) % THIRDS == third
