"""What scenarios about every answer of the run do and demand.

Nothing is tried here: the exchanges of all scenarios before are looked at, each for what it reveals in passing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.blocker import Blocker
from harness.core.errors import Absent
from harness.core.findings import NotTested, Unmet
from harness.core.text import counted
from harness.core.vocabulary import Vocabulary
from harness.deployment.recognition import Recognition
from harness.flows import observed_cookies, observed_errors, observed_headers, observed_pages, observed_redirects
from harness.flows.seen import Rule, Seen
from harness.wire.secret_scanner import tokens_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.core.exchange import Exchange
    from harness.flows.seen import Breach
    from harness.scenario.world import World

RULES: Vocabulary[Rule] = Vocabulary(
    "rule for every answer",
    {
        "shows a stack trace, a query or a path of the server": observed_errors.TRACES,
        "is an error with the secret, or with a user's data for anonymous clients": observed_errors.SECRETS,
        "is an error that repeats the credential of its request": observed_errors.TOKENS,
        "is an error that repeats the password of its request": observed_errors.PASSWORDS,
        "is a 401 of the API without WWW-Authenticate": observed_errors.CHALLENGES,
        "is an invalid application/problem+json": observed_errors.PROBLEMS,
        "redirects to an address with a password or a credential": observed_redirects.REDIRECTS,
        "redirects a sign-in with its body": observed_redirects.BODY_REDIRECTS,
        "sets a cookie with SameSite=None and without Secure": observed_cookies.SECURE_NONE,
        "sets a cookie that breaks the rule of its prefix": observed_cookies.PREFIXES,
        "sets a session cookie without a prefix": observed_cookies.PREFIXED,
        "sets a session cookie without SameSite=Lax or Strict": observed_cookies.SAME_SITE,
        "sets a session cookie for other hosts": observed_cookies.DOMAIN,
        "sets one cookie to two values": observed_cookies.DUPLICATES,
        "lets shared caches keep a cookie that signs in": observed_cookies.SHARED,
        "hands out a token without Cache-Control: no-store": observed_headers.HANDED_OUT,
        "is private without Cache-Control: no-store, private or no-cache": observed_headers.PRIVATE,
        "is JSON with a user's text labelled text/html": observed_headers.CONTENT_TYPES,
        "lacks X-Content-Type-Options: nosniff": observed_headers.NOSNIFF,
        "is a page that any site may frame": observed_headers.FRAMES,
        "lacks Strict-Transport-Security": observed_headers.HSTS,
        "depends on the credential and is kept without Vary": observed_headers.VARY,
        "depends on the Origin and is kept without Vary": observed_headers.CORS_VARY,
        "is a page with a password, its hash or a session cookie": observed_pages.PAGE_DATA,
    },
)
"""What no answer of the run may be, by the words of feature files."""

_REMEDY = "Run the whole specification: the more answers there are, the more is judged."


@dataclass
class Observed:
    """What the process has seen so far.

    ``looked_at`` is how much of the client's history it is made of.
    """

    recognition: Recognition
    seen: list[Seen] = field(default_factory=list)
    handed_out: set[str] = field(default_factory=set)
    looked_at: int = 0


@dataclass(frozen=True)
class Examined:
    """The exchanges that the scenario judges."""

    seen: Sequence[Seen]


def examine(world: World) -> None:
    """Look at each exchange of this process, each once."""
    memory, client = world.cast.memory, world.deployment.client
    if not memory.remembers(Observed):
        memory.remember(Observed(Recognition(world.target)))
    observed = memory.recall(Observed)
    for exchange in client.history[observed.looked_at :]:
        # Of what a browser sent neither the body nor every header is known.
        if not exchange.by_browser:
            observed.seen.append(_seen(world, observed, exchange))
    observed.looked_at = len(client.history)
    world.remember(Examined(observed.seen))


def _seen(world: World, observed: Observed, exchange: Exchange) -> Seen:
    if b"oken" in exchange.body:
        observed.handed_out.update(tokens_in(exchange.body))
    return Seen(exchange, observed.recognition.of(exchange), world.target, observed.handed_out)


def none_may(world: World, word: str) -> None:
    """Raise Unmet if an exchange breaks the rule.

    Raises Absent where the deployment can have none that it is about, NotTested where none was seen.
    """
    rule = RULES[word]
    if (absence := rule.absence(world.target)) is not None:
        raise Absent(absence)
    every = world.recall(Examined).seen
    concerned = [seen for seen in every if rule.concerns(seen)]
    if not concerned and rule.rare(world.target):
        raise Absent(f"The deployment gave no {rule.subject} in {counted(len(every), 'exchange')}.")
    if not concerned:
        raise NotTested(
            f"the control failed: no {rule.subject} was seen in {counted(len(every), 'exchange')}.",
            _REMEDY,
            blocker=Blocker.MISSING,
        )
    breaches = list(rule.breaches(concerned))
    if breaches:
        first = breaches[0]
        raise Unmet(rule.expected, _came(breaches), [*first.beside, first.seen.exchange])
    world.notes.append(f"{counted(len(concerned), rule.subject)} examined")


def _came(breaches: Sequence[Breach]) -> str:
    first, *more = breaches
    came = f"{first.seen.name} was answered {first.seen.exchange.status} and {first.came}"
    if not more:
        return came
    others = dict.fromkeys(one.seen.name for one in more if one.seen.name != first.seen.name)
    such = f", such as {next(iter(others))}" if others else ""
    return f"{came}; so did {counted(len(more), 'more answer')}{such}"
