"""Sites whose origin resembles the deployment's own, and bodies of unusual types.

They are tried where a plain foreign page is stopped; each effect is looked at before the next page tries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness.core.blocker import Blocker
from harness.core.findings import NotTested
from harness.core.vocabulary import Vocabulary
from harness.flows.cross_site import Visitor, attempt_from, kinds_for, visited
from harness.flows.foreign_page import AS_JSON, EVIL, FOREIGN, SIMPLE_METHODS, SPELLED, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.scenario.world import World

SEE_FIRST = "The other requirements of cross-site requests say so; see to them first."
_ENOUGH = ("text/plain", "none", AS_JSON)
"""Bodies with which pages of many sites try: what reads any type reads the first, what needs none the second."""

_OTHER_PORT = 4

SITES: Vocabulary[Callable[[str], Site | None]] = Vocabulary(
    "site that asks",
    {
        "null": lambda _: Site("null"),
        "the own host with .evil.invalid after it": lambda own: _with_host(
            own, lambda host: f"{host}.evil.invalid"
        ),
        "the own host with evil before it": lambda own: _with_host(own, lambda host: f"evil{host}"),
        "the own host with a letter for each dot": lambda own: _with_letters(own),
        "another port of the own host": lambda own: Site(_beside(own), "same-site"),
        "the own host under the other scheme": lambda own: Site(_other_scheme(own)),
        "none, with a Referer of another site": lambda _: Site("", referer=f"{EVIL}/x"),
    },
)
"""Another site, by the deployment's own origin; None where there is none such."""


def _with_host(own: str, change: Callable[[str], str]) -> Site:
    parts = urlsplit(own)
    host = parts.hostname or ""
    return Site(parts._replace(netloc=parts.netloc.replace(host, change(host))).geturl())


def _with_letters(own: str) -> Site | None:
    host = urlsplit(own).hostname or ""
    return _with_host(own, lambda _: host.replace(".", "x")) if "." in host else None


def _beside(own: str) -> str:
    """The origin with more digits in its port, or with a port."""
    parts = urlsplit(own)
    port = parts.port
    # What compares the beginning of an origin takes it for the own one.
    longer = f"{port}{_OTHER_PORT}" if port is not None and port < 6_000 else str((port or 443) % 60_000 + 1)
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
    return parts._replace(netloc=f"{host}:{longer}").geturl()


def _other_scheme(own: str) -> str:
    parts = urlsplit(own)
    return parts._replace(scheme="http" if parts.scheme == "https" else "https").geturl()


def from_lookalike_pages(world: World, alias: str, word: str, sites: list[str]) -> None:
    """Do it from pages of these sites with the person's cookies.

    Raises NotTested where any other site can.
    """
    operation = visited(world, alias, word)
    _foreign_must_be_stopped(world, alias, kinds_for(world, alias, operation, as_json=False))
    for name in sites:
        site = SITES[name](world.target.origin)
        if site is not None:
            kinds = kinds_for(world, alias, operation, as_json=False, site=site)
            if _had_effect(world, alias, site, [kind for kind in kinds if kind in _ENOUGH]):
                return


def with_spelled_types(world: World, alias: str, word: str) -> None:
    """Do it from a foreign page with bodies of less usual types.

    Raises NotTested where it can with the usual ones.
    """
    operation = visited(world, alias, word)
    _foreign_must_be_stopped(world, alias, kinds_for(world, alias, operation, as_json=False))
    _had_effect(world, alias, FOREIGN, SPELLED if operation.method in SIMPLE_METHODS else ())


def _had_effect(world: World, alias: str, site: Site, kinds: Sequence[str]) -> bool:
    """Whether an attempt took effect; it is then the last one.

    Those before it are forgotten: what can't be undone would be put down to the first of them.
    """
    for attempt in attempt_from(world, alias, site, kinds):
        if attempt.effect() is not None:
            world.judge.attempts[:] = [attempt]
            return True
    return False


def _foreign_must_be_stopped(world: World, alias: str, kinds: Sequence[str]) -> None:
    tried = list(attempt_from(world, alias, FOREIGN, kinds))
    world.judge.attempts.clear()
    for attempt in tried:
        if (effect := attempt.effect()) is not None:
            raise NotTested(
                f"any other site can {world.recall(Visitor).word}: {effect}.",
                SEE_FIRST,
                [attempt.exchange],
                blocker=Blocker.MISSING,
            )
