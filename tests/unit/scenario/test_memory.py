"""What steps hand on to each other, by type."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from harness.core.findings import HarnessError
from harness.scenario.memory import Memory


@dataclass(frozen=True)
class Ticket:
    number: int


@dataclass(frozen=True)
class Stubs:
    torn: list[Ticket] = field(default_factory=list)


def test_what_was_remembered_is_recalled_by_its_type() -> None:
    memory = Memory()
    memory.remember(Ticket(1))
    memory.remember(Stubs([Ticket(2)]))
    assert memory.recall(Ticket) == Ticket(1)
    assert memory.remembers(Ticket)


def test_a_later_value_takes_the_place_of_an_earlier_one() -> None:
    memory = Memory()
    memory.remember(Ticket(1))
    memory.remember(Ticket(2))
    assert memory.recall(Ticket) == Ticket(2)


def test_what_no_step_remembered_is_an_error_that_names_it() -> None:
    memory = Memory()
    with pytest.raises(HarnessError, match=r"^no step of this scenario remembered a Ticket; "):
        memory.recall(Ticket)
    assert not memory.remembers(Ticket)


def test_what_several_steps_add_to_is_one_value() -> None:
    memory = Memory()
    for number in (1, 2):
        memory.setdefault(Stubs()).torn.append(Ticket(number))
    assert memory.recall(Stubs) == Stubs([Ticket(1), Ticket(2)])
