"""`auth-conformance site`: the specification as one page to read in a browser."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from harness.core.exits import Exit
from harness.report.html import site
from harness.specification.gherkin import FeatureError

if TYPE_CHECKING:
    from argparse import Namespace


def main(given: Namespace) -> int:
    """Write the page into the folder; returns the exit code."""
    try:
        page = site.render()
    except FeatureError as error:
        sys.stderr.write(f"auth-conformance site: the specification can't be read.\n{error}\n")
        return Exit.HARNESS_ERROR
    path = given.folder / site.FILE
    try:
        given.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(page, "utf-8")
    except OSError as error:
        sys.stderr.write(
            f'auth-conformance site: "{path}" can\'t be written: {error.strerror}. Name another folder.\n'
        )
        return Exit.USAGE
    sys.stdout.write(f"Wrote {path}.\n")
    return Exit.CONFORMANT
