"""What a shell can't take as an argument is refused."""

import pytest

from harness.evidence.repro.quotes import Unquotable, quoted


def test_what_no_argument_can_hold_is_refused() -> None:
    with pytest.raises(Unquotable, match="NUL"):
        quoted("a\0b")
    with pytest.raises(Unquotable, match="200000 bytes"):
        quoted("x" * 200_000)
