"""What a page can do with its user's refresh token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.errors import Absent
from harness.core.findings import Unmet
from harness.deployment import held
from harness.deployment.answer import how_answered
from harness.flows.page_actions import Action
from harness.flows.refresh_exchange import refresh_on
from harness.profile.credentials import CookieRefresh

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.core.exchange import Exchange
    from harness.flows.refresh_exchange import Yield
    from harness.profile.operation import Operation
    from harness.scenario.world import World


class UseUpRefreshToken(Action):
    """Exchange the refresh token that the visitor's browser holds in a cookie.

    That another site can make the browser do it harms nobody where the successor comes as a cookie: the browser
    keeps it. It does harm where she can't refresh any more.
    """

    def must_be_carried(self, world: World) -> None:
        """Raise Absent where the refresh token is in no cookie."""
        if not isinstance(world.target.profile.credentials.refresh, CookieRefresh):
            raise Absent("The profile declares no refresh token in a cookie, which no other site could send.")

    def operation(self, world: World) -> Operation:
        """The operation that takes a refresh token."""
        return world.deployment.operation("refresh")

    def own(self, world: World, alias: str) -> Exchange:
        """Refresh as its owner does."""
        given = _refreshed(world, alias)
        if given.access is None:
            world.deployment.must_be_there("refresh", given.answer)
            came = how_answered(world.deployment.operation("refresh"), given.answer)
            raise Unmet(f"that {alias}'s own page gets a new access token", came, [given.answer])
        return given.answer

    def effect(self, world: World, alias: str, sent: Mapping[str, str]) -> str | None:  # noqa: ARG002 - it carries no text
        """Whether her browser can't refresh any more."""
        given = _refreshed(world, alias)
        return "her browser can't refresh any more" if given.access is None else None

    def look(
        self, world: World, alias: str, sent: Mapping[str, str], answer: Exchange
    ) -> Callable[[], str | None]:
        """Look at once.

        The next request is to be sent with what the browser holds then.
        """
        device = world.device(alias, "first device")
        device.keep_cookies(answer)
        device.refresh_token = held.refresh_in(world.target, answer, reissued=True) or device.refresh_token
        seen = self.effect(world, alias, sent)
        return lambda: seen


def _refreshed(world: World, alias: str) -> Yield:
    device = world.device(alias, "first device")
    given = refresh_on(world, device)
    # The one before may have ended with its refresh token.
    device.access_token = given.access or device.access_token
    return given
