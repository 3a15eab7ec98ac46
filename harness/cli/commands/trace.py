"""`auth-conformance trace`: a trace of a browser scenario, in Playwright's viewer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from harness.core.exits import Exit

if TYPE_CHECKING:
    from argparse import Namespace

_HOST = "127.0.0.1"
_PART = ".trace"
"""How the part of an archive is called that makes it a trace."""


def main(given: Namespace) -> int:
    """Serve the viewer on this machine until Ctrl-C; returns the exit code."""
    if (problem := _problem(given.file)) is not None:
        sys.stderr.write(f"auth-conformance trace: {problem}\n")
        return Exit.USAGE
    sys.stdout.write(f"Opening {given.file} in a browser tab. Ctrl-C ends the viewer.\n")
    sys.stdout.flush()
    code = _shown(given.file, given.port)
    if code:
        sys.stderr.write(f"auth-conformance trace: Playwright's viewer ended with code {code}; see above.\n")
        return Exit.HARNESS_ERROR
    return Exit.CONFORMANT


def _problem(file: Path) -> str | None:
    """Why the file can't be shown, if so."""
    if find_spec("playwright") is None:
        return (
            "the viewer is Playwright's, which is not installed: install playwright, with pip, pipx or uv as you "
            "installed the suite."
        )
    if not file.is_file():
        return (
            f'there is no file "{file}". A failed browser scenario leaves a trace-*.zip in the folder evidence of '
            "its report; report.html has the command."
        )
    if not _is_trace(file):
        return f'"{file}" is no trace of Playwright. Name a trace-*.zip of a report.'
    return None


def _is_trace(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return any(name.endswith(_PART) for name in archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def _shown(file: Path, port: int) -> int:
    """Run the viewer; returns its exit code, 0 on Ctrl-C."""
    # A tab of the user's own browser: Playwright's may not be installed.
    words = ["show-trace", "--host", _HOST, "--port", str(port), str(file)]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Playwright starts a process of its own, which has to end as well.
    viewer = subprocess.Popen([sys.executable, "-m", "playwright", *words], start_new_session=True)  # noqa: S603
    try:
        return viewer.wait()
    except KeyboardInterrupt:
        sys.stdout.write("\nStopped.\n")
        return 0
    finally:
        if viewer.poll() is None:
            os.killpg(viewer.pid, signal.SIGTERM)
            viewer.wait()
