"""Trying what scenarios do, and one line for how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.errors import Absent, Unavailable
from harness.core.exchange import NoAnswer
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.deployment.errors import NotThere
from harness.doctor import obstacles
from harness.doctor.findings import Finding, doubtful, works

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.profile.operation import Operation
    from harness.profile.target import Target


def tried(target: Target, what: str, key: str, does: str, act: Callable[[], object]) -> list[Finding]:
    """What came of a trial.

    Nothing where the deployment has no such thing. ``what`` names it, ``key`` is its place in the profile, and
    ``does`` is what it did if all went well.
    """
    try:
        act()
    except (Absent, NotApplicable):
        return []
    except NotThere as missing:
        # It names the operation itself.
        return [doubtful(str(missing), key)]
    except (Unavailable, NotTested) as failed:
        said = f"{failed.reason} {failed.remedy}"
        return [doubtful(f"{what}: {_explained(target, said, failed.exchanges)}", key)]
    except Unmet as failed:
        advice = f"Check {key} in the profile; if it is right, the scenarios will say so"
        said = f"expected {failed.expected}; {failed.came}. {advice}"
        return [doubtful(f"{what}: {_explained(target, said, failed.exchanges)}")]
    except NoAnswer as silent:
        return [doubtful(f"{what}: {silent}", key)]
    return [works(f"{what} {does}")]


def called(operation: Operation, place: str) -> str:
    """How a line names an operation."""
    return f"{operation.method} {operation.path} ({place})"


def _explained(target: Target, otherwise: str, exchanges: tuple[Exchange, ...]) -> str:
    """The sentence for what stands in front, or another one."""
    obstacle = obstacles.in_front(exchanges[-1], target) if exchanges else None
    return (obstacles.sentence(exchanges[-1], obstacle) if obstacle is not None else otherwise).strip()
