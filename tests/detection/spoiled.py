"""`python -m tests.detection.spoiled FLOW FAULT [options of reference_backend]`: the reference backend, spoilt.

FLOW and FAULT are `-` for the backend as it is. With DETECTION_TLS_FILE in the environment (a PEM file with key
and certificate) it is served over TLS.
"""

from __future__ import annotations

import functools
import os
import sys

import uvicorn

from reference_backend.__main__ import main
from tests.detection.registry import find

TLS_VARIABLE = "DETECTION_TLS_FILE"


def run() -> int:
    """Apply the fault, then serve; returns the exit code."""
    flow, name = sys.argv[1:3]
    del sys.argv[1:3]
    if tls_file := os.environ.get(TLS_VARIABLE):
        uvicorn.Config = functools.partial(uvicorn.Config, ssl_keyfile=tls_file, ssl_certfile=tls_file)  # type: ignore[assignment,misc]
    if flow != "-":
        find(flow, name).apply()
    return main()


if __name__ == "__main__":
    sys.exit(run())
