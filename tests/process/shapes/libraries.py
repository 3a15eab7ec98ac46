"""Deployments of third-party libraries, each from one file and packages of its own in pinned versions."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from examples.common.servers import answers
from harness.core.processes import free_port, start
from tests.support.limits import LIMIT_SECONDS
from tests.support.suite import ROOT
from tests.support.uv import uv

HERE = Path(__file__).parent
BUILT = ROOT / "build" / "shapes"


@contextlib.contextmanager
def library(name: str, *words: str, folder: Path) -> Iterator[str]:
    """The deployment of that library on a free port: its URL; its data is in the folder.

    ``words`` are further arguments of its program.
    """
    port = free_port()
    with start(
        [*_program(name), str(port), str(folder / "data.db"), *words],
        name=name,
        ready=answers(port, "/"),
        timeout=LIMIT_SECONDS,
        env=dict(os.environ),
        cwd=BUILT / name if is_of_npm(name) else HERE / name,
        cleanup_paths=[folder / "nothing"],
    ):
        yield f"http://127.0.0.1:{port}"


def is_of_npm(name: str) -> bool:
    """Whether Node runs it, with packages of npm."""
    return (HERE / name / "app.js").exists()


def _program(name: str) -> list[str]:
    if is_of_npm(name):
        return ["node", str(_installed_by_npm(name))]
    return [str(_installed_by_pip(name)), str(HERE / name / "app.py")]


def _installed_by_pip(name: str) -> Path:
    """The Python of an environment with the packages of its requirements.txt."""
    wanted, environment = HERE / name / "requirements.txt", BUILT / name
    mark = environment / wanted.name
    if not mark.exists() or mark.read_bytes() != wanted.read_bytes():
        python = str(environment / "bin" / "python")
        _run(uv(), "venv", "--quiet", "--clear", "--python", sys.executable, str(environment))
        _run(uv(), "pip", "install", "--quiet", "--python", python, "--requirement", str(wanted))
        shutil.copy(wanted, mark)
    return environment / "bin" / "python"


def _installed_by_npm(name: str) -> Path:
    """The program beside its packages."""
    place = BUILT / name
    place.mkdir(parents=True, exist_ok=True)
    lock = HERE / name / "package-lock.json"
    installed = place / "node_modules" / ".package-lock.json"  # npm writes it last
    mark = place / lock.name
    if not installed.exists() or not mark.exists() or mark.read_bytes() != lock.read_bytes():
        shutil.copy(HERE / name / "package.json", place)
        shutil.copy(lock, mark)
        _run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", cwd=place)
    shutil.copy(HERE / name / "app.js", place)
    return place / "app.js"


def _run(*words: str, cwd: Path | None = None) -> None:
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
