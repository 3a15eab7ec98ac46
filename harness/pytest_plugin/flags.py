"""The suite's options as they are written on a command line.

Imports no pytest, so that help is there at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from harness.profile.inheritance import builtin_names

Section = Literal[
    "the deployment", "what makes the run red", "how it is judged", "the report", "the reference backend"
]


Kind = Literal[
    "switch",
    "text",
    "choice",
    "list",
    "url",
    "listener",
    "path",
    "profile",
    "program",
    "seconds",
    "limit",
    "milliseconds",
    "number",
]
"""What an option's value is.

A ``program`` is a path, or a name on the PATH; a ``limit`` is seconds that leave time for an answer.
"""


@dataclass(frozen=True)
class Flag:
    """One option; ``attributes`` are argparse's, which pytest takes as well."""

    section: Section
    name: str
    attributes: dict[str, Any]
    kind: Kind = "text"
    is_pytests: bool = False
    """Whether pytest has it in any case, so that only our help has to name it."""

    @property
    def key(self) -> str:
        """Its name in a settings file."""
        return self.name.removeprefix("--")

    @property
    def variable(self) -> str:
        """The environment variable that stands for it."""
        return PREFIX + self.key.replace("-", "_").upper()


def _switch(section: Section, name: str, says: str, *, is_pytests: bool = False) -> Flag:
    return Flag(section, name, {"action": "store_true", "help": says}, "switch", is_pytests)


def _value(
    section: Section, name: str, metavar: str, says: str, default: str | None = None, *, kind: Kind | None = None
) -> Flag:
    attributes = {"metavar": metavar, "help": says, "default": default}
    return Flag(section, name, attributes, kind or _KINDS.get(metavar, "text"))


USAGE = "[URL|TARGET] [options] [-- options of pytest]"
PREFIX = "AUTH_CONFORMANCE_"
"""What the environment variables of the suite begin with."""
_KINDS: dict[str, Kind] = {
    "URL": "url",
    "FILE": "path",
    "DIR": "path",
    "NAME|FILE": "profile",
    "PATH": "program",
    "HOST:PORT": "listener",
    "SECONDS": "seconds",
    "MILLISECONDS": "milliseconds",
    "N": "number",
}
"""The kind of value that a word of the help stands for."""


FLAGS = (
    _value("the deployment", "--base-url", "URL", "its public address (none: the reference backend)"),
    _value("the deployment", "--api-url", "URL", "its API's base URL, if it is another one"),
    _value("the deployment", "--auth-url", "URL", "its auth server's base URL, if it is a third one"),
    _value(
        "the deployment",
        "--target",
        "NAME|FILE",
        f"its profile: {', '.join(builtin_names())} or a TOML file (without: looks)",
    ),
    _value("the deployment", "--ca", "FILE", "certificates of an authority of its own, in PEM"),
    _switch("the deployment", "--insecure", "accept any TLS certificate; the report says so"),
    _value("the deployment", "--wait-for", "SECONDS", "how long to wait until it is up (0)", "0"),
    _value(
        "the deployment",
        "--listener",
        "HOST:PORT",
        "where this machine may listen and the deployment reaches it (127.0.0.1:0 where that is local)",
    ),
    _switch("what makes the run red", "--strict", "a SHOULD that does not hold, too", is_pytests=True),
    _switch("what makes the run red", "--require-tested", "a scenario that could not be judged, too"),
    _value("what makes the run red", "--waivers", "FILE", "all but the known failures in this TOML file"),
    _switch("what makes the run red", "--allow-critical-waivers", "let them cover a MUST of critical severity"),
    Flag(
        "how it is judged",
        "--features",
        {
            "metavar": "DIR",
            # pytest-bdd has a `features` already.
            "dest": "own_features",
            "help": "run your own feature files, with the modules in DIR/steps, beside ours",
        },
        "path",
    ),
    _switch(
        "how it is judged",
        "--skip-doctor",
        "judge even if sign-up or the identity probe fails",
    ),
    _switch("how it is judged", "--dry-run", "say what would run and its cost; send nothing"),
    _value("how it is judged", "--max-wait", "SECONDS", "the longest wait for one expiry (15)", "15"),
    _value("how it is judged", "--throttle-budget", "SECONDS", "how long to wait for 429s in all (900)", "900"),
    _value(
        "how it is judged", "--answer-limit", "SECONDS", "the longest wait for one answer (15)", "15", kind="limit"
    ),
    _value(
        "how it is judged",
        "--page-limit",
        "SECONDS",
        "the longest wait for what a page does (10)",
        "10",
        kind="limit",
    ),
    _value("how it is judged", "--browser-executable", "PATH", "the Chromium to use (found or installed)"),
    _switch("how it is judged", "--headed", "show the browser's windows"),
    _value("how it is judged", "--slowmo", "MILLISECONDS", "wait so long before each thing done in them (0)", "0"),
    _value("how it is judged", "--seed", "N", "the people of an earlier run, by its number"),
    _value("the report", "--report-dir", "DIR", "where the report goes (build/report)", "build/report"),
    _value("the report", "--history", "DIR", "keep the verdicts, and show what changed since"),
    _value("the report", "--cucumber-messages", "FILE", "write the run as Cucumber messages (NDJSON), too"),
    _switch("the report", "--no-traces", "keep no Playwright trace of failed scenarios"),
    Flag(
        "the reference backend",
        "--postgres",
        {
            "choices": ["auto", "url", "docker", "embedded"],
            "default": "auto",
            "help": "where its database comes from (auto: the first that works)",
        },
        "choice",
    ),
    _value(
        "the reference backend", "--postgres-url", "URL", "a Postgres in which it may make a database", kind="text"
    ),
    Flag(
        "the reference backend",
        "--reference-setting",
        {
            "metavar": "NAME=VALUE",
            "action": "append",
            "default": [],
            "help": "a setting of it, such as REFERENCE_JWT_ALGORITHM=EdDSA",
        },
        "list",
    ),
)
"""Every option of a run but pytest's own."""

SECTIONS: tuple[Section, ...] = get_args(Section)
