"""What holds for a command.

Its own words go first, then the environment, the named target, the file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.settings.file import FILE, Layer, SettingsFile, find, read_settings
from harness.cli.settings.values import SettingsError, words_for
from harness.cli.settings.variables import (
    DEFAULT_TARGET,
    SETTINGS,
    check_spelling,
    read_variables,
    unknown_variables,
)
from harness.profile.inheritance import Chain
from harness.profile.loader import chain_of
from harness.profile.toml.problems import ProfileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.pytest_plugin.flags import Flag

NO_FILE = "none"
"""What is given to ``--settings`` where no file is to be taken."""
_URL = "base-url"
_OF_A_URL = ("api-url", "auth-url")
"""Addresses that belong to a deployment's URL."""
_OF_THE_REFERENCE = "reference-setting"


@dataclass(frozen=True)
class Settled:
    """What a command line is completed with."""

    words: tuple[str, ...]
    """Options, to stand before those of the command line."""
    url: str | None
    """The deployment's address, unless the command line has it."""
    said: str
    """Where they come from, in one line; empty for nowhere."""
    warnings: tuple[str, ...]
    file: SettingsFile | None


@dataclass(frozen=True)
class Given:
    """What the command line itself says."""

    words: Sequence[str]
    has_url: bool
    target: str | None = None
    """The word that names a target."""
    settings: str | None = None
    """The value of ``--settings``."""

    def has(self, flag: Flag) -> bool:
        """Whether it has that option."""
        return any(word == flag.name or word.startswith(f"{flag.name}=") for word in self.words)


def value_of(name: str, words: Sequence[str]) -> str | None:
    """The last value of an option among words."""
    found = None
    for place, word in enumerate(words):
        if word.startswith(f"{name}="):
            found = word.partition("=")[2]
        elif word == name and place + 1 < len(words):
            found = words[place + 1]
    return found


def settle(flags: Sequence[Flag], given: Given) -> Settled:
    """Complete a command that has these options. Raises SettingsError."""
    file = settings_file(given.settings)
    variables = read_variables(list(flags))
    name, target = _chosen(file, given, has_url=given.has_url or _URL in variables.values)
    layers = _fitting([variables.values, target, file.own if file is not None else {}], given)
    used, words = set(), list[str]()
    url: str | None = None
    for flag in flags:
        place = next((place for place, layer in enumerate(layers) if flag.key in layer), None)
        if place is None or given.has(flag) or (flag.key == _URL and given.has_url):
            continue
        used.add((place, flag.key))
        if flag.key == _URL:
            (url,) = layers[place][flag.key]()
        else:
            words += words_for(flag, layers[place][flag.key]())
    names = [variables.names[key] for place, key in sorted(used) if place == 0 and key not in variables.elsewhere]
    warnings = check_spelling(_unread(value_of("--target", [*words, *given.words])))
    return Settled(tuple(words), url, _said(file, name, names), tuple(warnings), file)


def settings_file(given: str | None) -> SettingsFile | None:
    """The file that is named, or found upward. Raises SettingsError."""
    here = Path.cwd()
    named = given or os.environ.get(SETTINGS)
    if named == NO_FILE:
        return None
    path = Path(named) if named else find(here)
    return read_settings(path, here) if path is not None else None


def _chosen(file: SettingsFile | None, given: Given, *, has_url: bool) -> tuple[str | None, Layer]:
    """The target that is named, and what the file says of it."""
    by_default = os.environ.get(DEFAULT_TARGET) or (file.default_target if file is not None else None)
    name = given.target or (None if has_url else by_default)
    if name is None:
        return None, {}
    if file is None:
        raise SettingsError(
            f'"{name}" is neither a URL, such as https://app.example.com, nor a feature file, nor a target: '
            f"there is no settings file, {FILE}, here or above."
        )
    return name, file.target(name)


def _fitting(layers: list[Layer], given: Given) -> list[Layer]:
    """The layers without what is meant for another deployment."""
    environment, target, file = layers
    drop: tuple[str, ...] = ()
    if given.has_url or _URL in environment:
        # The addresses beside a URL in the file are of that deployment.
        target, drop = _without(target, _OF_A_URL), _OF_A_URL
    if given.has_url or any(_URL in layer for layer in layers):
        drop = (*drop, _OF_THE_REFERENCE)
    return [environment, target, _without(file, drop)]


def _without(layer: Layer, keys: Sequence[str]) -> Layer:
    return {key: value for key, value in layer.items() if key not in keys}


def _unread(profile: str | None) -> list[str]:
    """The variables that neither the suite nor the profile reads."""
    if not (names := unknown_variables()):
        return []
    try:
        chain = chain_of(profile) if profile is not None else Chain(())
    except ProfileError:
        chain = Chain(())  # it is reported where it is read
    return [name for name in names if not any(name in source.text for source in chain.sources)]


def _said(file: SettingsFile | None, target: str | None, names: Sequence[str]) -> str:
    of_file = [file.shown + (f", target {target}" if target is not None else "")] if file is not None else []
    of_environment = [f"environment: {', '.join(names)}"] if names else []
    parts = [*of_file, *of_environment]
    return f"settings: {'; '.join(parts)}" if parts else ""
