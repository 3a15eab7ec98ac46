"""What a command says while it is at work."""

from __future__ import annotations

import sys

from harness.core.text import printable


def announce(text: str) -> None:
    """Print a line on standard error."""
    sys.stderr.write(f"  {printable(text)}\n")
