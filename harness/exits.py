"""What a command's exit code says; the first six are pytest's own."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    CONFORMANT = 0
    """Every applicable MUST that was asked for ran and passed; for other commands: done."""
    NOT_CONFORMANT = 1
    """A MUST failed, or what had to be judged could not be."""
    INTERRUPTED = 2
    """Ctrl-C or SIGTERM."""
    HARNESS_ERROR = 3
    """The suite itself broke."""
    USAGE = 4
    """A flag, a profile or another file of the user's is wrong."""
    NOTHING_SELECTED = 5
    """No scenario was selected."""
    TARGET_UNUSABLE = 6
    """The deployment can't be tested as the profile describes it; nothing was judged."""
