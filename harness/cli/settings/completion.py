"""Completes the command line of a command other than `run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli.announcement import announce
from harness.cli.settings.file import is_target_name
from harness.cli.settings.settled import Given, settle
from harness.cli.settings.values import SettingsError
from harness.pytest_plugin.flags import FLAGS

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence


def completed(given: Namespace, words: Sequence[str]) -> list[str]:
    """The command line with the words of the settings.

    Ends the command where a setting is wrong.
    """
    url: str | None = getattr(given, "url", None)
    target = url if url is not None and is_target_name(url) else None
    flags = [
        flag for flag in FLAGS if given.parser.takes(flag.name) or (flag.key == "base-url" and "url" in given)
    ]
    said = Given(words, has_url=url is not None and target is None, target=target, settings=given.settings)
    try:
        settled = settle(flags, said)
        if "url" in given and url is None and settled.url is None and settled.file is not None:
            _must_be_none(settled.file.unchosen(given.command))
    except SettingsError as error:
        given.parser.stop(error)
    for line in (settled.said, *settled.warnings):
        if line:
            announce(line)
    rest = list(words)
    if target is not None:
        rest.remove(target)
    return [given.command, *settled.words, *rest, *([settled.url] if settled.url is not None else [])]


def _must_be_none(sentence: str | None) -> None:
    if sentence is not None:
        raise SettingsError(sentence)
