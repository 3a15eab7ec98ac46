"""Correct variants: what a deployment may rightly do otherwise, each made of the reference backend from outside.

A variant is a function in ``tests/detection/variants/<flow>.py`` that replaces something of ``reference_backend``,
as a fault does; with it the deployment is still right, so that no scenario may turn red.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

VARIANTS = "tests.detection.variants"
FOLDER = Path(__file__).parent / "variants"


@dataclass(frozen=True)
class Variant:
    """One thing that is rightly otherwise.

    ``stays_green`` are identities that must pass, each Examples row; ``not_tested`` are those that can't be
    judged, with what is searched in the reason; ``not_applicable`` and ``warns`` (a right warning) likewise.
    ``never_fail_on`` maps ids of the catalogue to the words of their never_fail_on that this is an instance of.
    ``profile`` is TOML that is added to a profile which extends ``reference``. ``code`` is the exit code of the
    whole suite.
    """

    name: str
    flow: str
    trait: str
    stays_green: tuple[str, ...]
    never_fail_on: Mapping[str, str]
    not_tested: Mapping[str, str]
    not_applicable: Mapping[str, str]
    warns: Mapping[str, str]
    settings: Mapping[str, str] = field(compare=False)
    profile: str = field(repr=False, compare=False)
    code: int = 0
    apply: Callable[[], None] = field(repr=False, compare=False, default=lambda: None)

    @property
    def module(self) -> str:
        """The module that makes it, below this package."""
        return f"variants.{self.flow}"

    @property
    def named(self) -> tuple[str, ...]:
        """Every identity of which it says anything."""
        said = (*self.stays_green, *self.not_tested, *self.not_applicable, *self.warns)
        return tuple(dict.fromkeys(said))


_REGISTERED: dict[str, Variant] = {}


def variant(
    *,
    stays_green: Sequence[str] | str = (),
    never_fail_on: Mapping[str, str] | None = None,
    not_tested: Mapping[str, str] | None = None,
    not_applicable: Mapping[str, str] | None = None,
    warns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    profile: str = "",
    code: int = 0,
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register the decorated function; its docstring's first line is the trait. Raises ValueError on a slip."""

    def register(make: Callable[[], Any]) -> Callable[[], Any]:
        _add(
            Variant(
                name=make.__name__.replace("_", "-"),
                flow=make.__module__.rpartition(".")[2],
                trait=(make.__doc__ or "").strip().partition("\n")[0],
                stays_green=(stays_green,) if isinstance(stays_green, str) else tuple(stays_green),
                never_fail_on=dict(never_fail_on or {}),
                not_tested=dict(not_tested or {}),
                not_applicable=dict(not_applicable or {}),
                warns=dict(warns or {}),
                settings=dict(settings or {}),
                profile=profile,
                code=code,
                apply=make,
            )
        )
        return make

    return register


def _add(new: Variant) -> None:
    for pattern in (*new.not_tested.values(), *new.not_applicable.values(), *new.warns.values()):
        re.compile(pattern)
    wrong = [
        (not new.trait, "has no docstring; its first line is the trait"),
        (not new.named, "names no scenario"),
        (new.name in _REGISTERED, "is there twice; rename one"),
    ]
    for is_wrong, what in wrong:
        if is_wrong:
            raise ValueError(f"the variant {new.name} in {new.flow}.py {what}.")
    _REGISTERED[new.name] = new


def variant_flows() -> list[str]:
    """The names of the modules in ``variants/``."""
    return sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]))


@cache
def all_variants() -> dict[str, Variant]:
    """Every variant by name, flow after flow."""
    for flow in variant_flows():
        importlib.import_module(f"{VARIANTS}.{flow}")
    # One module may have imported another, or a test one of them, before its turn.
    return dict(sorted(_REGISTERED.items(), key=lambda pair: pair[1].flow))


def uncovered() -> dict[str, str]:
    """Why an entry of the catalogue has no variant, by its id."""
    return tomllib.loads((FOLDER / "uncovered.toml").read_text("utf-8"))
