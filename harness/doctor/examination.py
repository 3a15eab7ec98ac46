"""The examination of a deployment.

Two accounts, the identity probe, the credentials, the protected resource, the pages.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harness.core.errors import Absent, Unavailable
from harness.core.exchange import NoAnswer
from harness.deployment.answer import matches
from harness.deployment.credential import ANONYMOUS
from harness.deployment.deployment import Deployment
from harness.deployment.errors import Unrecognised
from harness.deployment.people import Device, PersonFactory
from harness.doctor import credentials, resource
from harness.doctor.findings import Finding, Unusable, absent, doubtful, works
from harness.doctor.sign_up import why_no_account
from harness.profile.capabilities import absences
from harness.profile.target import same_origin
from harness.scenario.cast import Cast

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.people import Person


@dataclass
class Examination:
    """Examines one deployment; ``findings`` grow as it goes on."""

    deployment: Deployment
    seed: int
    findings: list[Finding] = field(default_factory=list)

    def run(self) -> list[Finding]:
        """Examine everything.

        Raises Unusable, with one sentence, if a run would judge nothing.
        """
        with _silence_is_unusable():
            self._answers()
            self._knows_anonymous()
            cast = Cast(PersonFactory(self.deployment.target.profile.people, self.seed), self.deployment)
            try:
                self._people(cast)
            finally:
                with contextlib.suppress(NoAnswer, Unavailable):
                    cast.delete_accounts()
        self.findings += [absent(sentence) for sentence in absences(self.deployment.target)]
        return self.findings

    def _answers(self) -> None:
        target = self.deployment.target
        addresses = {"--base-url": target.web}
        if not same_origin(target.web, target.api):
            addresses["--api-url"] = target.api
        for flag, url in addresses.items():
            try:
                self.deployment.client.send("the doctor", "GET", url + "/")
            except NoAnswer as error:
                raise Unusable(
                    f"nothing answers at {url} ({flag}): {error}. Start the deployment, or correct the address."
                ) from error
            self.findings.append(works(f"{url} answers ({flag})"))

    def _knows_anonymous(self) -> None:
        session = self.deployment.operation("session")
        exchange = self.deployment.call("session", "the doctor", {}, ANONYMOUS)
        where = f"{session.method} {session.path}"
        try:
            anonymous = self.deployment.identity.identity_in(exchange)
        except Unrecognised as unclear:
            self._must_not_be_swapped(where)
            raise Unusable(
                f"{where} without any credential was answered {exchange.status}, which is neither a signed-in "
                "user nor none as operations.session describes them. Is --base-url the address of pages and "
                "sign-in, and --target the right profile?"
            ) from unclear
        if anonymous is not None:
            raise Unusable(
                f"{where} says that a client without any credential is {anonymous.email}, so it does not show "
                "who is signed in. Check operations.session in the profile."
            )
        self.findings.append(works(f"{where} says that an anonymous client is not signed in"))

    def _must_not_be_swapped(self, where: str) -> None:
        target = self.deployment.target
        if same_origin(target.web, target.api):
            return
        swapped = Deployment(replace(target, web=target.api, api=target.web), self.deployment.client)
        with contextlib.suppress(Unavailable):
            swapped.identity.who_is(ANONYMOUS, "the doctor")
            raise Unusable(
                f"{where} is at {target.api} (--api-url) and not at {target.web} (--base-url): the two addresses "
                "are swapped, or both are one."
            )

    def _people(self, cast: Cast) -> None:
        ann, bob = self._account(cast, "Ann"), self._account(cast, "Bob")
        self._must_distinguish(ann, bob)
        cast.must_refuse_claims()
        self._wrong_password(cast, ann)
        self.findings += credentials.examine(self.deployment, ann)
        self.findings += resource.examine(self.deployment, ann)

    def _account(self, cast: Cast, alias: str) -> Person:
        person = cast.new_person(alias)
        try:
            device = self._signed_up(person)
        except Unavailable as failed:
            raise Unusable(why_no_account(self.deployment, person, failed)) from failed
        self.findings.append(works(f"{alias} signed up and is signed in"))
        again = Device(person, "second device")
        try:
            self.deployment.sessions.sign_in_verified(again)
        except Unavailable as failed:
            raise Unusable(f"after signing up, signing in does not work: {failed}") from failed
        identity = self.deployment.identity.who_is(self.deployment.access.browser_session(device), device.who)
        if identity is None:
            self.findings.append(doubtful(f"signing in on a second device ended {alias}'s first session"))
            person.devices["first device"] = again
        return person

    def _must_distinguish(self, earlier: Person, later: Person) -> None:
        """Raise Unusable if a session is that of whoever signed in last."""
        device = earlier.device("first device")
        identity = self.deployment.identity.who_is(self.deployment.access.browser_session(device), device.who)
        if identity is None or identity.is_of(earlier):
            return
        session = self.deployment.operation("session")
        whose = f"{later.alias}'s" if identity.is_of(later) else f"{identity.email}'s"
        raise Unusable(
            f"after {later.alias} signed in, {session.method} {session.path} says that {earlier.alias}'s session "
            f"is {whose}: it does not show who is signed in. Check operations.session in the profile; if it is "
            "right, the deployment mixes its users up."
        )

    def _signed_up(self, person: Person) -> Device:
        device = person.device("first device")
        answer = self.deployment.sessions.sign_up(person, device)
        self._signs_in_as_declared(device, answer)
        self.deployment.sessions.complete_sign_up(device, answer)
        return device

    def _signs_in_as_declared(self, device: Device, answer: Exchange) -> None:
        """Note a sign-up that signs in against the profile."""
        operation = self.deployment.target.profile.operations.sign_up
        if operation.signs_in or not matches(operation.outcomes.success, answer):
            return
        with contextlib.suppress(Unavailable):
            if self.deployment.identity.is_session_of(
                device.person, self.deployment.access.browser_session(device), device.who
            ):
                finding = doubtful(
                    "sign-up signs a new user in, and operations.sign_up.signs_in says that it does not; "
                    "correct it"
                )
                self.findings += [finding] if finding not in self.findings else []

    def _wrong_password(self, cast: Cast, ann: Person) -> None:
        device = Device(ann, "another browser")
        answer = self.deployment.sessions.guess(device, cast.factory.password())
        outcomes = self.deployment.operation("sign_in").outcomes
        if matches(outcomes.bad_credentials, answer) and not matches(outcomes.success, answer):
            self.findings.append(works(f"a wrong password is answered {answer.status}"))
            return
        self.findings.append(
            doubtful(
                f"a wrong password is answered {answer.status}, which operations.sign_in.outcomes.bad_credentials "
                "(or success) does not distinguish from a right one; the scenarios judge by effect"
            )
        )


@contextlib.contextmanager
def _silence_is_unusable() -> Iterator[None]:
    try:
        yield
    except NoAnswer as error:
        raise Unusable(f"a request was not answered: {error}.") from error
    except (Unavailable, Absent) as reason:
        raise Unusable(str(reason)) from reason
