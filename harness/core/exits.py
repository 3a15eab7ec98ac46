"""What a command's exit code says; the first six are pytest's own."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    CONFORMANT = 0
    """Nothing that was asked for is red; of a whole run: conformant. For other commands: done."""
    NOT_CONFORMANT = 1
    """A MUST failed, a flag or a stale waiver makes something else red, nothing could be judged, or something
    could not be judged because the profile does not fit the deployment."""
    INTERRUPTED = 2
    """Ctrl-C or SIGTERM."""
    HARNESS_ERROR = 3
    """The suite or the network broke, or a secret was found in an artefact (which was removed)."""
    USAGE = 4
    """A flag, a profile, a waiver or another file of the user's is wrong, or an extra is not installed."""
    NOTHING_SELECTED = 5
    """No scenario was selected."""
    TARGET_UNUSABLE = 6
    """The deployment can't be tested as the profile describes it; nothing was judged."""
