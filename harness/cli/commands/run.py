"""`auth-conformance run`: judges a deployment, by way of pytest."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from harness.pytest_plugin.invocation import print_help, run_pytest

if TYPE_CHECKING:
    from argparse import Namespace

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def main(given: Namespace) -> int:
    """Run the specification; returns pytest's exit code."""
    if given.help_pytest:
        return print_help()
    words = list(given.words)
    urls = [word for word in given.unknown if _URL.match(word)]
    if len(urls) > (given.base_url is None):
        given.parser.error(f'"{urls[-1]}" is one URL too many: a run judges one deployment.')
    for url in urls:
        words.remove(url)
        words += ["--base-url", url]
    return run_pytest(words, given.words, Path(given.report_dir, ".pytest_cache").absolute())
