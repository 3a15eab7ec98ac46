"""`auth-conformance trace` with Playwright's own viewer."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.support.limits import LIMIT_SECONDS
from tests.support.suite import ROOT, environment


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_viewer_is_served_here_until_it_is_ended_and_leaves_no_process(
    tmp_path: Path, number: signal.Signals
) -> None:
    file = tmp_path / "trace-1.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("trace.trace", "")
    # On a PATH without a browser's opener no tab opens on the screen of whoever runs this.
    running = subprocess.Popen(
        [sys.executable, "-m", "auth_conformance", "trace", str(file)],
        cwd=ROOT,
        env=environment({"PATH": str(tmp_path)}),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        address = next(found[0] for line in running.stdout if (found := re.search(r"http://127.0.0.1:\d+", line)))
        with urllib.request.urlopen(address, timeout=LIMIT_SECONDS) as answer:
            assert b"Playwright" in answer.read()
        os.kill(running.pid, number)
        # The viewer has the other end of the pipe: this ends when it has.
        assert running.stdout.read().endswith("Stopped.\n")
        assert running.wait(LIMIT_SECONDS) == 0
    finally:
        running.terminate()
        running.wait()
