"""A refusal counts only where the untampered request was accepted.

The rules are design section 5: a control before and after, a refusal is a 4xx (or, for a page, the way to
sign-in), nobody's canary anywhere, and no effect. A crash, a redirect loop or silence is not a refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import httpx

from harness.core.exchange import Exchange, NoAnswer
from harness.core.findings import HarnessError, NotTested, Unmet
from harness.deployment.quotation import quoted

Check = Callable[[], Exchange]
"""Does the untampered thing once more; raises Unmet when it is not accepted."""

Effect = Callable[[], str | None]
"""Looks as the owner whether something happened: a sentence saying what, or None."""


def _no_effect() -> str | None:
    return None


class ControlFailed(NotTested):
    """The untampered request was not accepted: a refusal proves nothing."""


@dataclass(frozen=True)
class Attempt:
    """Something that must be refused.

    ``key`` names the control it needs; ``what`` finishes the sentence "expected that ... is refused".
    ``hidden`` are canaries that must not come back. ``harmless_success`` lets a 2xx stand that shows nothing
    and does nothing (an idempotent DELETE of what isn't there). ``also_refusal`` tells other answers than a
    4xx that refuse here, such as a redirect to sign-in or the session endpoint's way to say "nobody". ``way`` are
    the answers that led to this one. ``as_accepted`` gets the control's answer: a sentence if this one is like it.
    ``harmless_crash`` lets a 5xx stand that shows nothing and does nothing, where only private text is a failure.
    ``repeats`` says that it sends on purpose what its control sent, since what is sent has ended meanwhile.
    """

    key: str
    what: str
    exchange: Exchange
    hidden: tuple[str, ...] = ()
    effect: Effect = _no_effect
    harmless_success: bool = False
    harmless_crash: bool = False
    also_refusal: Callable[[Exchange], bool] = lambda _: False
    way: tuple[Exchange, ...] = ()
    as_accepted: Callable[[Exchange], str | None] = lambda _: None
    repeats: bool = False


@dataclass
class Judge:
    """What one scenario has accepted, and has still to judge."""

    controls: dict[str, Check] = field(default_factory=dict)
    controlling: dict[str, Exchange] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)

    def control(self, key: str, check: Check) -> None:
        """Send the untampered request and note that it was accepted.

        Raises ControlFailed when it was not.
        """
        self.controlling[key] = _accepted(check, "so its refusal would prove nothing")
        self.controls[key] = check

    def attempt(self, attempt: Attempt, key: str | None = None) -> None:
        """Note an attempt, to be judged in a Then step.

        ``key`` names another control for it.
        """
        self.attempts.append(attempt if key is None else replace(attempt, key=key))

    def all_refused(self, *, then_controls: bool = True) -> None:
        """Judge every attempt so far.

        Raises Unmet at the first that was not refused. ``then_controls`` repeats the controls, unless a later step
        demands that they still work.
        """
        if not self.attempts:
            raise HarnessError("a refusal was judged but nothing had been attempted in this scenario")
        for attempt in self.attempts:
            self.needs(attempt.key)
            _must_differ(attempt, self.controlling[attempt.key])
        for attempt in self.attempts:
            _refused(attempt, self.controlling[attempt.key])
        for key in dict.fromkeys(attempt.key for attempt in self.attempts) if then_controls else ():
            _accepted(self.controls[key], "after the attempt, so its refusal proves nothing")
        self.attempts.clear()

    def refuse_now(self, attempt: Attempt, key: str) -> None:
        """Judge one attempt whose control is meant to fail by now.

        What it replays was ended on purpose.
        """
        self.needs(key)
        _refused(attempt, self.controlling[key])

    def needs(self, key: str) -> None:
        """Insist on an accepted control. Raises HarnessError without one."""
        if key not in self.controls:
            raise HarnessError(
                f'"{key}" is judged without a control: nothing showed in this scenario that it works untampered'
            )


def _accepted(check: Check, consequence: str) -> Exchange:
    try:
        return check()
    except Unmet as failed:
        raise ControlFailed(
            f"the control failed: {failed.expected} was expected, {failed.came}, {consequence}.",
            "",
            failed.exchanges,
        ) from failed
    except NoAnswer as silent:
        raise ControlFailed(f"the control failed: {silent}, {consequence}.") from silent


def _must_differ(attempt: Attempt, control: Exchange) -> None:
    """Raise HarnessError where an attempt sent the control's own request."""
    if _sent(attempt.exchange) == _sent(control) and not attempt.repeats:
        raise HarnessError(f"{attempt.what} sent what its control sent, byte for byte: it attacked nothing")


def _sent(exchange: Exchange) -> tuple[object, ...]:
    return exchange.method, exchange.url, list(exchange.request_headers), exchange.request_body


def _refused(attempt: Attempt, control: Exchange) -> None:
    exchange = attempt.exchange
    evidence = [control, exchange]
    expected = f"that {attempt.what} is refused"
    for answer in (*attempt.way, exchange):
        leaked = next((canary for canary in attempt.hidden if canary in answer.everything), None)
        if leaked is not None:
            came = f"the answer ({answer.status}) carried the owner's private text {leaked}"
            raise Unmet(expected, came, [control, answer])
    if (done := attempt.effect()) is not None:
        raise Unmet(expected, f"it took effect: {done} (status {exchange.status})", evidence)
    if (alike := attempt.as_accepted(control)) is not None:
        raise Unmet(expected, alike, evidence)
    if httpx.codes.is_server_error(exchange.status) and not attempt.harmless_crash:
        raise Unmet(expected, f"{exchange.status} came: the server broke, which is no decision", evidence)
    if httpx.codes.is_client_error(exchange.status) or attempt.also_refusal(exchange):
        return
    if httpx.codes.is_success(exchange.status) and attempt.harmless_success:
        return
    raise Unmet(expected, f"it was answered {quoted(exchange)}", evidence)
