"""Places that a credential opens, by the words of feature files.

A place knows how it is asked for, what opens it, and what its answers say. Feature files name it by its word.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.vocabulary import Vocabulary
from harness.deployment.answer import matches, refuses
from harness.deployment.held import declared_token, token_in
from harness.deployment.place import Place
from harness.deployment.protected_page import ProtectedPage
from harness.deployment.tasks.client import TaskClient

if TYPE_CHECKING:
    from harness.core.exchange import Exchange, Headers
    from harness.deployment.credential import Credential
    from harness.deployment.deployment import Deployment
    from harness.deployment.people import Device, Person


class SessionEndpoint(Place):
    """Where a deployment says who is signed in."""

    word = "session endpoint"

    def url(self, owner: Person) -> str:  # noqa: ARG002 - as the others have it
        """The address, which is one for all."""
        return self.deployment.url("session")

    def _ask(self, who: str, credential: Credential, owner: Person, extra: Headers) -> Exchange:  # noqa: ARG002
        return self.deployment.call("session", who, {}, credential)

    def opened(self, exchange: Exchange, owner: Person) -> bool:
        """Whether the answer names the owner."""
        identity = self.deployment.identity.named_in(exchange)
        return identity is not None and identity.is_of(owner)

    def refuses(self, exchange: Exchange) -> bool:
        """Whether the answer says that nobody is signed in."""
        session = self.deployment.operation("session")
        return matches(session.outcomes.unauthenticated, exchange) or refuses(session, exchange)


class TokenEndpoint(Place):
    """Where a session gets an access token."""

    word = "token endpoint"

    @property
    def absence(self) -> str | None:
        """There is none where sign-in hands the token out."""
        declared = self.deployment.target.profile.credentials.token
        if declared is None or declared.issued_by == "sign_in":
            return "The profile declares no endpoint where a session gets a token."
        return None

    def url(self, owner: Person) -> str:  # noqa: ARG002 - as the others have it
        """The address, which is one for all."""
        return self.deployment.url(self._operation())

    def _ask(self, who: str, credential: Credential, owner: Person, extra: Headers) -> Exchange:  # noqa: ARG002
        return self.deployment.call(self._operation(), who, {}, credential)

    def opened(self, exchange: Exchange, owner: Person) -> bool:  # noqa: ARG002 - a token is opaque
        """Whether the answer holds a token."""
        return token_in(self.deployment.target, exchange) is not None

    def refuses(self, exchange: Exchange) -> bool:
        """Whether the answer says no in the words of the operation."""
        return refuses(self.deployment.operation(self._operation()), exchange)

    def _operation(self) -> str:
        return declared_token(self.deployment.target).issued_by


class _TaskList(Place):
    @property
    @abstractmethod
    def _api(self) -> TaskClient: ...

    def url(self, owner: Person) -> str:
        """The address of the owner's list."""
        return self._api.url("list", owner)

    def _ask(self, who: str, credential: Credential, owner: Person, extra: Headers) -> Exchange:  # noqa: ARG002
        return self._api.call("list", who, credential, owner).exchange

    def refuses(self, exchange: Exchange) -> bool:
        """Whether the answer is a refusal, or leads to sign-in."""
        return refuses(self._api.operation("list"), exchange) or self.deployment.to_sign_in(exchange)


class TaskList(_TaskList):
    """The tasks that the session opens.

    Through a front end, or at the API.
    """

    word = "task list"

    @property
    def absence(self) -> str | None:
        """There is none where the session opens no tasks."""
        profile = self.deployment.target.profile
        is_there = profile.session_section is not None
        return None if is_there else "The profile declares no tasks that the session opens."

    @property
    def _api(self) -> TaskClient:
        return TaskClient(self.deployment, self.deployment.target.profile.session_section or "proxy")


class ApiTaskList(_TaskList):
    """The tasks at the API."""

    word = "tasks at the API"
    by_session = False

    @property
    def absence(self) -> str | None:
        """There is none where the profile has no such section."""
        profile = self.deployment.target.profile
        return None if profile.tasks is not None else 'The profile declares no section "tasks".'

    @property
    def _api(self) -> TaskClient:
        return TaskClient(self.deployment, "tasks")

    def key(self, owner: str) -> str:
        """The control by which the owner lists them at the API."""
        return self._api.key("list", owner)

    def credential(self, device: Device) -> Credential:
        """What the profile says opens the API."""
        return self.deployment.access.resource_credential(device, self._api.declared)


PLACES: Vocabulary[type[Place]] = Vocabulary(
    "place", {kind.word: kind for kind in (SessionEndpoint, TokenEndpoint, ProtectedPage, TaskList, ApiTaskList)}
)
"""Every place by the word that feature files use for it."""


@dataclass(frozen=True)
class Places:
    """The places of one deployment, by their words."""

    deployment: Deployment

    def __getitem__(self, word: str) -> Place:
        """The place of that word. Raises HarnessError where there is none."""
        return PLACES[word](self.deployment)
