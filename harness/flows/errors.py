"""What scenarios about nonsense in a token's place do and demand: sent byte by byte, as no good client would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.exchange import NoAnswer
from harness.core.findings import HarnessError, NotApplicable, Unmet
from harness.core.provenance import Part, made
from harness.deployment.answer import refuses
from harness.deployment.held import declared_token
from harness.deployment.refusal import Attempt
from harness.flows.common import pattern
from harness.tokens.malformed import malformed
from harness.wire.request import Request

if TYPE_CHECKING:
    from harness.scenario.world import World


@dataclass(frozen=True)
class ClosedConnection:
    """The server closed the connection instead of answering, as it may."""

    odd: str


_PROMPT = 5.0
"""Seconds within which nonsense has to be refused."""

_MAY_CLOSE = ("a NUL byte", "eight kilobytes")
"""Oddities on which a server may close the connection instead of answering (RFC 9110 section 2.2)."""

_MARK = "the-odd-value"
"""Stands where the odd value, which may be no text at all, is put in afterwards."""

_SCHEME_ONLY = ("the scheme alone", "the scheme and spaces")


def send_odd(world: World, alias: str, odd: str) -> None:
    """Call the list with something odd where the token belongs, byte by byte as given."""
    person, key = world.person(alias), world.tasks.key("list", alias)
    operation, url = world.tasks.operation("list"), world.tasks.url("list", person)
    headers = _carried(world, odd, _odd_values(world, alias, odd))
    try:
        exchange = world.deployment.client.send_verbatim("somebody", operation.method, url, headers)
    except NoAnswer as silent:
        if silent.timed_out or odd not in _MAY_CLOSE:
            raise Unmet(f"that a token that is {odd} is refused", f"no answer came ({silent})") from silent
        world.remember(ClosedConnection(odd))
        return
    world.judge.attempt(
        Attempt(
            key,
            f"a token that is {odd}",
            exchange,
            tuple(person.canaries),
            also_refusal=lambda answer: refuses(operation, answer) or world.deployment.to_sign_in(answer),
        )
    )


def _odd_values(world: World, alias: str, odd: str) -> list[bytes]:
    if odd in _SCHEME_ONLY:
        return [b"" if odd == "the scheme alone" else b"  "]
    if odd == "sent twice":
        token = world.deployment.access.access_token(world.device(alias, "first device"))
        return [b"x", made("odd token", Part(token, end=-8)).encode()]
    values = malformed(pattern(world, alias))
    if odd not in values:
        raise HarnessError(f'there is no odd token "{odd}"')
    return [values[odd]]


def _carried(world: World, odd: str, values: list[bytes]) -> list[tuple[str, bytes]]:
    declared = declared_token(world.target)
    has_scheme = declared.by_header and declared.scheme != ""
    fits = has_scheme if odd in _SCHEME_ONLY else declared.by_header or declared.in_cookie is not None
    if not fits:
        raise NotApplicable("The profile declares that the access token travels in no header with a scheme.")
    if odd == "the scheme alone":
        return [(declared.header, declared.scheme.encode())]
    marked = world.deployment.access.bearer(_MARK, odd).onto(Request("GET", "")).encoded().headers
    return [(name, line.encode().replace(_MARK.encode(), value)) for value in values for name, line in marked]


def must_be_refused_promptly(world: World) -> None:
    """Raise Unmet unless the oddity was refused, in good time."""
    if world.remembers(ClosedConnection):
        return
    for attempt in world.judge.attempts:
        if attempt.exchange.elapsed > _PROMPT:
            raise Unmet(
                f"that {attempt.what} is refused within {_PROMPT:.0f} s",
                f"it took {attempt.exchange.elapsed:.1f} s",
                [attempt.exchange],
            )
    world.judge.all_refused()
