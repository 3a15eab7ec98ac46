"""The options of a run in the environment."""

from __future__ import annotations

import difflib
import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.browser.install import VARIABLE as BROWSER
from harness.cli.settings.values import OFF, ON, SettingsError, expected, is_usable
from harness.core.text import did_you_mean
from harness.pytest_plugin.flags import FLAGS, PREFIX, Flag

SETTINGS = f"{PREFIX}SETTINGS"
DEFAULT_TARGET = f"{PREFIX}DEFAULT_TARGET"
URL = f"{PREFIX}URL"
"""Short for the variable of ``--base-url``, as ``url`` is in a settings file."""
READ_ELSEWHERE = {"browser-executable": BROWSER, "postgres-url": f"{PREFIX}POSTGRES_URL"}
"""What stood for an option before all had a variable: whatever needs the value reads it there."""
_OTHERS = ("POSTGRES_IMAGE", "REQUIRE_BROWSER", "CI_RUN", "TEST_LIMIT", "UV", "DATABASE_URL", "JWT_SECRET")
"""What else the suite, its tests and the built-in profiles read."""
KNOWN = (
    *(flag.variable for flag in FLAGS),
    *(SETTINGS, DEFAULT_TARGET, URL),
    *READ_ELSEWHERE.values(),
    *(PREFIX + name for name in _OTHERS),
)
_SWITCHES = {"1": ON, "true": ON, "yes": ON, "on": ON, "0": OFF, "false": OFF, "no": OFF, "off": OFF}
_A_SLIP = 0.8
"""So alike are a name and its misspelling."""


@dataclass(frozen=True)
class Variables:
    """What the environment sets, by an option's key."""

    values: dict[str, Callable[[], list[str]]] = field(default_factory=dict, repr=False)
    names: dict[str, str] = field(default_factory=dict)
    """Of the variables that say so."""

    @property
    def elsewhere(self) -> list[str]:
        """The keys whose variable is read where it is needed."""
        return [key for key, name in self.names.items() if name in READ_ELSEWHERE.values()]


def read_variables(flags: list[Flag]) -> Variables:
    """What the environment sets of these options.

    An empty variable counts as none. Raises SettingsError, which never has the value.
    """
    found = Variables()
    for flag in flags:
        if (name := _variable_of(flag)) is None:
            continue
        found.names[flag.key] = name
        values = [] if name in READ_ELSEWHERE.values() else _read(flag, name)
        found.values[flag.key] = values.copy
    return found


def _variable_of(flag: Flag) -> str | None:
    names = [flag.variable, *([URL] if flag.key == "base-url" else [])]
    names += [READ_ELSEWHERE[flag.key]] if flag.key in READ_ELSEWHERE else []
    present = list(dict.fromkeys(name for name in names if os.environ.get(name)))
    if flag.key == "base-url" and len(present) > 1:
        raise SettingsError(f"{present[0]} and {present[1]} both name the deployment; set one of them.")
    return present[0] if present else None


def _read(flag: Flag, name: str) -> list[str]:
    word = os.environ[name]
    if flag.kind == "switch":
        values = [_SWITCHES.get(word.strip().lower(), "")]
        usable = values != [""]
    else:
        values = _split(word) if flag.kind == "list" else [word]
        usable = all(is_usable(flag, value) for value in values)
    if not usable:
        what, example = expected(flag)
        raise SettingsError(f"the environment variable {name} is not {what}; write it like {name}={example}.")
    return values


def _split(word: str) -> list[str]:
    try:
        return shlex.split(word) or [""]
    except ValueError:
        return [""]


def unknown_variables() -> list[str]:
    """The variables of the suite's prefix that it does not read."""
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in KNOWN)


def check_spelling(names: list[str]) -> list[str]:
    """A warning for each name that nothing reads.

    Raises SettingsError for one that is a known name misspelt: a run would be laxer than it was asked to be.
    """
    for name in names:
        short = name.removeprefix(PREFIX)
        known = [one.removeprefix(PREFIX) for one in KNOWN]
        if difflib.get_close_matches(short, known, n=1, cutoff=_A_SLIP):
            advice = did_you_mean(short, known, form=f"{PREFIX}{{}}")
            raise SettingsError(f"there is no environment variable {name}.{advice}")
    return [
        f"the environment variable {name} is not known: neither the suite nor the profile reads it"
        for name in names
    ]
