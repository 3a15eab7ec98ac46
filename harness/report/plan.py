"""What a run would do, before it does anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from harness.core.errors import Absent
from harness.core.groups import grouped
from harness.core.record import Record
from harness.core.text import abridged, counted, json_text, printable
from harness.core.verdict import Verdict
from harness.profile.capabilities import check
from harness.report.markup import code, plain, table
from harness.results.result import scenario_key
from harness.specification.catalogue import FEATURES
from harness.specification.figures import Figures, figures, total
from harness.specification.gherkin import read_feature

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.profile.target import Target
    from harness.specification.tags import Tags

_NAMED = 3
_MINUTE = 60
_CAVEAT = "as measured against the reference backend, one scenario after another"
_ON_TOP = (
    "Waits for a limit (429) and a slow network come on top, and the doctor's examination with its two accounts."
)
MAY_FOLLOW = "More may turn out not applicable when a scenario looks at the deployment."
UNSEEN = "No profile is given: a run would have to look at the deployment first, to find out which of these apply."


@dataclass(frozen=True)
class Candidate:
    """A scenario that was selected."""

    feature: str
    identity: str
    row: str
    needs: tuple[str, ...]
    is_own: bool = False

    @classmethod
    def of(cls, feature: str, tags: Tags, row: str, *, is_own: bool = False) -> Candidate:
        """The scenario with these tags."""
        return cls(feature, tags.identity, row, tags.needs, is_own)


class Planned(Record):
    """A scenario and whether it applies."""

    feature: str
    identity: str
    row: str
    absent: str = ""
    """Why it is not applicable, in the report's words; empty where it would run."""


class Flow(Record):
    """What would run of one feature file."""

    feature: str
    scenarios: int
    costs: Figures


class Plan(Record):
    """What a run would do."""

    target: str
    """The deployment and its profile, in words."""
    known: bool = True
    """Whether there is a profile, so that it is known what applies."""
    examines: bool = True
    """Whether the doctor looks at the deployment first."""
    selected: int
    costs: Figures
    """Of all that would run."""
    flows: list[Flow]
    scenarios: list[Planned] = Field(default_factory=list)

    @property
    def running(self) -> list[Planned]:
        """The scenarios that would run."""
        return [one for one in self.scenarios if not one.absent]

    @property
    def absent(self) -> dict[str, list[Planned]]:
        """Those that would not, by the reason."""
        return grouped([one for one in self.scenarios if one.absent], lambda one: one.absent)


def specification() -> list[Candidate]:
    """Every scenario of the specification. Raises FeatureError."""
    return [
        Candidate.of(path.stem, pickle.tags, pickle.row)
        for path in sorted(FEATURES.glob("*.feature"))
        for pickle in read_feature(path)
    ]


def plan_for(selected: Sequence[Candidate], target: Target | None, named: str, *, examines: bool = True) -> Plan:
    """What a run of these scenarios would do.

    Without a target all might apply.
    """
    planned = [
        Planned(feature=one.feature, identity=one.identity, row=one.row, absent=_absence(target, one))
        for one in selected
    ]
    running = grouped([one for one in planned if not one.absent], lambda one: one.feature)
    flows = [Flow(feature=name, scenarios=len(found), costs=_costs(found)) for name, found in running.items()]
    return Plan(
        target=named,
        known=target is not None,
        examines=examines,
        selected=len(planned),
        costs=total(flow.costs for flow in flows),
        flows=flows,
        scenarios=planned,
    )


def _absence(target: Target | None, one: Candidate) -> str:
    if target is None:
        return ""
    try:
        check(target, one.needs)
    except Absent as absent:
        return absent.reason
    return ""


def _costs(planned: Iterable[Planned]) -> Figures:
    known = figures()
    # Of the user's own scenarios nothing is known.
    return total(known[one.identity] for one in planned if one.identity in known)


# --- in words ---


def text(plan: Plan) -> str:
    """The plan for a terminal."""
    width = max((len(flow.feature) for flow in plan.flows), default=0)
    lines = [f"plan for {plan.target}", ""]
    lines += [
        f"  {flow.feature:<{width}}  {counted(flow.scenarios, 'scenario'):>13}  {_sum(flow.costs)}"
        for flow in plan.flows
    ]
    lines += [""] if plan.flows else []
    lines += [f"{Verdict.NOT_APPLICABLE}: {_named(found)}: {why}" for why, found in plan.absent.items()]
    lines += [MAY_FOLLOW if plan.known else UNSEEN, *_strangers(plan), *_conclusion(plan)]
    return "".join(f"{printable(line)}\n" for line in lines)


def _named(found: Sequence[Planned]) -> str:
    if len(found) == 1:
        return scenario_key(found[0].identity, found[0].row)
    identities = list(dict.fromkeys(one.identity for one in found))
    return f"{counted(len(found), 'scenario')} ({abridged(identities, _NAMED)})"


def _strangers(plan: Plan) -> list[str]:
    unknown = [one for one in plan.running if one.identity not in figures()]
    if not unknown:
        return []
    return [f"What {counted(len(unknown), 'scenario')} of your own cost is not known and not counted."]


def _sum(costs: Figures) -> str:
    return (
        f"{round(costs.requests):>5} requests  {round(costs.sign_ups):>3} sign-ups  "
        f"{round(costs.sign_ins):>3} sign-ins  {duration(costs.seconds):>6}"
    )


def duration(seconds: float) -> str:
    """About so long, in words."""
    if seconds < _MINUTE:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / _MINUTE)} min"


def _conclusion(plan: Plan) -> list[str]:
    costs = plan.costs
    scenarios = (
        f"{len(plan.running)} of {counted(plan.selected, 'scenario')} {'would' if plan.known else 'may'} run"
    )
    if not plan.running:
        return [f"{scenarios}."]
    asked = f"{round(costs.requests)} requests, {round(costs.sign_ups)} sign-ups, {round(costs.sign_ins)} sign-ins"
    said = f"{scenarios}: about {asked} and {duration(costs.seconds)}, {_CAVEAT}."
    return [said, _ON_TOP] if plan.examines else [said]


def markdown(plan: Plan) -> str:
    """The plan as Markdown."""
    head = ["flow", "scenarios", "requests", "sign-ups", "sign-ins", "seconds"]
    rows = [_row(flow.feature, flow.scenarios, flow.costs) for flow in plan.flows]
    rows.append(_row("all", len(plan.running), plan.costs))
    lines = [f"# Plan for {plain(plan.target)}", "", *table(head, rows), ""]
    for why, found in plan.absent.items():
        lines.append(f"- {Verdict.NOT_APPLICABLE}: {code(_named(found))}: {plain(why)}")
    return "\n".join(
        [*lines, "", plain(MAY_FOLLOW if plan.known else UNSEEN), "", *map(plain, _conclusion(plan)), ""]
    )


def _row(name: str, scenarios: int, costs: Figures) -> list[str]:
    numbers = (scenarios, costs.requests, costs.sign_ups, costs.sign_ins, costs.seconds)
    return [name, *(str(round(one)) for one in numbers)]


def json(plan: Plan) -> str:
    """The plan as JSON."""
    return json_text(plan.model_dump(mode="json", by_alias=True))
