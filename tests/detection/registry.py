"""Faults: what developers get wrong, each planted in the reference backend from outside and named by its defect.

A fault is a function in ``tests/detection/faults/<flow>.py`` that replaces something of ``reference_backend`` in
the server's own process, before the server starts.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FAULTS = "tests.detection.faults"
FOLDER = Path(__file__).parent / "faults"
LEVELS = ("must", "should", "may")

EDDSA: Mapping[str, str] = {"REFERENCE_JWT_ALGORITHM": "EdDSA"}
"""Tokens signed with a key pair; the backend publishes the public key, and there is no shared secret."""
HTTPS: Mapping[str, str] = {"REFERENCE_BASE_URL": "https://127.0.0.1"}
"""Served over TLS; whoever starts the backend adds the port and a certificate."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. ``caught_by`` are identities; ``says`` is searched in each one's ``reason``.

    ``defect`` is an id of the catalogue, as in the features' ``@defect-...`` tags. ``settings`` are the
    ``REFERENCE_...`` variables that the backend needs for the fault to show; ``profile`` is TOML that is added to
    a profile which extends ``reference``, where the suite needs to be told something. ``spares`` are those that
    stay green, though what they are about is near by.
    """

    name: str
    flow: str
    summary: str
    defect: str
    level: str
    caught_by: tuple[str, ...]
    says: str
    settings: Mapping[str, str] = field(compare=False)
    apply: Callable[[], None] = field(repr=False, compare=False)
    profile: str = field(default="", repr=False, compare=False)
    spares: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """The module that plants it, below this package."""
        return f"faults.{self.flow}"


_REGISTERED: dict[str, Fault] = {}


def fault(
    *,
    defect: str,
    caught_by: Sequence[str] | str,
    says: str,
    level: str = "must",
    settings: Mapping[str, str] | None = None,
    profile: str = "",
    spares: Sequence[str] = (),
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register the decorated function; its docstring's first line is the summary. Raises ValueError on a slip."""

    def register(plant: Callable[[], None]) -> Callable[[], None]:
        _add(
            Fault(
                name=plant.__name__.replace("_", "-"),
                flow=plant.__module__.rpartition(".")[2],
                summary=(plant.__doc__ or "").strip().partition("\n")[0],
                defect=defect.removeprefix("defect-"),
                level=level,
                caught_by=(caught_by,) if isinstance(caught_by, str) else tuple(caught_by),
                says=says,
                settings=dict(settings or {}),
                apply=plant,
                profile=profile,
                spares=tuple(spares),
            )
        )
        return plant

    return register


def _add(new: Fault) -> None:
    re.compile(new.says)
    wrong = [
        (not new.summary, "has no docstring; its first line is the summary"),
        (not new.caught_by, "names no scenario that catches it"),
        (new.level not in LEVELS, f"has the level {new.level!r}; it is one of {', '.join(LEVELS)}"),
        (new.name in _REGISTERED, "is there twice; rename one"),
    ]
    for is_wrong, what in wrong:
        if is_wrong:
            raise ValueError(f"the fault {new.name} in {new.flow}.py {what}.")
    _REGISTERED[new.name] = new


def flows() -> list[str]:
    """The names of the modules in ``faults/``."""
    return sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]))


@cache
def all_faults() -> dict[str, Fault]:
    """Every fault by name, flow after flow."""
    for flow in flows():
        importlib.import_module(f"{FAULTS}.{flow}")
    # One module may have imported another, or a test one of them, before its turn.
    return dict(sorted(_REGISTERED.items(), key=lambda pair: pair[1].flow))
