"""Writes the script: its people, its requests and the comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from harness.core.text import listed
from harness.evidence.repro.comparison import checks
from harness.evidence.repro.decided import commands, needs_readings
from harness.evidence.repro.quotes import in_comment, quoted
from harness.evidence.repro.values import Variable

if TYPE_CHECKING:
    from harness.core.decisions import Decision
    from harness.evidence.repro.passage import Passage
    from harness.evidence.repro.slices import Request, Slice
    from harness.results.result import Result

_BODY_METHODS = ("POST", "PUT", "PATCH")
_BEFORE = "before this scenario"


@dataclass(frozen=True)
class Plan:
    """What a script is made of.

    ``steps`` has the words of the step for each exchange of the scenario; ``preparing`` and ``deciding`` are
    numbers of exchanges: those that must work for anything to be said, and those whose answers are compared.
    ``pair`` are two that were distinguished by their texts; ``decisions`` are further comparisons that decided.
    ``waits`` are seconds to wait before an exchange; ``passage`` is how each request gets through.
    """

    requests: Slice
    steps: dict[int, str]
    preparing: frozenset[int]
    deciding: frozenset[int]
    telling: frozenset[int]
    pair: tuple[int, ...]
    decisions: tuple[Decision, ...]
    waits: dict[int, float]
    bases: dict[str, str]
    passage: Passage


def render(result: Result, plan: Plan) -> str:
    """The whole script."""
    requests = list(plan.requests)
    used = [variable for request in requests for variable in request.variables]
    variables = [*plan.passage.variables, *used]
    lines = [*_head(result, variables, plan), "", _resource("functions.sh").rstrip()]
    lines += [*_in_python(variables, plan), *_checks_environment(variables), *plan.passage.lines()]
    lines += ["", *_introduction(result)]
    defined: set[int] = set()
    step = None
    for request in requests:
        now = plan.steps.get(request.index, _BEFORE)
        if now != step:
            step = now
            lines += ["", f"# --- {in_comment(step)} ---"]
        lines += ["", *_request(request, requests, plan, defined)]
    return "\n".join([*lines, "", "conclude", ""])


def _head(result: Result, variables: Sequence[Variable], plan: Plan) -> Iterator[str]:
    yield "#!/bin/sh"
    yield f"# {in_comment(result.title)} ({in_comment(result.key)})"
    yield "#"
    yield "# Sends again what the suite sent, with accounts of its own, and compares the answers that decided."
    yield "# Needs curl 7.74 or newer and what POSIX has. Its passwords and tokens are its own, and not shown."
    if names := _environment(variables):
        yield f"# Takes {listed(names, 'and')} from the environment; no value of the suite's stands in here."
    yield "# Exit code: 0 the same answers came, 1 others did, 2 it could not be run."
    yield f"# To run it against another place, set {listed(plan.bases, 'and')}."
    yield "# shellcheck disable=SC2016,SC2034,SC2317,SC2329"
    yield "set -eu"
    yield "export LC_ALL=C"
    for name, url in plan.bases.items():
        yield f'[ -n "${{{name}:-}}" ] || {name}={quoted(url)}'
        yield f"{name}=${{{name}%/}}"


def _in_python(variables: Sequence[Variable], plan: Plan) -> Iterator[str]:
    needed = [name for name in IN_PYTHON if any(f"$({name} " in one.definition for one in variables)]
    needed += ["readings"] if needs_readings(plan.decisions) else []
    if needed:
        yield from ("", "command -v python3 >/dev/null || cannot 'python3 is needed for what POSIX has not'")
    for name in needed:
        yield from IN_PYTHON[name]


def _environment(variables: Sequence[Variable]) -> list[str]:
    """The names of the variables that the user sets."""
    return list(dict.fromkeys(one.name for one in variables if one.is_given))


def _checks_environment(variables: Sequence[Variable]) -> Iterator[str]:
    for name in _environment(variables):
        yield ""
        yield f'[ -n "${{{name}:-}}" ] || cannot "set {name} to what the suite was given in it"'
        yield f"export {name}"
        yield f'secret "${name}"'


def _introduction(result: Result) -> Iterator[str]:
    yield f"say {quoted(in_comment(f'Requirement: {result.title}'))}"
    yield f"say {quoted(in_comment(f'Expected {result.expected}.'))}"
    yield f"say {quoted(in_comment(f'The suite saw: {result.came}.'))}"


def _request(request: Request, requests: Sequence[Request], plan: Plan, defined: set[int]) -> Iterator[str]:
    exchange = request.exchange
    if seconds := plan.waits.get(request.index):
        yield f"say {quoted(f'  waiting {seconds:.0f} s, as the suite did')}"
        yield f"sleep {seconds:.0f}"
    yield from _definitions(request.variables, defined)
    yield f"# {in_comment(exchange.who)}"
    yield f"step={quoted(in_comment(f'{exchange.who}: {exchange.method} {request.path_shown}'))}"
    yield " \\\n  ".join(_command(request))
    yield from _judged(request, plan, defined, requests)
    captured = {id(one): one for later in requests for one in later.variables if one.after == request.index}
    otherwise = "missing" if request.index in plan.preparing else "gone"
    yield from _definitions(list(captured.values()), defined, otherwise)


def _definitions(variables: Sequence[Variable], defined: set[int], otherwise: str = "") -> Iterator[str]:
    for variable in variables:
        if id(variable) in defined or not variable.definition:
            continue
        defined.add(id(variable))
        yield f"{variable.name}={variable.definition}{_or_else(variable, otherwise)}"
        if variable.is_secret:
            yield f'secret "${variable.name}"'


def _or_else(variable: Variable, otherwise: str) -> str:
    if "$(forge " in variable.definition:
        return ' || cannot "the token could not be forged"'
    return f" || {otherwise} {quoted(variable.about)}" if variable.about else ""


def _command(request: Request) -> Iterator[str]:
    exchange = request.exchange
    method = exchange.method
    path = request.path.word()
    yield f'ask {method} "${request.base}"{path if path != quoted("") else ""}'
    for name, text in request.headers:
        yield f"--header {text.word(before=f'{name}: ')}"
    sends_body = request.body is not None or method in _BODY_METHODS
    if sends_body and not any(name.lower() == "content-type" for name, _ in request.headers):
        yield "--header 'Content-Type:'"
    if sends_body:
        yield f"--data-raw {request.body.word() if request.body is not None else quoted('')}"


def _judged(request: Request, plan: Plan, defined: set[int], requests: Sequence[Request]) -> Iterator[str]:
    index, status = request.index, request.exchange.status
    everything = {id(one): one for earlier in requests for one in earlier.variables}
    known = [one for key, one in everything.items() if key in defined or not one.definition]
    if index in plan.preparing:
        yield f"prepared {status}"
        yield from commands(plan.decisions, request.exchange, known)
    if index not in plan.telling:
        if index not in plan.preparing:
            yield f"same_status {status}"
        return
    yield "show"
    if index in plan.preparing:
        return
    yield f"deciding {status}" if index in plan.deciding else f"same_status {status}"
    asked = [one.exchange for one in requests if one.index <= index]
    yield from checks(request.exchange, known, asked)
    yield from commands(plan.decisions, request.exchange, known)
    if index in plan.pair:
        values = " ".join(f'"${one.name}"' for one in known if one.definition)
        yield f"compared {plan.pair.index(index)} {values}".rstrip()
        if index == max(plan.pair):
            yield "differ_from_each_other 0 1"


def _resource(name: str) -> str:
    return files("harness.evidence.repro").joinpath(name).read_text("utf-8")


IN_PYTHON = {
    "forge": (
        "# forge TOKEN CHANGES KEY",
        "forge() {",
        "  python3 - \"$@\" <<'PYTHON'",
        _resource("forger.py"),
        "PYTHON",
        "}",
    ),
    "readings": (
        "# readings FILE...",
        "readings() {",
        "  python3 - \"$@\" <<'PYTHON'",
        files("harness.wire").joinpath("readings.py").read_text("utf-8"),
        "PYTHON",
        "}",
    ),
    "base64url": (
        "base64url() { python3 -c 'import base64, os, sys",
        'print(base64.urlsafe_b64encode(os.fsencode(sys.argv[1])).rstrip(b"=").decode())\' "$1"; }',
    ),
}
"""What POSIX has not: HMAC and base64, to make tokens and to read what is encoded."""
