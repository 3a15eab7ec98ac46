"""What a command's exit code says; the first six are pytest's own."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    CONFORMANT = 0
    """Nothing that was asked for is red; of a whole run: conformant. For other commands: done."""
    NOT_CONFORMANT = 1
    """A MUST failed, or a flag or a stale waiver makes something else red."""
    INTERRUPTED = 2
    """Ctrl-C or SIGTERM."""
    HARNESS_ERROR = 3
    """The suite or the network broke, or a secret was found in an artefact (which was removed)."""
    USAGE = 4
    """A flag, a profile, a waiver or another file of the user's is wrong, or an extra is not installed."""
    NOTHING_SELECTED = 5
    """No scenario was selected."""
    TARGET_UNUSABLE = 6
    """The deployment can't be tested as the profile describes it, nothing of it could be judged, or a MUST could
    not for the deployment's state or for a profile that does not fit."""
