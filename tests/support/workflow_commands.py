"""Reads a job's log as GitHub's runner does: which commands it carries out, and what it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

COMMANDS = {"error", "warning", "notice", "group", "endgroup", "add-mask", "add-path", "set-env", "set-output"}
_TWO_COLONS = re.compile(r"\s*::(?P<name>[\w-]+)(?: (?P<properties>[^:]*))?::(?P<data>.*)")
_BRACKETS = re.compile(r".*?##\[(?P<name>[\w-]+)(?: (?P<properties>[^\]]*))?\](?P<data>.*)")


@dataclass
class Said:
    """A command that was carried out."""

    name: str
    data: str
    properties: dict[str, str]


@dataclass
class Log:
    """What became of the lines: commands, and others with the group that they are in."""

    commands: list[Said] = field(default_factory=list)
    shown: list[tuple[str, str]] = field(default_factory=list)
    token: str = ""

    def of(self, name: str) -> list[Said]:
        """The commands of that name."""
        return [one for one in self.commands if one.name == name]

    def in_group(self, title: str) -> str:
        """The lines shown in that group."""
        return "\n".join(line for group, line in self.shown if group == title)


def read(output: str) -> Log:
    """Read a log to its end."""
    log, group = Log(), ""
    for line in output.splitlines():
        found = _TWO_COLONS.match(line) or _BRACKETS.match(line)
        name = found["name"].lower() if found else ""
        if log.token:
            log.token = "" if name == log.token else log.token
            log.shown.append((group, line))
        elif found and name == "stop-commands":
            log.token = found["data"]
        elif found and name in COMMANDS:
            said = Said(name, _plain(found["data"]), _properties(found["properties"] or ""))
            log.commands.append(said)
            group = {"group": said.data, "endgroup": ""}.get(name, group)
        else:
            log.shown.append((group, line))
    return log


def _properties(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(",") if part)
    return {name.strip(): _plain(value) for name, _, value in pairs}


def _plain(text: str) -> str:
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, character)
    return text
