"""Whether a deployment still answers as it did.

One known request is asked again where a scenario went wrong.

While it does not, nothing that comes is a finding about the deployment's rules.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.core.errors import Unavailable
from harness.core.exchange import Exchange, NoAnswer
from harness.wire.throttle import Throttled

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Headers

_WAITS = (1.0, 1.0, 2.0, 4.0, 8.0, 14.0)
"""Seconds before the request is asked again, and again: 30 in all, in which a server can be restarted."""
_BROKEN = 500
STOPPED = "Nothing from then on says anything about it. Find out what stopped it, and run again."
"""The remedy of each scenario that was not judged because the run had stopped."""


class Outage(Unavailable):
    """The deployment no longer answers as it did."""


@dataclass(frozen=True)
class Known:
    """A request of an anonymous client, and how it is answered."""

    who: str
    method: str
    url: str
    headers: Headers
    body: str
    status: int
    kind: str
    """The answer's content type, without parameters."""

    @classmethod
    def of(cls, exchange: Exchange) -> Known:
        """What an exchange shows."""
        body = exchange.request_body.decode("latin-1")
        headers = [(name, value) for name, value in exchange.request_headers]
        return cls(exchange.who, exchange.method, exchange.url, headers, body, exchange.status, _kind(exchange))

    def differs(self, exchange: Exchange) -> str | None:
        """How an answer is of another sort; None where it is not."""
        if exchange.status == self.status and _kind(exchange) == self.kind:
            return None
        return (
            f"was answered {self.status}{_named(self.kind)} and is now {exchange.status}{_named(_kind(exchange))}"
        )


@dataclass
class Heartbeat:
    """Knows one request and asks it again.

    ``ask`` sends it, waiting out a throttle; ``pause`` waits, ``announce`` tells the user.
    """

    ask: Callable[[Known], Exchange]
    pause: Callable[[float], None]
    announce: Callable[[str], None] = lambda _: None
    known: Known | None = None
    asked: int = 0
    """How many requests were sent to the deployment so far."""
    outage: Outage | None = None
    """Why nothing is asked any more."""
    returns: int = 0
    """How often the deployment came back."""
    _fine: tuple[int, dt.datetime] = field(default_factory=lambda: (0, dt.datetime.now().astimezone()))
    _is_asking: bool = False

    def learn(self, exchange: Exchange) -> None:
        """Take an anonymous client's request as the known one.

        The first that was answered stays it.
        """
        if self.known is None and exchange.status < _BROKEN:
            self.known = Known.of(exchange)

    def note(self, exchange: Exchange, *, in_trouble: bool) -> None:
        """Note an answer.

        So it can be said since when there was none that was any good.
        """
        if not in_trouble and exchange.status < _BROKEN:
            self._fine = (self.asked, dt.datetime.now().astimezone())

    def must_go_on(self) -> None:
        """Raise Outage where the run stopped judging."""
        if self.outage is not None and not self._is_asking:
            # Otherwise its traceback would grow each time.
            raise self.outage.with_traceback(None)

    def must_beat(self) -> None:
        """Ask once more.

        Raises Outage where the deployment is not as it was.

        It may come back meanwhile: then only what happened in between is not judged.
        """
        self.must_go_on()
        if self.known is None or self._is_asking:
            return
        self._is_asking = True
        try:
            since = self._fine
            if (why := self._trouble(self.known)) is not None:
                self._wait_for_return(self.known, f"{why} (since request {since[0] + 1}, {since[1]:%H:%M:%S})")
        finally:
            self._is_asking = False

    def _wait_for_return(self, known: Known, what: str) -> None:
        self.announce(f"the deployment is down: {what}. Waiting up to {sum(_WAITS):.0f} s for it")
        for waited in _WAITS:
            self.pause(waited)
            if self._trouble(known) is None:
                self.returns += 1
                self.announce("the deployment is back, and the run goes on")
                raise Outage(f"the deployment was down: {what}.", "It came back; run again for what was missed.")
        self.outage = Outage(
            f"the deployment went down and the run stopped judging: {what}.",
            STOPPED,
        )
        raise self.outage

    def _trouble(self, known: Known) -> str | None:
        asked = f"{known.method} {known.url}"
        try:
            different = known.differs(self.ask(known))
        except NoAnswer as silent:
            return str(silent)
        except Throttled as throttled:
            return throttled.reason.rstrip(".")
        return f"{asked} {different}" if different is not None else None

    # --- between processes ---

    def ticket(self) -> dict[str, Any] | None:
        """What another process needs to ask the same."""
        return vars(self.known).copy() if self.known is not None else None

    def join(self, ticket: dict[str, Any] | None) -> None:
        """Take over what another process knows."""
        if ticket is not None:
            self.known = Known(**ticket)


def _kind(exchange: Exchange) -> str:
    return (exchange.header("content-type") or "").partition(";")[0].strip().lower()


def _named(kind: str) -> str:
    return f" ({kind})" if kind else ""
