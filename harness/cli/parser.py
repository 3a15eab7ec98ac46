"""Every command and option, declared in one place.

Nothing of what a command needs is imported for it.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from auth_conformance import __version__
from harness.core import numbers
from harness.core.exits import Exit
from harness.core.text import did_you_mean, shortened
from harness.core.verdict import Level
from harness.pytest_plugin.flags import FLAGS, SECTIONS, USAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    Commands = argparse._SubParsersAction["Parser"]  # noqa: SLF001 - argparse gives it no other name

_INIT = """\
Looks at the deployment at URL with a few harmless requests (it never signs up
or in) and writes a profile, with comments on what it recognised, what it
guesses and what to fill in, to standard output or to a new FILE. With --try it
signs up one person, tries what it saw, and writes only what works, as `run`
without --target finds it.
"""
_RUN = """\
Judges a deployment: at URL, or a target of the settings file. Without --target
it looks at it first, as init does, signs up one person to try what it saw, and
judges by the profile so found. Without a URL it judges the reference backend.
"""
_RUN_MORE = """\
examples:
  auth-conformance run https://staging.example.com --target security/auth.toml
  auth-conformance run staging --strict --dry-run
  auth-conformance run staging -- -k signin -m "core and not needs-browser" -n 2

What follows `--` is pytest's, and so is any other option (--pytest-help). The
path of a feature file, or of a folder of them, runs these instead of our own.
Options may stand in auth-conformance.toml, and in the environment, such as
AUTH_CONFORMANCE_API_URL and AUTH_CONFORMANCE_STRICT=1.
"""


SHELLS = ("bash", "zsh", "fish")
_EXAMPLES = {
    "doctor": "doctor https://staging.example.com --target security/auth.toml",
    "cleanup": "cleanup https://staging.example.com --target security/auth.toml",
    "init": "init https://staging.example.com --try --output security/auth.toml",
    "profile": "profile check security/auth.toml",
    "waivers": "waivers prune security/waivers.toml --report build/report/report.json",
    "list": "list --target security/auth.toml --level must",
    "site": "site build/specification",
    "compare": "compare before/report.json build/report/report.json --format markdown",
    "trace": "trace build/report/evidence/browser-signin-works/trace-1.zip",
    "serve": "serve --port 8000 --reference-setting REFERENCE_JWT_ALGORITHM=EdDSA",
    "completion": "completion bash >~/.local/share/bash-completion/completions/auth-conformance",
}
"""One of each command; `run` has its own."""
_HIGHEST_PORT = 65_535
_PORT_DIGITS = 5


class Format(argparse.RawDescriptionHelpFormatter):
    """Help as it is written, with room for our longest options."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=29)


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors say what to write.

    They end with this project's exit code.
    """

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - argparse's own
        super().__init__(**{"allow_abbrev": False, **attributes})

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one sentence, after the usage.

        A misspelt word with the one that was meant.
        """
        if wrong := re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message):
            choices = re.findall(r"[\w-]+", wrong[2])
            message = f"{message}.{did_you_mean(wrong[1], choices)}"
        self.exit(Exit.USAGE, f"{self.format_usage()}{self.prog}: {message}\n")

    def takes(self, option: str) -> bool:
        """Whether it has that option."""
        return option in self._option_string_actions

    def stop(self, error: Exception) -> NoReturn:
        """End with what is wrong beside the command line."""
        self.exit(Exit.USAGE, f"{self.prog}: {error}\n")

    def require(self, missing: str) -> NoReturn:
        """End because something is missing that no setting gave either."""
        self.error(f"the following arguments are required: {missing}")

    def refuse(self, unknown: Sequence[str]) -> NoReturn:
        """End with the first unknown word, and the option probably meant."""
        word = unknown[0].partition("=")[0]
        if not word.startswith("-"):
            self.error(f'"{word}" is one word too many.')
        self.error(f'there is no option "{word}".{did_you_mean(word, self._option_string_actions)}')


