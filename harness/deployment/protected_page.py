"""A page that only a signed-in person sees.

Two things show that it opened: it has its owner's name, address or tasks; or, where a script draws these, the
owner gets the page and an anonymous client is turned away from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

import httpx

from harness.core.errors import Absent, Misfit
from harness.core.findings import Unmet
from harness.deployment.errors import Indistinct, NotThere
from harness.deployment.likeness import likeness
from harness.deployment.marks import marks_of, shown_in
from harness.deployment.page_guard import ALIKE, PageGuard, Variant
from harness.deployment.page_visits import ANYONE, PageVisits
from harness.deployment.place import Place
from harness.deployment.refusal import Attempt
from harness.deployment.trail import follow

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange, Headers
    from harness.deployment.credential import Credential
    from harness.deployment.people import Person
    from harness.deployment.trail import Trail

_ABSENT = (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED, httpx.codes.NOT_IMPLEMENTED)
_REMEDY = "If the page's HTML shows something else of its owner, name it in pages.shows of the profile."


@dataclass(frozen=True)
class ProtectedPage(Place):
    """A page that only a signed-in person sees.

    The profile's first one where no other path is given. ``asked`` is another path at which it is asked for, and
    ``method`` another way than GET.
    """

    path: str | None = None
    asked: str | None = None
    method: str = "GET"

    word = "protected page"

    @property
    def absence(self) -> str | None:
        """There is none where there are no pages."""
        return "The profile declares no pages." if self.deployment.target.profile.pages is None else None

    @property
    def own_path(self) -> str:
        """Where the profile says that it is."""
        return self.path or self.deployment.pages.protected[0]

    @property
    def visits(self) -> PageVisits:
        """Visits of it at its own path."""
        return PageVisits(self.deployment, self.own_path)

    def key(self, _owner: str) -> str:
        """The name of the control, which each page has."""
        return self.word if self.own_path == self.deployment.pages.protected[0] else f"{self.word} {self.own_path}"

    def url(self, owner: Person) -> str:  # noqa: ARG002 - as the others have it
        """The address, which is one for all."""
        return self.deployment.target.url("web", self.own_path)

    def _ask(self, who: str, credential: Credential, owner: Person, extra: Headers) -> Exchange:  # noqa: ARG002
        return self._followed(who, credential, extra).end

    def _followed(self, who: str, credential: Credential, extra: Headers) -> Trail:
        return follow(self.deployment, self.asked or self.own_path, who, credential, extra, method=self.method)

    def opened(self, exchange: Exchange, owner: Person) -> bool:
        """Whether the answer shows whose page it is.

        What the request said itself shows nothing, nor does a form that asks to sign in.
        """
        said = "\n".join((unquote(exchange.url), *(value for _, value in exchange.request_headers)))
        marks = [
            mark for mark in marks_of(self.deployment.target.profile, owner) if shown_in(said, [mark]) is None
        ]
        is_shown = httpx.codes.is_success(exchange.status) and shown_in(exchange.text, marks) is not None
        return is_shown and not self.visits.asks_to_sign_in(exchange)

    def refuses(self, exchange: Exchange) -> bool:
        """Whether the answer leads elsewhere, or is a page at all.

        A shell without anything private may be served to anybody: the browser scenarios judge the rest.
        """
        return httpx.codes.is_success(exchange.status) or httpx.codes.is_redirect(exchange.status)

    # --- the owner ---

    def control(self, who: str, credential: Credential, owner: Person) -> Callable[[], Exchange]:
        """A check that the credential opens it; see `Judge.control`.

        Raises Indistinct where nothing shows whether it did.
        """
        before: list[Exchange] = []

        def check() -> Exchange:
            exchange = self.admitted(who, credential, owner)
            if before and not self.opened(exchange, owner) and likeness(before[0].text, exchange.text) < ALIKE:
                raise Indistinct(
                    f"the page at {self.own_path} is never the same, so over HTTP nothing shows who may open it.",
                    _REMEDY,
                    [before[0], exchange],
                )
            before.append(exchange)
            return exchange

        return check

    def admitted(self, who: str, credential: Credential, owner: Person) -> Exchange:
        """The page as its owner gets it.

        Raises Unmet where it does not open, Indistinct where nothing shows whether it did.
        """
        trail = self.visits.of(who, credential)
        if trail.outside is not None:
            raise Misfit(
                f"{self.own_path} leads {who} to {trail.outside}, outside the deployment, where nothing is asked.",
                "Correct pages.protected in the profile, or --base-url.",
                trail.exchanges,
            )
        if trail.end.status in _ABSENT:
            self._must_be_there(trail.end)
        if (came := self.visits.turned_away(trail)) is not None:
            expected = f"that {credential.label} opens the {self.word} {self.own_path}"
            raise Unmet(expected, f"it was {came}", trail.exchanges[-3:])
        if not self.opened(trail.end, owner):
            self._must_differ(trail.end, owner)
        return trail.end

    def _must_be_there(self, own: Exchange) -> None:
        """Raise NotThere if an anonymous client gets the same answer."""
        hidden = self.deployment.pages.anonymous == "refused"
        if not hidden and self.visits.anonymous(own).trail.end.status == own.status:
            raise NotThere(
                f"{self.own_path} was answered {own.status}, to its owner and to {ANYONE}: there is no such page.",
                "Correct pages.protected in the profile.",
                [own],
            )

    def _must_differ(self, own: Exchange, owner: Person) -> None:
        """Raise Indistinct unless an anonymous client is kept from that page."""
        anonymous = self.visits.anonymous(own)
        is_same = likeness(own.text, anonymous.text) == 1
        if anonymous.away is not None and not is_same:
            return
        what = (
            f"is the same for {owner.alias} and for {ANYONE}"
            if is_same
            else f"shows neither name, address nor task of {owner.alias}'s, and {ANYONE} gets a page too"
        )
        raise Indistinct(
            f"the page at {self.own_path} {what}, so over HTTP nothing shows who may open it; the browser "
            "scenarios judge it.",
            _REMEDY,
            [own, anonymous.trail.end],
        )

    # --- attempts ---

    def attempt(self, who: str, credential: Credential, owner: Person, what: str, extra: Headers = ()) -> Attempt:
        """Try to open it with something that must not open it."""
        if (absence := self.absence) is not None:
            raise Absent(absence)
        trail = self._followed(who, credential, extra)
        *way, end = trail.exchanges
        asked = self.asked or self.own_path
        variant = Variant(who, asked, credential, extra, trail, self.method)
        return Attempt(
            key=self.key(owner.alias),
            what=what,
            exchange=end,
            way=tuple(way),
            hidden=tuple(owner.canaries),
            effect=lambda: f"it opened the {self.word}" if self.opened(end, owner) else None,
            also_refusal=self.refuses,
            as_accepted=partial(PageGuard(self.visits).let_in, variant),
        )
