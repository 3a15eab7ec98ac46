"""`python -m tests.detection.faulty_backend MODULE NAME [MODULE NAME...] [options]`: the backend, changed.

MODULE is `faults.<flow>` or `variants.<flow>` and NAME a fault or a correct variant of it; both are `-` for the
backend as it is. Of several each is planted on top of the ones before.
With DETECTION_TLS_FILE in the environment (a PEM file with key and certificate) it is served over TLS.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import os
import sys

import uvicorn

from reference_backend.__main__ import main

TLS_VARIABLE = "DETECTION_TLS_FILE"


def run() -> int:
    """Plant what is named, then serve; returns the exit code."""
    words = list(itertools.takewhile(lambda word: not word.startswith("--"), sys.argv[1:]))
    del sys.argv[1 : len(words) + 1]
    if tls_file := os.environ.get(TLS_VARIABLE):
        uvicorn.Config = functools.partial(uvicorn.Config, ssl_keyfile=tls_file, ssl_certfile=tls_file)  # type: ignore[assignment,misc]
    for module, name in zip(words[::2], words[1::2], strict=True):
        if module != "-":
            # The function itself, with no other module of faults imported.
            getattr(importlib.import_module(f"tests.detection.{module}"), name.replace("-", "_"))()
    return main()


if __name__ == "__main__":
    sys.exit(run())
