"""Sign-up and sign-in, by the owner and by an attacker."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.core.provenance import Changed, Joined, Part, Random, made
from harness.core.redaction import register
from harness.core.vocabulary import Vocabulary
from harness.deployment.answer import at, matches
from harness.deployment.people import Device
from harness.deployment.quotation import quoted
from harness.deployment.refusal import Attempt
from harness.deployment.tampered import UNTAMPERED, Tampering

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.deployment import Deployment
    from harness.deployment.people import Person, PersonFactory
    from harness.profile.operations import SignIn

SIGN_IN = "sign in"
SIGN_UP = "sign up"
FOREIGN_DESTINATION = "https://evil.invalid/x"
"""A target on another site; the name can't exist (RFC 2606)."""

PRIVILEGES: dict[str, Any] = {
    "role": "admin",
    "roles": ["admin"],
    "isAdmin": True,
    "is_admin": True,
    "is_superuser": True,
    "emailVerified": True,
    "email_verified": True,
    "is_verified": True,
    "createdAt": "2001-02-03T04:05:06.000Z",
    "created_at": "2001-02-03T04:05:06Z",
    "banned": True,
}
"""Fields that only the server may set, with values that an ordinary new account never has."""

_COUNTED_BYTES = 72
"""bcrypt looks at no more of a password."""

WRONG_PASSWORDS: Vocabulary[Callable[[Person, PersonFactory], str]] = Vocabulary(
    "wrong password",
    {
        "a random password of allowed length": lambda _, factory: factory.password("wrong password"),
        "her password with one more character": lambda person, _: _wrong(Part(person.password), "x"),
        "her password without its last character": lambda person, _: _wrong(Part(person.password, end=-1)),
        "her password with another ending": lambda person, _: _with_another_ending(person.password),
        "her password in other case": lambda person, _: _wrong(Changed("swapped", person.password)),
        "her password with a space before it": lambda person, _: _wrong(" ", Part(person.password)),
        "her password with a space after it": lambda person, _: _wrong(Part(person.password), " "),
        "her password with its space doubled": lambda person, _: _with_space_doubled(person.password),
    },
)
"""Passwords that aren't the person's, by the words that feature files use for them."""


SHORT_LENGTHS: Vocabulary[Callable[[int], int]] = Vocabulary(
    "length of a short password",
    {"one character": lambda _: 1, "one character below the minimum": lambda minimum: minimum - 1},
)
"""How long a password is that is too short, from the minimum that the profile states."""

DESTINATIONS: Vocabulary[Callable[[SignIn, str], Tampering | None]] = Vocabulary(
    "place for the destination of a sign-in",
    {
        "in the body": lambda declared, target: (
            Tampering(body={declared.redirect_in_body: target}) if declared.redirect_in_body else None
        ),
        "in the query": lambda declared, target: (
            Tampering(query={declared.redirect_in_query: target}) if declared.redirect_in_query else None
        ),
    },
)
"""Where a sign-in takes its destination; None where the profile declares nothing there."""


def _wrong(*pieces: str | Part | Changed) -> str:
    return made("wrong password", Joined(pieces))


def _with_another_ending(password: str) -> str:
    kept = min(_COUNTED_BYTES, len(password) - 4)
    return _wrong(Part(password, end=kept), Changed("another", Part(password, kept)))


def _with_space_doubled(password: str) -> str:
    before, space, _ = password.partition(" ")
    return _wrong(Part(password, end=len(before)), " ", Part(password, len(before))) if space else password


