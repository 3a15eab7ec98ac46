"""`auth-conformance list`: the requirements of the specification, without running it."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

from harness.cli.settings.planned import planned_target
from harness.cli.settings.values import SettingsError
from harness.core.exits import Exit
from harness.core.groups import grouped
from harness.core.redaction import redact
from harness.core.text import counted, did_you_mean, json_text, listed
from harness.profile.target import TargetError
from harness.profile.toml.problems import ProfileError
from harness.report import plan
from harness.report.markup import code, plain, table
from harness.specification.catalogue import Requirement, requirements
from harness.specification.gherkin import FeatureError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Collection, Iterable, Sequence

_WIDTH = 100
_INDENT = "  "


def main(given: Namespace) -> int:
    """Print what was asked for.

    Returns the exit code, `Exit.NOTHING_SELECTED` where no requirement fits.
    """
    try:
        every = list(requirements().values())
    except FeatureError as error:
        sys.stderr.write(f"auth-conformance list: the specification can't be read.\n{error}\n")
        return Exit.HARNESS_ERROR
    flows = dict.fromkeys(one.feature for one in every)
    if given.flow is not None and given.flow not in flows:
        advice = did_you_mean(given.flow, flows, otherwise=f" There are {listed(flows, 'and')}.")
        sys.stderr.write(f'auth-conformance list: there is no flow "{given.flow}".{advice}\n')
        return Exit.USAGE
    chosen = [one for one in every if _is_asked_for(one, given)]
    if not chosen:
        sys.stderr.write(f"auth-conformance list: none of the {len(every)} requirements match.\n")
        return Exit.NOTHING_SELECTED
    if given.target is not None:
        return _planned(given, {one.identity for one in chosen})
    sys.stdout.write({"text": _text, "json": _json, "markdown": _markdown}[given.format](chosen))
    return Exit.CONFORMANT


def _planned(given: Namespace, chosen: Collection[str]) -> int:
    try:
        target, named = planned_target(given.target, given.settings)
    except (ProfileError, TargetError, SettingsError) as error:
        sys.stderr.write(f"auth-conformance list: {error}\n")
        return Exit.USAGE
    selected = [one for one in plan.specification() if one.identity in chosen]
    found = plan.plan_for(selected, target, named)
    said = {"text": plan.text, "json": plan.json, "markdown": plan.markdown}[given.format](found)
    sys.stdout.write(redact(said))
    return Exit.CONFORMANT


def _is_asked_for(one: Requirement, given: Namespace) -> bool:
    return (
        given.level in (None, one.level.value)
        and given.flow in (None, one.feature)
        and (one.core or not given.core)
    )


def _needs(one: Requirement) -> list[str]:
    return [need.removeprefix("needs-") for need in one.needs]


def _total(chosen: Sequence[Requirement]) -> str:
    scenarios = sum(one.scenarios for one in chosen)
    return f"{counted(len(chosen), 'requirement')}, {counted(scenarios, 'scenario')}"


def _text(chosen: Sequence[Requirement]) -> str:
    width = max(len(one.identity) for one in chosen)
    lines: list[str] = []
    for flow, found in grouped(chosen, lambda one: one.feature).items():
        lines += [f"{flow}: {_total(found)}", *(line for one in found for line in _entry(one, width)), ""]
    return "\n".join([*lines, f"{_total(chosen)} in all", ""])


def _entry(one: Requirement, width: int) -> Iterable[str]:
    """The requirement's columns.

    Sources go on below where they don't fit, and needs stand below.
    """
    core = "core" if one.core else ""
    columns = (
        f"{_INDENT}{one.identity:<{width}}  {one.level:<6}  {one.severity:<8}  {core:<4}  {one.scenarios:>2}  "
    )
    below = " " * len(columns)
    yield from textwrap.wrap(
        " ".join(one.sources),
        _WIDTH,
        initial_indent=columns,
        subsequent_indent=below,
        break_on_hyphens=False,
        break_long_words=False,
    )
    if needs := _needs(one):
        yield f"{_INDENT * 2}needs {', '.join(needs)}"


def _json(chosen: Sequence[Requirement]) -> str:
    entries = [{**one.model_dump(mode="json"), "scenarios": one.scenarios} for one in chosen]
    return json_text(entries)


def _markdown(chosen: Sequence[Requirement]) -> str:
    head = ["requirement", "identity", "level", "severity", "core", "flow", "scenarios", "needs", "sources"]
    rows = [
        [
            plain(one.name),
            code(one.identity),
            one.level.upper(),
            one.severity.value,
            "core" if one.core else "",
            one.feature,
            str(one.scenarios),
            ", ".join(_needs(one)),
            ", ".join(one.sources),
        ]
        for one in chosen
    ]
    return "\n".join([*table(head, rows), "", f"{_total(chosen)}.", ""])
