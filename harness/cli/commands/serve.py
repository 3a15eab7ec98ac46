"""`auth-conformance serve`: the reference backend, for a person to click through."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

from harness.core.exits import Exit
from harness.profile.loader import load_profile
from harness.profile.target import TargetError
from harness.reference.launch import reference_settings, reference_target

if TYPE_CHECKING:
    from argparse import Namespace


def main(given: Namespace) -> int:
    """Serve the reference backend until Ctrl-C or SIGTERM; returns the exit code."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        settings = reference_settings(given.reference_setting)
        started = reference_target(
            load_profile("reference"), given.postgres, given.postgres_url, settings, port=given.port
        )
        with started as (target, postgres):
            sys.stdout.write(f"The reference backend is at {target.web} ({postgres}). Ctrl-C stops it.\n")
            sys.stdout.flush()
            stop.wait()
    except TargetError as error:
        sys.stderr.write(f"auth-conformance serve: {error}\n")
        return Exit.USAGE
    except KeyboardInterrupt:
        sys.stdout.write("\nStopped.\n")
    return Exit.CONFORMANT
