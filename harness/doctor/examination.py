"""The examination of a deployment.

Its addresses, two accounts, their credentials, then whatever the scenarios will use.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.core.errors import Absent, Unavailable
from harness.core.exchange import NoAnswer
from harness.core.findings import HarnessError
from harness.deployment.expiry import Expiry
from harness.deployment.people import PersonFactory
from harness.deployment.quotation import quoted
from harness.doctor import (
    accounts,
    browser_pages,
    credentials,
    further_routes,
    operations,
    pages,
    reach,
    resource,
)
from harness.doctor.findings import Finding, Unusable, absent
from harness.profile.capabilities import absences
from harness.profile.target import TargetError
from harness.scenario.cast import Cast
from harness.scenario.world import World
from harness.wire import silence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.browser.pool import Browsers
    from harness.deployment.deployment import Deployment

ANN, BOB = "Ann", "Bob"


@dataclass
class Examination:
    """Examines one deployment; ``findings`` grow as it goes on.

    ``browsers`` are those in which pages are looked at, if they are to be.
    """

    deployment: Deployment
    seed: int
    browsers: Browsers | None = None
    findings: list[Finding] = field(default_factory=list)

    def run(self) -> list[Finding]:
        """Examine everything.

        Raises Unusable, with one sentence, if a run would judge nothing.
        """
        with _trouble_is_unusable(self.deployment):
            self.findings += reach.examine(self.deployment)
            cast = Cast(PersonFactory(self.deployment.target.profile.people, self.seed), self.deployment)
            try:
                expiry = Expiry(self.deployment.target, 0.0)
                self._people(World(cast, self.deployment, expiry, browsers=self.browsers))
            finally:
                with contextlib.suppress(NoAnswer, Unavailable):
                    cast.delete_accounts()
        self.findings += [absent(sentence) for sentence in absences(self.deployment.target)]
        return self.findings

    def _people(self, world: World) -> None:
        for finding in accounts.examine(world, ANN, BOB):
            self.findings.append(finding)
        ann = world.person(ANN)
        # A session of a few seconds may have ended meanwhile.
        operations.sign_in_again(world, ANN)
        self.findings += credentials.examine(self.deployment, ann)
        operations.sign_in_again(world, ANN)
        self.findings += resource.examine(self.deployment, ann)
        self.findings += further_routes.examine(world, ANN)
        self.findings += operations.examine(world, ANN, BOB)
        self.findings += pages.examine(world, ANN)
        self.findings += browser_pages.examine(world, ANN)
        if self.deployment.target.profile.operations.delete_user is not None:
            operations.sign_in_again(world, ANN)


@contextlib.contextmanager
def _trouble_is_unusable(deployment: Deployment) -> Iterator[None]:
    try:
        yield
    except NoAnswer as error:
        why = silence.explained(error)
        raise Unusable(f"{error.asked} {why.what}. {why.remedy}") from error
    except (Unavailable, Absent) as reason:
        raise Unusable(str(reason)) from reason
    except (HarnessError, TargetError):
        raise
    except Exception as error:
        # Whatever a deployment says, the examination ends with a sentence.
        raise Unusable(_broken_by(deployment, error)) from error


def _broken_by(deployment: Deployment, error: Exception) -> str:
    last = next((f"{quoted(one)} ({one.method} {one.url})" for one in deployment.client.history[-1:]), "nothing")
    return (
        f"the suite broke ({type(error).__name__}: {error}) at what was answered last, {last}. "
        "That is a fault of the suite's too: tell its makers what the deployment answers."
    )
