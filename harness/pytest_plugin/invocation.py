"""The words that the user wrote, where pytest is called for them; imports nothing that pytest rewrites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


@dataclass(frozen=True)
class CommandLine:
    """Given to pytest as a plugin: the words after the command's name."""

    words: tuple[str, ...]


def words_of(config: pytest.Config) -> list[str]:
    """What the user wrote after the command's name."""
    given = [plugin for plugin in config.pluginmanager.get_plugins() if isinstance(plugin, CommandLine)]
    return list(given[0].words) if given else [str(word) for word in config.invocation_params.args]