@dataclass
class Accounts:
    """Sign-up and sign-in on one deployment."""

    deployment: Deployment
    factory: PersonFactory

    def yields(self, device: Device) -> str | None:
        """What sign-up or sign-in left on the device that can be used.

        A sentence, or None.
        """
        identity = self.deployment.identity.who_is(self.deployment.access.browser_session(device), device.who)
        if identity is not None:
            return f"the browser that asked is signed in as {identity.called}"
        if device.access_token is not None:
            return "the answer holds an access token"
        if device.refresh_token is not None:
            return "the answer holds a refresh token"
        return None

    # --- sign-in ---

    def signs_in(self, person: Person, tampering: Tampering | None = None) -> Callable[[], Exchange]:
        """A check that the right password signs in; see `Judge.control`.

        It signs the person in on a new device.
        """

        def check() -> Exchange:
            device = Device(person, "second device")
            exchange = self.deployment.sessions.sign_in(device, tampering or UNTAMPERED)
            self.deployment.must_be_there("sign_in", exchange)
            if self.yields(device) is None:
                raise Unmet(
                    f"that {person.alias}'s own password signs in",
                    f"it was answered {quoted(exchange)}",
                    [exchange],
                )
            return exchange

        return check

    def wrong_password(self, person: Person, kind: str) -> Attempt | None:
        """Try to sign in with a wrong password of that kind.

        None where it is the right one after all.
        """
        wrong = register(WRONG_PASSWORDS[kind](person, self.factory), "password")
        if wrong == person.password:
            return None
        return self.with_password(person, wrong, f"signing in with {kind}")

    def with_password(
        self, person: Person, password: str, what: str, tampering: Tampering = UNTAMPERED, *, repeats: bool = False
    ) -> Attempt:
        """Try to sign in to the account with a wrong password.

        ``repeats`` says that it was the right one before.
        """
        device = Device(person, "somebody else's browser")
        outcomes = self.deployment.operation("sign_in").outcomes
        exchange = self.deployment.sessions.guess(device, password, tampering)
        return Attempt(
            key=SIGN_IN,
            what=what,
            exchange=exchange,
            effect=lambda: self.yields(device),
            harmless_success=True,
            repeats=repeats,
            also_refusal=lambda answer: matches(outcomes.bad_credentials, answer),
        )

    def with_destination(self, place: str, destination: str) -> Tampering:
        """A sign-in that asks for a destination.

        ``place`` says where in the request.
        """
        tampering = DESTINATIONS[place](self.deployment.target.profile.operations.sign_in, destination)
        if tampering is None:
            raise Absent(f"The profile declares no way to give sign-in a destination {place}.")
        return tampering

    # --- sign-up ---

    def signs_up(self, person: Person) -> Callable[[], Exchange]:
        """A check that a new person can sign up; see `Judge.control`.

        The person signs up once; later the check signs in.
        """

        def check() -> Exchange:
            if person.has_account:
                return self.signs_in(person)()
            device = self.deployment.sessions.open_account(person)
            return self.deployment.call("session", device.who, {}, self.deployment.access.browser_session(device))

        return check

    def short_password(self, person: Person, kind: str) -> Attempt:
        """Try to sign up with a password below the stated minimum."""
        minimum = self.deployment.target.profile.people.least_password_length
        length = SHORT_LENGTHS[kind](minimum)
        password = self.factory.short_password(length)
        return self.with_chosen_password(person, password, f"signing up with a password of {length} characters")

    def with_chosen_password(
        self, person: Person, password: str, what: str, *, opens_with: str | None = None
    ) -> Attempt:
        """Try to sign up with a password that must be refused.

        ``opens_with`` is one that must sign in for that, where it is another form of the same.
        """
        outcomes = self.deployment.operation("sign_up").outcomes
        person.password = password
        is_another = opens_with is not None and opens_with != password
        device = person.device("first device")
        exchange = self.deployment.sessions.sign_up(person, device)
        return Attempt(
            key=SIGN_UP,
            what=what,
            exchange=exchange,
            effect=lambda: (not is_another and self.yields(device)) or self._account_of(person, opens_with),
            harmless_success=True,
            also_refusal=lambda answer: matches(outcomes.invalid, answer),
        )

    def _account_of(self, person: Person, password: str | None) -> str | None:
        device = Device(person, "second device")
        self.deployment.sessions.guess(device, person.password if password is None else password)
        return self.yields(device)

    def privileges(self) -> dict[str, Any]:
        """Fields that only the server may set, with values to ask for.

        The ids are new ones each time.
        """
        return {**PRIVILEGES, "id": _chosen_id(), "user_id": _chosen_id()}

    def granted(self, asked: dict[str, Any], session: Exchange, ordinary: Exchange) -> str | None:
        """Which of the requested fields was granted, or None.

        It stands in the session's answer, and not in that of an ordinary account.
        """
        _, mark = self.deployment.target.profile.operations.session.identity.mark
        place = (mark.pointer or "").rpartition("/")[0]
        for name, value in asked.items():
            pointer = f"{place}/{name}"
            if _same(at(session, pointer), value) and not _same(at(ordinary, pointer), value):
                return f"{name} became {value!r}"
        for name, value in asked.items():
            if isinstance(value, str) and value in session.text and value not in ordinary.text:
                return f"{name}: the chosen value {value!r} is in the session's answer"
        return None


def _same(shown: object, asked: object) -> bool:
    """Whether what is shown is the requested value.

    A date may be written in another way.
    """
    if shown == asked:
        return True
    moments = [_moment(one) for one in (shown, asked)]
    return moments[0] is not None and moments[0] == moments[1]


def _moment(value: object) -> dt.datetime | None:
    """The date in UTC, to the second, or None."""
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None:
        return None
    in_utc = moment.astimezone(dt.UTC) if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
    return in_utc.replace(microsecond=0)


def _chosen_id() -> str:
    return made("chosen id", Joined(("chosen-", Random(secrets.token_hex(8)))))
