"""What the shop keeps: customers, their sittings (a ticket and what renews it) and their slips, in SQLite.

Tickets and renewals are random and kept as digests. Each method is a seam that a test may break.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

TICKET_SECONDS = 900
SITTING_SECONDS = 14 * 24 * 3600
PAGE = 3

SCHEMA = """
CREATE TABLE customer (
    number INTEGER PRIMARY KEY AUTOINCREMENT, mail TEXT UNIQUE NOT NULL, handle TEXT NOT NULL, alias TEXT NOT NULL,
    secret TEXT NOT NULL
);
CREATE TABLE sitting (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    customer INTEGER NOT NULL REFERENCES customer ON DELETE CASCADE,
    ticket TEXT UNIQUE NOT NULL, ticket_ends REAL NOT NULL, ends REAL NOT NULL
);
CREATE TABLE renewal (
    digest TEXT PRIMARY KEY, sitting INTEGER NOT NULL REFERENCES sitting ON DELETE CASCADE, used INTEGER NOT NULL
);
CREATE TABLE slip (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    customer INTEGER NOT NULL REFERENCES customer ON DELETE CASCADE, text TEXT NOT NULL
);
"""


def digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


class Ledger:
    """The shop's database, used by one thread; another process may write to the file too."""

    def __init__(self, file: Path) -> None:
        self.url = f"sqlite:///{file}"
        self._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        self._decoy = self._hasher.hash(secrets.token_hex())
        self.rows = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self.rows.row_factory = sqlite3.Row
        self.rows.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {SCHEMA}")
        self.rows.execute("PRAGMA foreign_keys = ON")

    def one(self, statement: str, *values: object) -> sqlite3.Row | None:
        rows: list[sqlite3.Row] = self.rows.execute(statement, values).fetchall()
        return rows[0] if rows else None

    # --- customers ---

    def enrol(self, mail: str, handle: str, secret: str) -> None:
        """Make a customer. An address that is taken stays as it is, and the caller is not told."""
        hashed = self._hasher.hash(secret)
        statement = "INSERT INTO customer (mail, handle, alias, secret) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        self.rows.execute(statement, (mail, handle, f"Customer {handle}", hashed))

    def customer_by(self, mail: str, secret: str) -> sqlite3.Row | None:
        """The customer of that address, if the secret is theirs. An unknown address costs the same time."""
        found = self.one("SELECT * FROM customer WHERE mail = ?", mail)
        right = self.secret_fits(found["secret"] if found else self._decoy, secret)
        return found if right else None

    def secret_fits(self, hashed: str, secret: str) -> bool:
        try:
            return self._hasher.verify(hashed, secret)
        except VerifyMismatchError:
            return False

    def rename(self, customer: int, alias: str) -> None:
        self.rows.execute("UPDATE customer SET alias = ? WHERE number = ?", (alias, customer))

    def close(self, customer: int) -> None:
        self.rows.execute("DELETE FROM customer WHERE number = ?", (customer,))

    # --- sittings ---

    def sit_down(self, customer: int) -> tuple[str, str]:
        """Begin a sitting; its ticket and what renews it."""
        now = time.time()
        ticket = secrets.token_urlsafe(24)
        sitting = self.rows.execute(
            "INSERT INTO sitting (customer, ticket, ticket_ends, ends) VALUES (?, ?, ?, ?)",
            (customer, digest(ticket), now + TICKET_SECONDS, now + SITTING_SECONDS),
        ).lastrowid
        return ticket, self._renewal_of(int(sitting or 0))

    def holder(self, ticket: str) -> sqlite3.Row | None:
        """The customer whose live ticket that is, with the number of the sitting."""
        statement = (
            "SELECT customer.*, sitting.number AS sitting FROM customer JOIN sitting"
            " ON sitting.customer = customer.number WHERE ticket = ? AND ticket_ends > ? AND ends > ?"
        )
        return self.one(statement, digest(ticket), time.time(), time.time())

    def renew(self, renewal: str) -> tuple[str, str] | None:
        """The sitting's next ticket and renewal, once; a second use ends the sitting."""
        statement = (
            "SELECT renewal.*, sitting.ends FROM renewal JOIN sitting ON sitting.number = renewal.sitting"
            " WHERE digest = ?"
        )
        found = self.one(statement, digest(renewal))
        if found is None or found["ends"] <= time.time():
            return None
        if found["used"]:
            self.reused(found["sitting"])
            return None
        self.rows.execute("UPDATE renewal SET used = 1 WHERE digest = ?", (found["digest"],))
        ticket = secrets.token_urlsafe(24)
        self.rows.execute(
            "UPDATE sitting SET ticket = ?, ticket_ends = ? WHERE number = ?",
            (digest(ticket), time.time() + TICKET_SECONDS, found["sitting"]),
        )
        return ticket, self._renewal_of(found["sitting"])

    def reused(self, sitting: int) -> None:
        """A renewal came a second time: one of two holders stole it."""
        self.get_up(sitting)

    def get_up(self, sitting: int) -> None:
        """End a sitting with all that renews it."""
        self.rows.execute("DELETE FROM sitting WHERE number = ?", (sitting,))

    def _renewal_of(self, sitting: int) -> str:
        renewal = secrets.token_urlsafe(32)
        self.rows.execute("INSERT INTO renewal VALUES (?, ?, 0)", (digest(renewal), sitting))
        return renewal

    # --- slips ---

    def slips(self, customer: int, after: int) -> tuple[list[sqlite3.Row], bool]:
        """A page of the customer's slips, oldest first, and whether there are more."""
        statement = "SELECT * FROM slip WHERE customer = ? AND number > ? ORDER BY number LIMIT ?"
        found = self.rows.execute(statement, (customer, after, PAGE + 1)).fetchall()
        return found[:PAGE], len(found) > PAGE

    def slip(self, customer: int, number: int) -> sqlite3.Row | None:
        return self.one("SELECT * FROM slip WHERE number = ? AND customer = ?", number, customer)

    def write_slip(self, customer: int, text: str) -> sqlite3.Row | None:
        return self.one("INSERT INTO slip (customer, text) VALUES (?, ?) RETURNING *", customer, text)

    def rewrite_slip(self, customer: int, number: int, text: str) -> sqlite3.Row | None:
        statement = "UPDATE slip SET text = ? WHERE number = ? AND customer = ? RETURNING *"
        return self.one(statement, text, number, customer)

    def remove_slip(self, customer: int, number: int) -> sqlite3.Row | None:
        return self.one("DELETE FROM slip WHERE number = ? AND customer = ? RETURNING *", number, customer)