def command_line() -> Parser:
    """The parser of the whole command.

    ``module`` in its result names what carries the command out.
    """
    parser = Parser(
        prog="auth-conformance",
        description="An executable specification of email-and-password authentication, for any deployment.",
    )
    parser.add_argument("--version", action="version", version=f"auth-conformance {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    parser.set_defaults(parser=parser)
    for declare in COMMANDS.values():
        declare(commands)
    return parser


def _command(commands: Commands, name: str, short: str, description: str = "", **attributes: Any) -> Parser:  # noqa: ANN401
    parser = commands.add_parser(
        name,
        help=short,
        description=description or f"{short[0].upper()}{short[1:]}.",
        formatter_class=Format,
        **{"epilog": f"example:\n  auth-conformance {_EXAMPLES.get(name, name)}", **attributes},
    )
    parser.set_defaults(module=f"harness.cli.commands.{name}", parser=parser)
    return parser


def _run(commands: Commands) -> None:
    parser = _command(
        commands,
        "run",
        "judge a deployment",
        _RUN,
        usage=f"auth-conformance run {USAGE}",
        epilog=_RUN_MORE,
    )
    parser.add_argument("--pytest-help", action="store_true", help="list pytest's options, and exit")
    parser.add_argument("--help-pytest", dest="pytest_help", action="store_true", help=argparse.SUPPRESS)
    _settings(parser)
    for section in SECTIONS:
        group = parser.add_argument_group(section)
        for flag in FLAGS:
            if flag.section == section:
                group.add_argument(flag.name, **flag.attributes)


def _doctor(commands: Commands) -> None:
    parser = _command(
        commands, "doctor", "say whether a deployment can be tested as its profile says, and what will not be"
    )
    _deployment(parser, throttle_budget=60)
    parser.add_argument("--browser-executable", metavar="PATH", help="the Chromium to use (found or installed)")
    _report_dir(parser, "where its accounts are written down until they are deleted")
    parser.add_argument("--no-browser", action="store_true", help="look at no page in a browser")


def _report_dir(parser: Parser, says: str) -> None:
    default = "build/report"
    parser.add_argument(
        "--report-dir", metavar="DIR", type=Path, default=Path(default), help=f"{says} ({default})"
    )


def _port(word: str) -> int:
    if not (word.isascii() and word.isdecimal() and len(word) <= _PORT_DIGITS and int(word) <= _HIGHEST_PORT):
        raise argparse.ArgumentTypeError(
            f'"{shortened(word, 24)}" is no port; give one from 0 to {_HIGHEST_PORT}.'
        )
    return int(word)


def _deployment(parser: Parser, throttle_budget: int) -> None:
    """What says where a deployment is, and how it is reached."""
    _url(parser)
    parser.add_argument("--target", metavar="NAME|FILE", help="its profile")
    parser.add_argument("--api-url", metavar="URL", help="the API's base URL, if it is another one")
    parser.add_argument("--auth-url", metavar="URL", help="the auth server's base URL, if that is a third one")
    _reached(parser)
    parser.add_argument(
        "--throttle-budget",
        metavar="SECONDS",
        type=_seconds,
        default=float(throttle_budget),
        help=f"for 429s ({throttle_budget})",
    )


def _url(parser: Parser) -> None:
    """The deployment, and the file that says more of it."""
    # Neither is required here: a settings file may say it.
    parser.add_argument(
        "url", metavar="URL|TARGET", nargs="?", help="its public address, or a target of the settings file"
    )
    _settings(parser)
    parser.set_defaults(settles=True)


def _settings(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--settings", metavar="FILE", help="the settings file, or none (found upward)")


def _reached(parser: Parser) -> None:
    """What says whose TLS certificates are accepted, and how long to wait."""
    parser.add_argument("--ca", metavar="FILE", type=Path, help="certificates of an authority of its own, in PEM")
    parser.add_argument("--insecure", action="store_true", help="accept any TLS certificate")
    parser.add_argument(
        "--wait-for", metavar="SECONDS", type=_waiting, default=0.0, help="how long to wait until it is up (0)"
    )


def _cleanup(commands: Commands) -> None:
    parser = _command(commands, "cleanup", "delete the accounts that a run left behind, by its journal")
    _deployment(parser, throttle_budget=300)
    _report_dir(parser, "the report's folder of that run")


def _waiting(word: str) -> float:
    return _seconds(word, "--wait-for")


def _seconds(word: str, flag: str = "--throttle-budget") -> float:
    try:
        return numbers.seconds(word, flag)
    except numbers.NumberError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _init(commands: Commands) -> None:
    parser = _command(commands, "init", "write a first profile for a deployment", _INIT)
    _url(parser)
    parser.add_argument("--api-url", metavar="URL", help="the API's base URL, if it is another one")
    parser.add_argument("--output", metavar="FILE", type=Path, help="where to write the profile (default: stdout)")
    parser.add_argument(
        "--try", dest="tries", action="store_true", help="sign up one person, and write what works"
    )
    parser.add_argument("--reach", metavar="FILE", help="take the [reach] of this file, and write it down as well")
    _reached(parser)


def _profile(commands: Commands) -> None:
    parser = _command(commands, "profile", "check or show a profile, or print the JSON Schema of profiles")
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|show|schema")
    check = actions.add_parser("check", help="say what is wrong with a profile, or what it declares")
    check.add_argument("file", metavar="FILE", help="a profile, or the name of a built-in one")
    check.set_defaults(parser=check)
    show = actions.add_parser("show", help="print what a profile amounts to with what it extends")
    show.add_argument("file", metavar="FILE", help="a profile, or the name of a built-in one")
    show.set_defaults(parser=show)
    schema = actions.add_parser("schema", help="print the JSON Schema of profiles, for editors")
    schema.set_defaults(parser=schema)


def _waivers(commands: Commands) -> None:
    parser = _command(commands, "waivers", "check a file of known failures, or remove what is stale in it")
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|prune")
    check = actions.add_parser("check", help="say what is wrong with a file, and what expires soon")
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument(
        "--allow-critical-waivers", action="store_true", help="let it cover a MUST of critical severity"
    )
    check.set_defaults(parser=check)
    prune = actions.add_parser("prune", help="remove what is stale: expired, unknown, or no longer needed")
    prune.add_argument("file", type=Path, metavar="FILE")
    prune.add_argument("--report", type=Path, metavar="JSON", help="the report.json of a run with these waivers")
    prune.add_argument("--dry-run", action="store_true", help="say what would be removed and change nothing")
    prune.set_defaults(parser=prune)


def _list(commands: Commands) -> None:
    parser = _command(commands, "list", "print the requirements of the specification, without running it")
    parser.add_argument("--format", choices=["text", "json", "markdown"], default="text", help="(text)")
    parser.add_argument("--level", choices=[level.value for level in Level], help="only those of that level")
    parser.add_argument("--flow", metavar="FLOW", help="only those of a feature file, such as signin")
    parser.add_argument("--core", action="store_true", help="only what every deployment is judged by first")
    parser.add_argument(
        "--target", metavar="NAME|FILE", help="what of it would run there, what not and why, and what it costs"
    )
    _settings(parser)


def _site(commands: Commands) -> None:
    parser = _command(commands, "site", "write the specification as one page to read in a browser")
    parser.add_argument(
        "folder", metavar="DIR", type=Path, nargs="?", default=Path("docs/site"), help="the folder (docs/site)"
    )


def _compare(commands: Commands) -> None:
    parser = _command(
        commands,
        "compare",
        "say what changed from one run to another; the exit code is 1 if anything got worse",
    )
    parser.add_argument("before", metavar="A.json", help="the report.json of the earlier run")
    parser.add_argument("after", metavar="B.json", help="the report.json of the later run")
    parser.add_argument("--format", choices=["text", "markdown", "json"], default="text", help="(text)")


def _serve(commands: Commands) -> None:
    parser = _command(commands, "serve", "start the reference backend to click through, until Ctrl-C")
    parser.add_argument("--port", type=_port, default=0, help="the port on 127.0.0.1 (default: a free one)")
    for flag in FLAGS:
        if flag.section == "the reference backend":
            parser.add_argument(flag.name, **flag.attributes)
    _settings(parser)
    parser.set_defaults(settles=True)


def _trace(commands: Commands) -> None:
    parser = _command(commands, "trace", "open a trace of a browser scenario in Playwright's viewer, until Ctrl-C")
    parser.add_argument("file", metavar="FILE", type=Path, help="a trace-*.zip of a report")
    parser.add_argument("--port", type=_port, default=0, help="the port on 127.0.0.1 (default: a free one)")


def _completion(commands: Commands) -> None:
    parser = _command(commands, "completion", "print what makes a shell complete this command")
    parser.add_argument("shell", choices=SHELLS, help="the shell that is to read it")


COMMANDS = {
    "run": _run,
    "doctor": _doctor,
    "cleanup": _cleanup,
    "init": _init,
    "profile": _profile,
    "waivers": _waivers,
    "list": _list,
    "site": _site,
    "compare": _compare,
    "trace": _trace,
    "serve": _serve,
    "completion": _completion,
}
"""Each command by its name, in the order of the help."""
