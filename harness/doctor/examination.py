"""The examination: two accounts, the identity probe, the credentials, the protected resource, the pages."""

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
    from harness.deployment.errors import Unrecognised
from harness.deployment.people import Person


@dataclass
class Examination:
    """Examines one deployment; ``findings`` grow as it goes on."""

    deployment: Deployment
    seed: int
    findings: list[Finding] = field(default_factory=list)

    def run(self) -> list[Finding]:
        """Examine everything. Raises Unusable, with one sentence, where a run would judge nothing."""
        with _silence_is_unusable():
            self._answers()
            self._tells_strangers()
            cast = Cast(PersonFactory(self.deployment.target.profile.people, self.seed), self.deployment)
            try:
                self._people(cast)
            finally:
                with contextlib.suppress(NoAnswer, Unavailable):
                    cast.dismiss()
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
            except NoAnswer as silent:
                raise Unusable(
                    f"nothing answers at {url} ({flag}): {silent}. Start the deployment, or correct the address."
                ) from silent
            self.findings.append(works(f"{url} answers ({flag})"))

    def _tells_strangers(self) -> None:
        session = self.deployment.operation("session")
        exchange = self.deployment.call("session", "the doctor", {}, ANONYMOUS)
        where = f"{session.method} {session.path}"
        try:
            stranger = self.deployment.identity.identity_in(exchange)
        except Unrecognised as unclear:
            self._must_not_be_swapped(where)
            raise Unusable(
                f"{where} without any credential was answered {exchange.status}, which is neither somebody nor "
                "nobody as operations.session describes them. Is --base-url the address that pages and sign-in "
                "are on, and --target the right profile?"
            ) from unclear
        if stranger is not None:
            raise Unusable(
                f"{where} tells a visitor without any credential that it is {stranger.email}: being signed in "
                "can't be told from being nobody. Check operations.session in the profile."
            )
        self.findings.append(works(f"{where} tells a stranger that nobody is signed in"))

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
        ann, _ = self._account(cast, "Ann"), self._account(cast, "Bob")
        self._wrong_password(cast, ann)
        self.findings += credentials.examine(self.deployment, ann)
        self.findings += resource.examine(self.deployment, ann)

    def _account(self, cast: Cast, alias: str) -> Person:
        person = cast.imagine(alias)
        try:
            device = self.deployment.sessions.open_account(person)
        except Unavailable as failed:
            raise Unusable(why_no_account(self.deployment, person, failed)) from failed
        self.findings.append(works(f"{alias} signed up and is told apart from a stranger"))
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

    def _wrong_password(self, cast: Cast, ann: Person) -> None:
        device = Device(ann, "somebody else's browser")
        answer = self.deployment.sessions.sign_in(device, password=cast.factory.password())
        outcomes = self.deployment.operation("sign_in").outcomes
        if matches(outcomes.bad_credentials, answer) and not matches(outcomes.success, answer):
            self.findings.append(works(f"a wrong password is answered {answer.status}"))
            return
        self.findings.append(
            doubtful(
                f"a wrong password is answered {answer.status}, which operations.sign_in.outcomes.bad_credentials "
                "(or success) does not tell from a right one; the scenarios judge by what it opens"
            )
        )


@contextlib.contextmanager
def _silence_is_unusable() -> Iterator[None]:
    try:
        yield
    except NoAnswer as silent:
        raise Unusable(f"a request was not answered: {silent}.") from silent
    except (Unavailable, Absent) as reason:
        raise Unusable(str(reason)) from reason
