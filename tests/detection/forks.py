"""Processes that begin with all libraries loaded: starting is two thirds of a run of few scenarios."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.detection.preloaded"])


def become(environment: Mapping[str, str], output: Path) -> None:
    """Make this process what a new one in that environment would be, with standard error in a file.

    It ends when the process that asked for it is gone.
    """
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.dont_write_bytecode, sys.pycache_prefix = False, environment["PYTHONPYCACHEPREFIX"]
    with output.open("wb") as file:
        os.dup2(file.fileno(), 2)


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
