"""Faults of the shop, each by overriding one seam, and the scenarios that must turn red for it and no others."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tests.process.sixth_shape.shop_ledger import Ledger, digest
from tests.process.sixth_shape.shop_server import TICKET, Shop, done, fields


class LeavesSittings(Ledger):
    """Sign-out answers well and ends nothing."""

    def get_up(self, sitting: int) -> None:
        pass

    def reused(self, sitting: int) -> None:
        super().get_up(sitting)


class RenewsAgain(Ledger):
    """What renews a ticket does so as often as it is sent."""

    def renew(self, renewal: str) -> tuple[str, str] | None:
        self.rows.execute("UPDATE renewal SET used = 0")
        return super().renew(renewal)


class FitsAnySecret(Ledger):
    """Any secret opens the account of a known address."""

    def secret_fits(self, hashed: str, secret: str) -> bool:
        return True


class HonoursEndedTickets(Ledger):
    """The end of a ticket is never looked at."""

    def holder(self, ticket: str) -> sqlite3.Row | None:
        statement = (
            "SELECT customer.*, sitting.number AS sitting FROM customer JOIN sitting"
            " ON sitting.customer = customer.number WHERE ticket = ?"
        )
        return self.one(statement, digest(ticket))


class BelievesThePath(Shop):
    """Whoever has a ticket is whom the path names."""

    def own(self, request: Request) -> Any:
        self.customer(request)
        return {"number": request.path_params["customer"]}


class AsksForNoTicket(Shop):
    """The shelf takes the path for who asks where no ticket came at all."""

    def own(self, request: Request) -> Any:
        return super().own(request) if TICKET in request.headers else {"number": request.path_params["customer"]}


@dataclass(frozen=True)
class TakesAnyField(Shop):
    """Sign-up keeps whatever comes with the customer, and shows it."""

    kept: dict[str, dict[str, object]] = field(default_factory=dict)

    async def enrol(self, request: Request) -> Response:
        asked = await fields(request, "customer")
        wishes = {key: value for key, value in asked.items() if key not in ("mail", "handle", "secret")}
        self.kept[str(asked.get("mail")).casefold()] = wishes
        return await super().enrol(request)

    async def who(self, request: Request) -> Response:
        customer = self.customer(request)
        return done({"customer": {**self.kept.get(customer["mail"], {}), **dict(customer)}})


class TellsWhoIsKnown(Shop):
    """The form's redirect says whether the address has an account."""

    async def enter(self, request: Request) -> Response:
        answer = await super().enter(request)
        mail = str((await request.form()).get("login")).casefold()
        known = self.ledger.one("SELECT 1 FROM customer WHERE mail = ?", mail)
        if known and "error=unknown" in answer.headers.get("location", ""):
            answer.headers["location"] += "-secret"
        return answer
