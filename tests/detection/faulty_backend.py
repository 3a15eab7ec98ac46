"""`python -m tests.detection.faulty_backend FLOW FAULT [FLOW FAULT...] [options]`: the reference backend, faulty.

FLOW and FAULT are `-` for the backend as it is; of several faults each is planted on top of the ones before.
With DETECTION_TLS_FILE in the environment (a PEM file with key and certificate) it is served over TLS.
"""

from __future__ import annotations

import functools
import itertools
import os
import sys

import uvicorn

from reference_backend.__main__ import main
from tests.detection.registry import find

TLS_VARIABLE = "DETECTION_TLS_FILE"


def run() -> int:
    """Apply the faults, then serve; returns the exit code."""
    words = list(itertools.takewhile(lambda word: not word.startswith("--"), sys.argv[1:]))
    del sys.argv[1 : len(words) + 1]
    if tls_file := os.environ.get(TLS_VARIABLE):
        uvicorn.Config = functools.partial(uvicorn.Config, ssl_keyfile=tls_file, ssl_certfile=tls_file)  # type: ignore[assignment,misc]
    for flow, name in zip(words[::2], words[1::2], strict=True):
        if flow != "-":
            find(flow, name).apply()
    return main()


if __name__ == "__main__":
    sys.exit(run())
