"""People with accounts, and the devices that they use."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from faker import Faker

from harness.core.provenance import Joined, Part, Random, made
from harness.core.redaction import publish, register
from harness.wire.cookies import CookieJar

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.profile.profile import People

LOCALES = ["en_US", "de_DE", "fr_FR", "pl_PL", "tr_TR", "el_GR", "ja_JP"]
"""Names come with letters beyond ASCII, as people's do."""

CANARY = re.compile(r"\bcnry[0-9a-f]{16}\b")
"""What every canary looks like."""

_MIXED = "Aa1!"
"""How passwords begin, so that any policy takes them."""

_USUAL_LENGTH = 24
"""Characters of a password, where no more are announced as the minimum: fewer than any server cuts off."""


@dataclass(eq=False)
class Task:
    """A task that its owner made.

    ``canary`` is random text inside the title as it was last written.
    """

    id: str
    title: str
    canary: str


@dataclass(eq=False)
class Person:
    """Somebody with an account, or about to have one.

    ``canary`` is random text inside the name.
    """

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
    tasks_left: int = 0
    """How many tasks of earlier scenarios could not be deleted."""
    in_doubt: bool = False
    """Whether a session of theirs may have ended, so that it is checked before its next use."""

    def device(self, name: str) -> Device:
        """The person's device of that name; a new one has no cookies."""
        return self.devices.setdefault(name, Device(self, name))

    @property
    def values(self) -> dict[str, str]:
        """What the profile's templates may ask for.

        The id is among it once the deployment has shown it.
        """
        username = "".join(letter for letter in self.email.partition("@")[0] if letter.isalnum())
        known = {"name": self.name, "email": self.email, "password": self.password, "username": username}
        return {**known, "user_id": self.id} if self.id else known

    @property
    def canaries(self) -> list[str]:
        """Random texts that nobody but this person may be shown."""
        return [self.canary, *(task.canary for task in self.tasks)]


@dataclass(eq=False)
class Device:
    """A person's browser: a cookie jar, and tokens."""

    person: Person
    name: str
    jar: CookieJar = field(default_factory=CookieJar)
    access_token: str | None = None
    refresh_token: str | None = None
    csrf_token: str | None = None
    visited: tuple[str, ...] = ()
    """What the browser asked for whose cookies these are, if it was one."""

    @property
    def who(self) -> str:
        """How transcripts name it."""
        return f"{self.person.alias}'s {self.name}"

    def become(self, other: Device) -> None:
        """Take over what another device has, and keep nothing else."""
        self.jar, self.csrf_token = other.jar, other.csrf_token
        self.access_token, self.refresh_token = other.access_token, other.refresh_token

    def frozen(self, name: str) -> Device:
        """A copy of all that it holds, as another device.

        Cookies don't end there by themselves: an attacker keeps them.
        """
        tokens = self.access_token, self.refresh_token, self.csrf_token
        return Device(self.person, name, self.jar.frozen(), *tokens)

    def keep_cookies(self, exchange: Exchange) -> None:
        """Store what an answer sets, as a browser does."""
        self.jar.store(exchange.set_cookies, exchange.url)


_LONGEST_LOCAL = 64
"""Characters that stand before the @ at most (RFC 5321 section 4.5.3.1.1)."""

_LONGEST_LABEL = 63
"""Characters of one label of a domain at most (RFC 1035 section 2.3.4)."""


class PersonFactory:
    """Makes people from a seed.

    The same seed gives the same names, never the same addresses.
    """

    def __init__(self, people: People, seed: int) -> None:
        self._people = people
        # All that it can make is two hundred modules to look for.
        self._faker = Faker(LOCALES, providers=["faker.providers.person"])
        self._faker.seed_instance(seed)

    def person(self, alias: str) -> Person:
        """Somebody new, without an account yet.

        The password is registered as a secret to mask.
        """
        return self._person(alias, self._address(alias))

    def long_addressed(self, alias: str, *, in_subdomain: bool) -> Person:
        """Somebody new whose address has 64 characters before the @.

        With a subdomain it has more than 100 in all.
        """
        return self._person(alias, self._address(alias, _LONGEST_LOCAL, "d" * _LONGEST_LABEL * in_subdomain))

    def _person(self, alias: str, email: str) -> Person:
        canary = new_canary(f"{alias} name canary")
        return Person(
            alias=alias,
            name=publish(f"{self._faker.name()} {canary}"),
            email=publish(email),
            password=self.password(f"{alias} password"),
            canary=canary,
        )

    def _address(self, alias: str, length: int = 0, label: str = "") -> str:
        """A new address, with that many characters before the @ at least."""
        tag = secrets.token_hex(6)
        local, subdomain = f"{alias.lower()}.{tag}", f"{label}." if label else ""
        missing = length - len(self._people.address(local).partition("@")[0])
        email = self._people.address(local + "x" * missing, subdomain)
        before, _, after = email.partition(tag)
        # Alone it stands in the username.
        made(f"{alias} tag", Part(email, len(before), len(before) + len(tag)))
        return made(f"{alias} email", Joined((before, Random(tag), after)))

    def password(self, name: str = "password") -> str:
        """A password that any sensible policy accepts: long, mixed, on no list."""
        return self._of_length(name, _MIXED, self._usual_length)

    def spaced_password(self) -> str:
        """An ordinary password, but that there is a space in it."""
        return self._of_length("password with a space", f"{_MIXED} ", self._usual_length)

    @property
    def _usual_length(self) -> int:
        return max(_USUAL_LENGTH, self._people.least_password_length)

    def long_password(self, length: int) -> str:
        """A password of ``length`` mixed ASCII characters."""
        return self._of_length("long password", _MIXED, length)

    def _of_length(self, name: str, start: str, length: int) -> str:
        return _password(name, start, secrets.token_urlsafe(length)[: length - len(start)])

    def short_password(self, length: int) -> str:
        """A password of ``length`` mixed ASCII characters."""
        rest = max(0, length - len(_MIXED))
        return _password("short password", _MIXED[:length], secrets.token_hex(length)[:rest])


def _password(name: str, start: str, rest: str) -> str:
    return register(made(name, Joined((start, Random(rest)))), "password")


def new_canary(name: str = "canary") -> str:
    """Random text that no escaping can change: letters and digits."""
    return made(name, Joined(("cnry", Random(secrets.token_hex(8)))))
