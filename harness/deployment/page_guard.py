"""Whether the guard of a page turned a client away.

A stranger is compared with a stranger. Where the plain request of an anonymous client is turned away, a request
with another spelling, method, header or cookie that gets a page was let in, whatever the page shows; unless it is
what any client gets for a path at which there is nothing, or a page of another kind: a public one under that
spelling, what a form is answered, or one that says to the owner of a cookie that the session is over.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from harness.deployment.credential import ANONYMOUS
from harness.deployment.destination import is_sign_in
from harness.deployment.likeness import likeness, resembles
from harness.deployment.page_visits import ANYONE
from harness.deployment.trail import follow
from harness.wire.addresses import resolved

if TYPE_CHECKING:
    from harness.core.exchange import Exchange, Headers
    from harness.deployment.credential import Credential
    from harness.deployment.page_visits import AnonymousVisit, PageVisits
    from harness.deployment.trail import Trail

ALIKE = 0.9
"""The share of words in common from which on two answers are the same page."""
_WORD = re.compile(r"\w")
_LED_ON = re.compile(
    r"""(?:NEXT_REDIRECT;\w+;
        | __N_REDIRECT"\s*:\s*"
        | location(?:\.href)?"?\s*[=:]\s*["']
        | (?:assign|replace|redirect|navigate|push|goto)\(\s*["'])
        ([^"';\s]+)""",
    re.VERBOSE,
)
"""How scripts and data of a page lead on, with the destination."""


@dataclass(frozen=True)
class Variant:
    """A request for a page other than a plain anonymous one.

    ``asked`` is the path at which it is asked for, ``trail`` is what came.
    """

    who: str
    asked: str
    credential: Credential
    extra: Headers
    trail: Trail
    method: str = "GET"

    def is_plain(self, path: str) -> bool:
        """Whether it is the plain request of an anonymous client itself."""
        return (self.asked, self.method) == (path, "GET") and not self.extra and not self.credential.carried


@dataclass(frozen=True)
class PageGuard:
    """What keeps others from the page at one path."""

    visits: PageVisits

    @property
    def path(self) -> str:
        """Where the page is."""
        return self.visits.path

    def let_in(self, variant: Variant, own: Exchange) -> str | None:
        """A sentence if the request was let in, or None.

        ``own`` is the page as its owner gets it. None, too, where a plain anonymous client gets a page.
        """
        end = variant.trail.end
        if variant.is_plain(self.path) or not httpx.codes.is_success(end.status) or self._is_turned_away(variant):
            return None
        anonymous = self.visits.anonymous(own)
        if anonymous.away is None:
            return None
        if self._is_elsewhere(variant) and self._is_of_nothing(variant):
            return None
        if self._is_owners(end, own, anonymous):
            return f"it opened as for its owner ({end.status}, the same page), where {ANYONE} was {anonymous.away}"
        if self._is_harmless(variant, own):
            return None
        shown = f"a page with nothing of its owner's, and none of those for {ANYONE}"
        return f"it was let in ({end.status}, {shown}), where {ANYONE}'s plain request was {anonymous.away}"

    def _is_turned_away(self, variant: Variant) -> bool:
        target, end = self.visits.operations.target, variant.trail.end
        if is_sign_in(target, end.url) and self._at(end) == self._at_url(variant.asked):
            # It was asked for there, so that it is there shows nothing.
            return self._is_sign_in_page(end)
        is_away = self.visits.turned_away(variant.trail) is not None
        return is_away or self._at(end) not in (self._at_url(variant.asked), self._at_url(self.path))

    def _is_sign_in_page(self, end: Exchange) -> bool:
        plain = self.visits.operations.page(self.visits.operations.pages.sign_in, ANYONE, ANONYMOUS)
        return self.visits.asks_to_sign_in(end) or likeness(end.text, plain.text) >= ALIKE

    def _at(self, exchange: Exchange) -> str:
        return urlsplit(exchange.url).path

    def _at_url(self, path: str) -> str:
        return urlsplit(self.visits.operations.target.url("web", path)).path

    def _is_elsewhere(self, variant: Variant) -> bool:
        return variant.asked != self.path

    def _is_owners(self, end: Exchange, own: Exchange, anonymous: AnonymousVisit) -> bool:
        alike = likeness(end.text, own.text)
        return alike >= ALIKE and likeness(end.text, anonymous.text) < alike

    # --- what is no page of the owner's ---

    def _is_harmless(self, variant: Variant, own: Exchange) -> bool:
        end = variant.trail.end
        return (
            _WORD.search(end.text) is None
            or not _is_page_or_data(end)
            or self._leads_to_sign_in(end)
            or (not self._is_elsewhere(variant) and self._is_of_nothing(variant))  # else it was asked before
            or (self._may_be_another(variant) and self._is_another_page(end, own))
        )

    def _may_be_another(self, variant: Variant) -> bool:
        return self._is_elsewhere(variant) or bool(variant.credential.carried) or variant.method != "GET"

    def _leads_to_sign_in(self, end: Exchange) -> bool:
        """Whether a script or the data of a page leads to sign-in."""
        destinations = (resolved(found, end.url) for found in _LED_ON.findall(end.text))
        return any(is_sign_in(self.visits.operations.target, one) for one in destinations if one is not None)

    def _is_of_nothing(self, variant: Variant) -> bool:
        """Whether the same request gets that for a path without a page."""
        nothing = f"/{secrets.token_hex(4)}-nothing"
        asked = variant.asked.replace(self.path, nothing)
        extra = tuple((name, value.replace(self.path, nothing)) for name, value in variant.extra)
        trail = follow(
            self.visits.operations, asked, variant.who, variant.credential, extra, method=variant.method
        )
        came = trail.end
        is_page = httpx.codes.is_success(came.status)
        return is_page and likeness(came.text, variant.trail.end.text) >= ALIKE

    def _is_another_page(self, end: Exchange, own: Exchange) -> bool:
        """Whether a page has nothing in common with the owner's alone."""
        operations = self.visits.operations
        public = [operations.page(path, ANYONE, ANONYMOUS).text for path in ("/", operations.pages.sign_in)]
        return not resembles(end.text, own.text, public)


def _is_page_or_data(exchange: Exchange) -> bool:
    """Whether an answer is a page or JSON.

    What a framework's own script asks for in advance, such as the tree of a page's parts, is neither.
    """
    kind = (exchange.header("content-type") or "text/html").lower()
    return "html" in kind or "json" in kind
