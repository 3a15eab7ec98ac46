"""Sentences of expiry.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import cached_verification, expiry, refresh_expired, sliding_sessions
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("{alias:Person}'s session expires on the server, and {other:Person}'s does not"))
def session_expires(world: World, alias: str, other: str) -> None:
    """As the deployment allows; the verdict says how."""
    expiry.end_on_server(world, alias, other)


@when("the attacker replays the captured session at the session endpoint")
def session_is_replayed(world: World) -> None:
    """The frozen copy, once more."""
    expiry.replay(world)


@then("the session expires within its declared lifetime, which the replay has not prolonged")
def session_ends(world: World) -> None:
    """Its end is measured.

    It is waited for where nothing but the profile tells it.
    """
    expiry.must_end(world)


@then(sentence("each credential on {alias:Person}'s {device:Device} that nothing revokes expires within an hour"))
def credentials_are_short_lived(world: World, alias: str, device: str) -> None:
    """The session and the access token, each by what tells its end."""
    expiry.must_be_short_lived(world, alias, device)


@then("the token has an exp claim")
def token_has_exp(world: World) -> None:
    """A number, as RFC 7519 has it."""
    expiry.must_name_its_end(world)


@then("the token's exp is at most ten years from now, counted in seconds")
def token_ends_in_time(world: World) -> None:
    """Milliseconds would be tens of thousands of years."""
    expiry.must_end_within_ten_years(world)


@when(sentence("{alias:Person}'s token expires and an attacker presents it"))
def presents_expired(world: World, alias: str) -> None:
    """As the deployment allows; the verdict says how."""
    expiry.present_expired(world, alias)


@when(sentence("an attacker presents a token of {alias:Person}'s after its end that was accepted before it"))
def presents_token_accepted_before(world: World, alias: str) -> None:
    """Made with the shared secret, and of a few seconds."""
    cached_verification.use_beyond_end(world, alias)


@when(sentence("the refresh token of {alias:Person}'s {device:Device} expires and an attacker presents it"))
def presents_expired_refresh_token(world: World, alias: str, device: str) -> None:
    """As the deployment allows; the verdict says how."""
    refresh_expired.present_expired(world, alias, device)


@when(sentence("{alias:Person}'s session is not used for its idle timeout"))
def session_is_left_unused(world: World, alias: str) -> None:
    """As long as the profile says."""
    sliding_sessions.leave_unused(world, alias)


@when(sentence("{alias:Person}'s {device:Device} uses its session until its absolute lifetime is over"))
def session_is_used_until_the_end(world: World, alias: str, device: str) -> None:
    """Often enough that it is never idle for too long."""
    sliding_sessions.use_until_the_end(world, alias, device)


@then("it is over")
def session_is_over(world: World) -> None:
    """Replay what the browser held."""
    sliding_sessions.must_have_ended(world)


@when(sentence("{alias:Person}'s {device:Device} uses its session when that is to be renewed"))
def session_is_used_after_update_age(world: World, alias: str, device: str) -> None:
    """After the age that the profile declares."""
    sliding_sessions.use_after_update_age(world, alias, device)


@then(sentence("{_alias:Person}'s {_device:Device} stays signed in until the end that is due"))
def session_is_renewed(world: World) -> None:
    """By what the session endpoint and the cookie say."""
    sliding_sessions.must_be_renewed(world)
