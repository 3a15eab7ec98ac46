"""Visits of one page: who gets in, and who is turned away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from harness.deployment.credential import ANONYMOUS
from harness.deployment.quotation import quoted
from harness.deployment.trail import follow
from harness.wire.document import read_document

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.credential import Credential
    from harness.deployment.operations import Operations
    from harness.deployment.trail import Trail

ANYONE = "an anonymous client"
"""Who visits without a credential."""


@dataclass(frozen=True)
class AnonymousVisit:
    """What an anonymous client gets where an owner gets a page.

    ``away`` says how it was kept from the page, if it was; ``text`` is the page that it sees in the end, if any.
    """

    trail: Trail
    away: str | None
    text: str


@dataclass(frozen=True)
class PageVisits:
    """Visits of the page at a path of the deployment."""

    operations: Operations
    path: str

    def of(self, who: str, credential: Credential) -> Trail:
        """The way that a signed-in user gets to the page.

        A first visit may lead to another page of theirs, so then there is a second one.
        """
        trail = follow(self.operations, self.path, who, credential, through_sign_in=True)
        leads_on = len(trail.exchanges) > 1 and self.turned_away(trail) is None
        return follow(self.operations, self.path, who, credential, through_sign_in=True) if leads_on else trail

    def turned_away(self, trail: Trail) -> str | None:
        """How a client was kept from a page, or None.

        It is the end of "it was ...".
        """
        end, sign_in = trail.end, self.operations.pages.sign_in
        if trail.circle:
            return trail.circles
        if trail.to_sign_in:
            return f"sent to {sign_in}"
        if trail.outside is not None:
            return f"sent to {trail.outside}"
        if not httpx.codes.is_success(end.status):
            return f"answered {quoted(end)}"
        return f"answered {end.status} with the form of {sign_in}" if self.asks_to_sign_in(end) else None

    def asks_to_sign_in(self, exchange: Exchange) -> bool:
        """Whether an answer has the form of the sign-in page."""
        form = read_document(exchange.text).password_form
        return bool(form) and form == read_document(self._sign_in_page()).password_form

    def anonymous(self, own: Exchange) -> AnonymousVisit:
        """What an anonymous client gets where the owner gets ``own``."""
        trail = follow(self.operations, self.path, ANYONE, ANONYMOUS)
        away = self.turned_away(trail) or self._sent_elsewhere(trail.end, own)
        if trail.to_sign_in:
            return AnonymousVisit(trail, away, self._sign_in_page())
        return AnonymousVisit(trail, away, trail.end.text if httpx.codes.is_success(trail.end.status) else "")

    def _sent_elsewhere(self, end: Exchange, own: Exchange) -> str | None:
        here, there = (urlsplit(exchange.url).path.rstrip("/") for exchange in (end, own))
        return f"sent to {here or '/'}" if here != there else None

    def _sign_in_page(self) -> str:
        return self.operations.page(self.operations.pages.sign_in, ANYONE, ANONYMOUS).text
