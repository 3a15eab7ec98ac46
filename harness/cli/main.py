"""The console script: ``run`` is a thin door to pytest, ``serve`` starts the reference backend."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import threading
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pytest

from harness.core.exits import Exit
from harness.profile.loader import load_profile
from harness.profile.target import TargetError
from harness.pytest_plugin.invocation import CommandLine
from harness.reference.launch import reference_target

_ROOT = Path(__file__).parents[2]
_FEATURES = _ROOT / "features"
_ARGPARSE_ERROR = 2
USAGE = """\
usage: auth-conformance run [URL] [options of pytest and of the suite]
       auth-conformance doctor URL --target NAME|FILE [--api-url URL]
       auth-conformance init URL [--api-url URL] [--output FILE]
       auth-conformance profile check FILE
       auth-conformance profile schema
       auth-conformance waivers check|prune FILE
       auth-conformance list [--level LEVEL] [--flow FLOW] [--core] [--format text|json|markdown]
       auth-conformance compare A.json B.json [--format text|json|markdown]
       auth-conformance serve [--port PORT] [--postgres MODE] [--reference-setting NAME=VALUE]
       auth-conformance --version

run      judges the deployment at URL, described by --target NAME|FILE; without a URL it starts the reference
         backend on a Postgres of its own and judges that. All of pytest's options work: -k, -m, -n 2, -x, --lf.
         `auth-conformance run --help` lists them, the suite's own under "auth-conformance".
doctor   says whether the deployment can be tested as the profile describes it, and what will not be tested.
init     looks at a deployment and writes a profile for it, with what it recognised and what is left to fill in.
profile  check says what is wrong with a profile, line by line; schema prints its JSON Schema, for editors.
waivers  check says what is wrong with a file of known failures; prune removes what is stale in it.
list     prints the requirements of the specification, without running it.
compare  says what changed from one run's report.json to another's; its exit code is 1 where anything got worse.
serve    starts the reference backend for a person to click through, until Ctrl-C.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the process's exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = words.pop(0) if words else ""
    match command:
        case "run":
            return run(words)
        case "serve":
            return serve(words)
        case "doctor":
            return _command("doctor", words)
        case "init" | "profile" | "waivers" | "list" | "compare":
            return _command(command, words)
        case "-h" | "--help" | "help":
            sys.stdout.write(USAGE)
            return pytest.ExitCode.OK
        case "--version":
            sys.stdout.write(f"auth-conformance {version('auth-conformance')}\n")
            return pytest.ExitCode.OK
    problem = f'there is no command "{command}"' if command else "a command is missing"
    sys.stderr.write(f"auth-conformance: {problem}.\n{USAGE}")
    return pytest.ExitCode.USAGE_ERROR


def _command(name: str, words: Sequence[str]) -> int:
    # Not before it is asked for: pytest wants to import some libraries itself.
    module = importlib.import_module(f"harness.cli.commands.{name}")
    try:
        return int(module.main(words))
    except SystemExit as stop:
        # argparse says 2, which here is an interruption.
        return Exit.USAGE if stop.code == _ARGPARSE_ERROR else Exit.CONFORMANT
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.INTERRUPTED


def run(words: Sequence[str]) -> int:
    """Hand over to pytest, with the features unless some are named."""
    options = list(words)
    if options and "://" in options[0]:
        options[:1] = ["--base-url", options[0]]
    if not any(_names_features(word) for word in options):
        options.append(str(_FEATURES))
    written = CommandLine(tuple(map(str, words)))
    return int(pytest.main(["-c", str(_settings()), *_cache(), *options], plugins=[written]))


def _names_features(word: str) -> bool:
    path = Path(word.split("::")[0])
    # Another folder is some option's value, such as --report-dir's.
    return not word.startswith("-") and ((path.is_file() and path.suffix == ".feature") or _holds_features(path))


def _holds_features(path: Path) -> bool:
    return path.is_dir() and any(path.glob("*.feature"))


def _settings() -> Path:
    checkout = _ROOT / "pyproject.toml"
    return checkout if checkout.is_file() else _FEATURES / "pyproject.toml"


def _cache() -> list[str]:
    # An installed tool has no folder of its own to write to.
    return [] if os.access(_ROOT, os.W_OK) and (_ROOT / ".git").exists() else ["-p", "no:cacheprovider"]


def serve(words: Sequence[str]) -> int:
    """Start the reference backend, say where it is, and wait for Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="auth-conformance serve")
    parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--postgres", choices=["auto", "url", "docker", "embedded"], default="auto")
    parser.add_argument("--postgres-url", metavar="URL")
    parser.add_argument("--reference-setting", metavar="NAME=VALUE", action="append", default=[])
    given = parser.parse_args(words)
    if wrong := [pair for pair in given.reference_setting if "=" not in pair or not pair.startswith("REFERENCE_")]:
        parser.error(f'--reference-setting "{wrong[0]}" is not of the form REFERENCE_NAME=VALUE.')
    settings = dict(pair.split("=", 1) for pair in given.reference_setting)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        profile = load_profile("reference")
        started = reference_target(profile, given.postgres, given.postgres_url, settings, port=given.port)
        with started as (target, postgres):
            sys.stdout.write(f"The reference backend is at {target.web} ({postgres}). Ctrl-C stops it.\n")
            sys.stdout.flush()
            stop.wait()
    except TargetError as error:
        sys.stderr.write(f"auth-conformance: {error}\n")
        return pytest.ExitCode.USAGE_ERROR
    except KeyboardInterrupt:
        sys.stdout.write("\nStopped.\n")
    return pytest.ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
