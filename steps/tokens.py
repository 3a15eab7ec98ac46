"""Access tokens: presented, forged, expired, garbled, refreshed."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import forging, garbling, refreshing
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person}'s token opens her tasks"))
def token_opens_tasks(world: World, alias: str) -> None:
    """The control for every token that must be refused."""
    forging.control_token(world, alias)


@when(sentence("someone presents {alias:Person}'s token {forgery:Words}"))
def presents_forged(world: World, alias: str, forgery: str) -> None:
    """One thing about the accepted token is changed."""
    forging.present(world, alias, forgery)


@when(sentence("someone with {alias:Person}'s token signed by another key tries to {verb:Verb} Ann's task"))
def calls_with_foreign_key(world: World, alias: str, verb: str) -> None:
    """Each route on its own, so that a good one hides no bad one."""
    forging.call_with_foreign_key(world, alias, verb)  # type: ignore[arg-type]


@when("someone tries to create a task with garbage for a token, in every known way")
def creates_with_garbage(world: World) -> None:
    """Everything that never was a token."""
    forging.create_with_garbage(world, "Ann")


@when(sentence("someone tries well-known secrets on {alias:Person}'s token, off-line"))
def guesses_secret(world: World, alias: str) -> None:
    """No request is made."""
    forging.guess_secret(world, alias)


@then("none of them signed it")
def secret_is_unguessed(world: World) -> None:
    """The signature matches no well-known secret."""
    forging.must_be_unguessed(world)


@when(sentence("{alias:Person} asks for an access token"))
def asks_for_token(world: World, alias: str) -> None:
    """A new one, as the front end asks for it."""
    world.token = world.deployment.issue_token(world.device(alias, "first device"))


@then("the token says when it ends")
def token_has_an_end(world: World) -> None:
    """The exp claim."""
    forging.must_name_its_end(world)


@when("the token has expired and someone presents it")
def token_has_expired(world: World) -> None:
    """Reach its end as the deployment allows; the verdict names how."""
    forging.present_expired(world, "Ann")


@given(sentence("a clone of {alias:Person}'s token opens her tasks"))
def clone_opens_tasks(world: World, alias: str) -> None:
    """The control for tokens that the suite signs itself."""
    forging.control_clone(world, alias)


@when(sentence("{alias:Person}'s token is signed again {variant:Words}"))
def signed_again(world: World, alias: str, variant: str) -> None:
    """Still a valid token."""
    forging.sign_variant(world, alias, variant)


@then("it opens her tasks as well")
def opens_as_well(world: World) -> None:
    """Accepted like the clone."""
    forging.must_open_as_well(world, "Ann")


@when(sentence("someone calls the API with a token that is {odd:Words}"))
def calls_with_odd_token(world: World, odd: str) -> None:
    """Sent byte by byte."""
    garbling.send_odd(world, "Ann", odd)


@then("it is refused promptly, without a crash")
def refused_promptly(world: World) -> None:
    """A 4xx in good time, and nothing of anybody's."""
    garbling.must_be_refused_promptly(world)


@given(sentence("someone has captured the refresh token of {alias:Person}'s laptop"))
def captured_refresh(world: World, alias: str) -> None:
    """A copy of what the laptop holds."""
    refreshing.capture_refresh(world, alias)


@when(sentence("{alias:Person} refreshes on her laptop"))
def refreshes(world: World, alias: str) -> None:
    """The live refresh token is used, which is the control for its copy."""
    refreshing.refresh(world, alias)


@when("someone presents the captured refresh token")
def presents_captured_refresh(world: World) -> None:
    """The copy, after the original was used."""
    refreshing.present_refresh(world, "Ann", world.refresh_tokens[0])


@when(sentence("{alias:Person}'s laptop presents the successor"))
def presents_successor(world: World, alias: str) -> None:
    """The refresh token that the laptop got when it refreshed."""
    refreshing.present_refresh(world, alias, world.device(alias, "laptop").refresh_token or "")


@given(sentence("{alias:Person} has refreshed on her {device:Device}"))
def has_refreshed(world: World, alias: str, device: str) -> None:
    """The control for refresh tokens that must be dead, on a device that keeps its own."""
    refreshing.control_refresh(world, alias, device)


@then("it yields no token")
@then("neither yields a token")
def yields_nothing(world: World) -> None:
    """No access token came back."""
    refreshing.must_have_yielded_nothing(world)


@when(sentence("someone presents the refresh token of {alias:Person}'s laptop as an access token"))
def presents_refresh_as_access(world: World, alias: str) -> None:
    """It is for the refresh operation and for nothing else."""
    forging.present_refresh_token(world, alias)


@given(sentence("someone has captured the access token of {alias:Person}'s {device:Device}"))
def captured_token(world: World, alias: str, device: str) -> None:
    """A copy, shown to open her tasks: the control for its end."""
    forging.capture_token(world, alias, device)


@then(sentence("the captured token opens nothing of {alias:Person}'s, or soon will not, as declared"))
def token_ends_as_declared(world: World, alias: str) -> None:
    """A token that nobody can revoke has to be short-lived."""
    forging.must_end_as_declared(world, alias)


@then(sentence("the new token opens {alias:Person}'s tasks"))
def new_token_opens_tasks(world: World, alias: str) -> None:
    """By effect: her task is in the list."""
    refreshing.must_open_tasks(world, alias)
