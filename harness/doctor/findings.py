"""What the doctor says of a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.profile.target import TargetError


class Unusable(TargetError):  # noqa: N818 - what the target is
    """The deployment can't be tested as the profile describes it.

    The message says why and what to do.
    """


@dataclass(frozen=True)
class Finding:
    """One line of the doctor.

    ``works``, ``doubtful`` (scenarios judge it or leave it untested), or ``absent`` by profile. ``unfit`` is the
    place of the profile, such as "operations.refresh", that scenarios can't use as it stands there.
    """

    kind: Literal["works", "doubtful", "absent"]
    sentence: str
    unfit: str = ""

    def __str__(self) -> str:
        sign = {"works": "ok      ", "doubtful": "DOUBTFUL", "absent": "absent  "}[self.kind]
        return f"{sign}  {self.sentence}"


def works(sentence: str) -> Finding:
    """What is as the profile says."""
    return Finding("works", sentence)


def doubtful(sentence: str, unfit: str = "") -> Finding:
    """What isn't, without stopping a run."""
    return Finding("doubtful", sentence, unfit)


def absent(sentence: str) -> Finding:
    """What the deployment lacks, by its profile."""
    return Finding("absent", sentence)
