"""Runs the shell steps of a composite action as GitHub's runner does."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.limits import LIMIT_SECONDS
from tests.support.suite import environment

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_COMPARISON = re.compile(r"(?P<name>[\w.-]+) (?P<how>==|!=) '(?P<value>[^']*)'")
_NAME = re.compile(r"inputs\.(?P<input>[\w-]+)|steps\.(?P<step>[\w-]+)\.outputs\.(?P<output>[\w-]+)")
_SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail")


@dataclass
class Used:
    """A step that hands over to another action."""

    action: str
    given: dict[str, str]


@dataclass
class Ran:
    """What became of a run of the action."""

    outputs: dict[str, str] = field(default_factory=dict)
    used: list[Used] = field(default_factory=list)
    log: dict[str, str] = field(default_factory=dict)
    """What each step printed, by its name."""
    failed: str = ""
    """The step that failed; empty where none did."""
    code: int = 0


class Action:
    """A composite action, read from its file."""

    def __init__(self, path: Path) -> None:
        self.folder = path.parent
        self.content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Its steps."""
        steps: list[dict[str, Any]] = self.content["runs"]["steps"]
        return steps

    def run(self, workspace: Path, temp: Path, given: Mapping[str, str], *, without: tuple[str, ...] = ()) -> Ran:
        """Run it with these inputs; ``without`` leaves out shell steps that ran before."""
        inputs = {name: str(one.get("default", "")) for name, one in self.content["inputs"].items()} | dict(given)
        ran = Ran()
        outputs: dict[str, str] = {}
        for step in self.steps:
            if step["name"] in without or not _holds(step.get("if", "success()"), inputs, outputs, ran.failed):
                continue
            if "uses" in step:
                filled = {name: _filled(value, inputs, outputs) for name, value in step["with"].items()}
                ran.used.append(Used(step["uses"], filled))
                continue
            variables = {name: _filled(str(value), inputs, outputs) for name, value in step.get("env", {}).items()}
            code, log, said = self._shell(step["run"], workspace, temp, variables)
            ran.log[step["name"]] = log
            outputs |= {f"{step.get('id', '')}.{name}": value for name, value in said.items()}
            if code and not ran.failed:
                ran.failed, ran.code = step["name"], code
        ran.outputs = {
            name: _filled(one["value"], inputs, outputs) for name, one in self.content["outputs"].items()
        }
        return ran

    def _shell(
        self, script: str, workspace: Path, temp: Path, variables: Mapping[str, str]
    ) -> tuple[int, str, dict[str, str]]:
        file, output, summary = temp / "step.sh", temp / "output", temp / "summary.md"
        file.write_text(script, "utf-8")
        output.write_text("", "utf-8")
        given = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.folder),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_PATH": str(temp / "path"),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(temp),
        }
        done = subprocess.run(
            (*_SHELL, str(file)),
            cwd=workspace,
            env={**environment(given), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
        pairs = (line.partition("=") for line in output.read_text("utf-8").splitlines())
        return done.returncode, done.stdout, {name: value for name, _, value in pairs}


def _value(name: str, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> str:
    found = _NAME.fullmatch(name)
    assert found, f"the test knows no expression {name}"
    if found["input"]:
        return inputs[found["input"]]
    return outputs.get(f"{found['step']}.{found['output']}", "")


def _filled(text: str, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> str:
    return _EXPRESSION.sub(lambda found: _value(found[1], inputs, outputs), text)


def _holds(condition: str, inputs: Mapping[str, str], outputs: Mapping[str, str], failed: str) -> bool:
    whole = _EXPRESSION.fullmatch(condition)
    parts = (whole[1] if whole else condition).split(" && ")
    return all(_part_holds(part, inputs, outputs, failed) for part in parts) and (
        "always()" in parts or not failed
    )


def _part_holds(part: str, inputs: Mapping[str, str], outputs: Mapping[str, str], failed: str) -> bool:
    if part in ("always()", "success()"):
        return part == "always()" or not failed
    found = _COMPARISON.fullmatch(part)
    assert found, f"the test knows no condition {part}"
    return (_value(found["name"], inputs, outputs) == found["value"]) is (found["how"] == "==")


def expressions(text: str) -> list[str]:
    """The expressions that a text has."""
    return _EXPRESSION.findall(text)
