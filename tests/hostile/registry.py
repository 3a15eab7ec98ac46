"""The registry of hostile servers."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.core.exits import Exit
from tests.hostile import kinds
from tests.hostile.proxy import Answer

NARROW = " or ".join(
    (
        "session-names-its-owner",
        "session-yields-access-token",
        "signin-opens-own-session",
        "session-tampered-cookie-is-refused",
        "token-secret-is-not-guessable",
        "error-malformed-tokens-harm-no-valid-one",
    )
)
"""A few scenarios that use the pages' session, the access token and its tasks."""
WHOLE = "not needs-browser"
FINE = Exit.CONFORMANT
UNUSABLE = Exit.TARGET_UNUSABLE
EITHER = (FINE, UNUSABLE)
"""Judged, or not judged with the reason; which it is depends on what is lost when."""


@dataclass(frozen=True)
class Kind:
    """A hostile server: what it does, and what a run against it may end in.

    ``defect`` is a sentence where what it does is a defect that a MUST may name, and ``may_fail`` are the
    scenarios that may; ``shows`` is a part of what the terminal has to say.
    """

    name: str
    group: str
    does: str
    answer: Answer
    codes: tuple[Exit, ...]
    scenarios: str
    options: tuple[str, ...]
    defect: str
    may_fail: tuple[str, ...]
    shows: str
    seconds: float
    megabytes: int
    profile: str = "reference"
    environment: dict[str, str] = field(default_factory=dict)


_KINDS: dict[str, Kind] = {}


def hostile(
    *codes: Exit,
    scenarios: str = NARROW,
    options: tuple[str, ...] = (),
    defect: str = "",
    may_fail: tuple[str, ...] = (),
    shows: str = "",
    seconds: float = 60,
    megabytes: int = 300,
) -> Callable[[Answer], Answer]:
    """Register a function as a kind; its docstring says what it does, its name is the kind's."""

    def register(answer: Answer) -> Answer:
        name = answer.__name__.strip("_").replace("_", "-")
        assert name not in _KINDS, f"two kinds are called {name}"
        _KINDS[name] = Kind(
            name,
            answer.__module__.rpartition(".")[2],
            (inspect.getdoc(answer) or "").strip(),
            answer,
            codes or EITHER,
            scenarios,
            options,
            defect,
            may_fail,
            shows,
            seconds,
            megabytes,
        )
        return answer

    return register


def all_kinds() -> dict[str, Kind]:
    """Every kind by name, in the order of the modules."""
    for module in pkgutil.iter_modules(kinds.__path__):
        importlib.import_module(f"{kinds.__name__}.{module.name}")
    return dict(_KINDS)
