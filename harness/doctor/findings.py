"""What the doctor says: what works, what will not be tested, and the one thing that stops a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.profile.target import TargetError


class Unusable(TargetError):  # noqa: N818 - what the target is
    """The deployment can't be tested as the profile describes it; the message says why and what to do."""


@dataclass(frozen=True)
class Finding:
    """One line: ``works``, ``doubtful`` (scenarios judge it or leave it untested), or ``absent`` by profile."""

    kind: Literal["works", "doubtful", "absent"]
    sentence: str

    def __str__(self) -> str:
        sign = {"works": "ok      ", "doubtful": "DOUBTFUL", "absent": "absent  "}[self.kind]
        return f"{sign}  {self.sentence}"


def works(sentence: str) -> Finding:
    """Something that is as the profile says."""
    return Finding("works", sentence)


def doubtful(sentence: str) -> Finding:
    """Something that isn't, and that does not stop a run."""
    return Finding("doubtful", sentence)


def absent(sentence: str) -> Finding:
    """Something that the profile says the deployment does not have."""
    return Finding("absent", sentence)
