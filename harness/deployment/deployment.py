"""One deployment, in the words of its profile."""

from __future__ import annotations

from dataclasses import dataclass

from harness.deployment.access import Access
from harness.deployment.identity import IdentityProbe
from harness.deployment.operations import Operations
from harness.deployment.sessions import Sessions
from harness.deployment.token_refusals import TokenRefusals


@dataclass
class Deployment(Operations):
    """One target with the client that talks to it."""

    def __post_init__(self) -> None:
        self.identity = IdentityProbe(self)
        self.access = Access(self)
        self.sessions = Sessions(self, self.access, self.identity)
        self.token_refusals = TokenRefusals(self)
