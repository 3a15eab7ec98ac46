"""People with accounts, and the devices they use; each device has its own cookies."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from faker import Faker

from harness.core.redaction import register
from harness.wire.cookies import CookieJar

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.profile.profile import People

LOCALES = ["en_US", "de_DE", "fr_FR", "pl_PL", "tr_TR", "el_GR", "ja_JP"]
"""Names come with letters beyond ASCII, as people's do."""


@dataclass(eq=False)
class Task:
    """A task that its owner made; ``canary`` is random text inside the title as it was last written."""

    id: str
    title: str
    canary: str


@dataclass(eq=False)
class Person:
    """Somebody with an account (or about to have one). ``canary`` is random text inside the name."""

    alias: str
    name: str
    email: str
    password: str
    canary: str
    tasks: list[Task] = field(default_factory=list)
    devices: dict[str, Device] = field(default_factory=dict)
    has_account: bool = False
    id: str = ""
    signed_up: Exchange | None = None
    """The answer to their sign-up."""

    def device(self, name: str) -> Device:
        """The person's device of that name; a new one starts with no cookies."""
        return self.devices.setdefault(name, Device(self, name))

    @property
    def values(self) -> dict[str, str]:
        """What the profile's templates may ask for; the id once the deployment has told it."""
        username = "".join(letter for letter in self.email.partition("@")[0] if letter.isalnum())
        known = {"name": self.name, "email": self.email, "password": self.password, "username": username}
        return {**known, "user_id": self.id} if self.id else known

    @property
    def canaries(self) -> list[str]:
        """Random texts that nobody but this person may be shown."""
        return [self.canary, *(task.canary for task in self.tasks)]


@dataclass(eq=False)
class Device:
    """A browser of a person's: a cookie jar and the tokens that were handed to it."""

    person: Person
    name: str
    jar: CookieJar = field(default_factory=CookieJar)
    access_token: str | None = None
    refresh_token: str | None = None
    csrf_token: str | None = None

    @property
    def who(self) -> str:
        """How transcripts name it."""
        return f"{self.person.alias}'s {self.name}"


class Casting:
    """Makes people from a seed; the same seed gives the same names, never the same addresses."""

    def __init__(self, people: People, seed: int) -> None:
        self._people = people
        self._faker = Faker(LOCALES)
        self._faker.seed_instance(seed)

    def person(self, alias: str) -> Person:
        """Somebody new, without an account yet. Password and address are registered as secrets to mask."""
        canary = new_canary()
        local = f"{alias.lower()}.{secrets.token_hex(6)}"
        email = self._people.email.format(local=local, domain=self._people.domain)
        return Person(
            alias=alias,
            name=f"{self._faker.name()} {canary}",
            email=email,
            password=self.password(),
            canary=canary,
        )

    def password(self) -> str:
        """A password that any sensible policy accepts: long, mixed, on no list."""
        return register(f"Aa1!{secrets.token_urlsafe(15)}", "password")

    def long_password(self, length: int, *, blank: bool) -> str:
        """A password of ``length`` mixed ASCII characters, one of them a blank if asked for."""
        start = "Aa1! " if blank else "Aa1!"
        return register((start + secrets.token_urlsafe(length))[:length], "password")

    def short_password(self, length: int) -> str:
        """A password of ``length`` mixed ASCII characters."""
        return register(f"Aa1!{secrets.token_hex(8)}"[:length], "password")


def new_canary() -> str:
    """Random text of letters and digits only, so that no escaping can change it."""
    return f"cnry{secrets.token_hex(8)}"
