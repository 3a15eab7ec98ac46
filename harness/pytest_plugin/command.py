"""What `auth-conformance run` adds to pytest.

Only feature files run, and a misspelt option is answered.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
from pathlib import Path

import pytest

from harness.core.text import did_you_mean
from harness.specification.catalogue import FEATURES


def pytest_load_initial_conftests(parser: pytest.Parser, args: list[str]) -> None:
    """Refuse an unknown option in one sentence; pytest would print a page."""
    _, unknown = parser.parse_known_and_unknown_args(args, argparse.Namespace())
    if unknown:
        raise pytest.UsageError(_there_is_no(unknown[0].partition("=")[0], parser))


def _there_is_no(option: str, parser: pytest.Parser) -> str:
    set_for_all = shlex.split(os.environ.get("PYTEST_ADDOPTS", ""))
    if any(word.partition("=")[0] == option for word in set_for_all):
        return (
            f'there is no option "{option}", which stands in PYTEST_ADDOPTS. Empty that for this command, '
            "or, where the option is a plugin's, load the plugin with -p in it."
        )
    known = re.findall(r"(?<!\S)--?[\w-]+", parser.optparser.format_help())
    advice = did_you_mean(option, dict.fromkeys(known), otherwise=" `auth-conformance run --help` names them.")
    return f'there is no option "{option}".{advice}'


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Run the suite's own feature files where none are named."""
    if not config.getoption("file_or_dir", default=None):  # none where pytest only prints its help
        config.args = [str(FEATURES)]
    for argument in config.args:
        path = Path(config.invocation_params.dir, argument.partition("::")[0])
        if not (path.is_dir() or (path.suffix == ".feature" and path.is_file())):
            raise pytest.UsageError(
                f'"{argument}" is neither a URL, such as https://app.example.com, nor a feature file '
                "or a folder of them."
            )


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector:
    """Take a folder as a folder, whatever is in it."""
    # pytest would import its __init__.py.
    return pytest.Dir.from_parent(parent, path=path)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave everything alone that is no feature file."""
    return None if collection_path.is_dir() or collection_path.suffix == ".feature" else True
