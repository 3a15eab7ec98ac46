"""What scenarios about malformed credentials do and demand.

Sent byte by byte, as no correct client would.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.core.decisions import Lasting
from harness.core.exchange import NoAnswer
from harness.core.findings import NotApplicable, Unmet
from harness.core.provenance import Changed, Joined, Part, Segments, made
from harness.core.vocabulary import Vocabulary
from harness.deployment.answer import refuses
from harness.deployment.held import declared_token
from harness.deployment.refusal import Attempt
from harness.flows.access_token import pattern
from harness.tokens.malformed import MALFORMED
from harness.wire.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange
    from harness.deployment.credential import Credential
    from harness.profile.credentials import Token
    from harness.scenario.world import World


@dataclass(frozen=True)
class ClosedConnection:
    """The server closed the connection instead of answering, as it may."""

    odd: str


@dataclass(frozen=True)
class OddToken:
    """What is sent in place of a token.

    ``values`` makes it, as bytes that may not be text, one for each header.

    ``after_scheme`` says that nothing but the scheme is there, ``renamed`` that another header or cookie carries
    it. ``may_close`` lets a server close the connection instead of answering (RFC 9110 section 2.2).
    """

    values: Callable[[World, str], list[bytes]]
    after_scheme: bool = False
    renamed: bool = False
    may_close: bool = False


def _malformed(word: str) -> Callable[[World, str], list[bytes]]:
    return lambda world, alias: [MALFORMED[word](pattern(world, alias))]


def _own(world: World, alias: str) -> str:
    return world.opener.value(world.device(alias, "first device"))


def _whole(world: World, alias: str) -> list[bytes]:
    return [_own(world, alias).encode()]


def _cut(world: World, alias: str) -> list[bytes]:
    return [made("odd token", Part(_own(world, alias), end=-8)).encode()]


def _damaged(world: World, alias: str) -> list[bytes]:
    token = _own(world, alias)
    dots = token.count(".")
    changed = Changed("damaged", Segments(token, dots + 1, dots + 1))
    return [made("odd token", Joined((Segments(token, 1, dots), ".", changed) if dots else (changed,))).encode()]


def _twice(world: World, alias: str) -> list[bytes]:
    return [b"x", *_cut(world, alias)]


ODD_TOKENS = Vocabulary(
    "odd token",
    {
        **{word: OddToken(_malformed(word)) for word in MALFORMED},
        "a NUL byte": OddToken(_malformed("a NUL byte"), may_close=True),
        "eight kilobytes": OddToken(_malformed("eight kilobytes"), may_close=True),
        "the scheme alone": OddToken(lambda *_: [b""], after_scheme=True),
        "the scheme and spaces": OddToken(lambda *_: [b"  "], after_scheme=True),
        "sent twice": OddToken(_twice),
        "her own, cut short": OddToken(_cut),
        "her own with another signature": OddToken(_damaged),
        "her own under another name": OddToken(_whole, renamed=True),
    },
)
"""Every odd token: malformed ones, and those that are odd in how they are sent."""

_PROMPT = 5.0
"""Seconds within which nonsense has to be refused."""

_MARK = "the-odd-value"
"""Stands where the odd value, which may be no text at all, is put in afterwards."""


def _answered(world: World, method: str, url: str, headers: list[tuple[str, bytes]]) -> Exchange:
    """The answer to an odd request.

    One whose connections were closed is sent once more: where one in thirty is lost, two in a row are as well.
    """
    send = world.deployment.client.send_verbatim
    try:
        return send("an attacker", method, url, headers)
    except NoAnswer as closed:
        if closed.timed_out or not closed.reached:
            raise
        return send("an attacker", method, url, headers)


def send_odd(world: World, alias: str, odd: str) -> None:
    """Call the list with a malformed credential, byte by byte."""
    noun = world.opener.noun
    person, key, kind = world.person(alias), world.tasks.key("list", alias), ODD_TOKENS[odd]
    operation, url = world.tasks.operation("list"), world.tasks.url("list", person)
    headers = _carried(world, alias, kind, kind.values(world, alias))
    try:
        exchange = _answered(world, operation.method, url, headers)
    except NoAnswer as silent:
        if not silent.reached:
            raise
        if silent.timed_out or not kind.may_close:
            raise Unmet(f"that a malformed {noun} ({odd}) is refused", f"no answer came ({silent})") from silent
        world.remember(ClosedConnection(odd))
        return
    world.judge.attempt(
        Attempt(
            key,
            f"a malformed {noun} ({odd})",
            exchange,
            tuple(person.canaries),
            also_refusal=lambda answer: refuses(operation, answer) or world.deployment.to_sign_in(answer),
        )
    )


def _carried(world: World, alias: str, kind: OddToken, values: list[bytes]) -> list[tuple[str, bytes]]:
    if not world.opener.by_cookie:
        declared = declared_token(world.target)
        _must_fit(declared, kind)
        if kind.after_scheme and values == [b""]:
            return [(declared.header, declared.scheme.encode())]
    elif kind.after_scheme:
        raise NotApplicable("The profile declares that a cookie opens the tasks, and a cookie has no scheme.")
    odd = world.opener.presenting(world.device(alias, "first device"), _MARK, "an odd token")
    marked = (_renamed(odd) if kind.renamed else odd).onto(Request("GET", "")).encoded().headers
    lines = [(name, line.encode().replace(_MARK.encode(), value)) for value in values for name, line in marked]
    cookies = [line for name, line in lines if name == "Cookie"]
    # A browser sends one such header, with two cookies of a name in it (RFC 6265 section 5.4).
    rest = [(name, line) for name, line in lines if name != "Cookie"]
    return [("Cookie", b"; ".join(cookies)), *rest] if cookies else rest


def _must_fit(declared: Token, kind: OddToken) -> None:
    has_scheme = declared.by_header and declared.scheme != ""
    fits = has_scheme if kind.after_scheme else declared.by_header or declared.in_cookie is not None
    if not fits:
        raise NotApplicable("The profile declares that the access token travels in no header with a scheme.")


def _renamed(credential: Credential) -> Credential:
    """The same value where no server looks for it."""
    cookies = {_under_another(name, value): value for name, value in credential.cookies.items()}
    headers = tuple((_under_another(name, value), value) for name, value in credential.headers)
    return replace(credential, cookies=cookies, headers=headers)


def _under_another(name: str, value: str) -> str:
    return f"X-Other-{name}" if _MARK in value else name


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
                [Lasting(attempt.exchange, _PROMPT)],
            )
    world.judge.all_refused(then_controls=False)


def must_still_work(world: World, alias: str) -> None:
    """Raise Unmet unless the person's own credential still opens their tasks."""
    key = world.tasks.key("list", alias)
    world.judge.needs(key)
    try:
        world.judge.controls[key]()
    except (Unmet, NoAnswer) as failed:
        came, exchanges = (failed.came, failed.exchanges) if isinstance(failed, Unmet) else (str(failed), ())
        raise Unmet(
            f"that {alias}'s {world.opener.noun} still opens her tasks after a malformed one", came, exchanges
        ) from failed


def send_all_odd(world: World, alias: str, odds: list[str]) -> None:
    """Call the list with each malformed credential, whatever is answered."""
    for odd in odds:
        with contextlib.suppress(Unmet):  # whether each is refused is another requirement
            send_odd(world, alias, odd)
    world.judge.attempts.clear()
