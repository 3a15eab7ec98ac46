"""Sentences of token-transport.feature."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.flows import misissued, task_addresses, token_transport
from harness.scenario.world import World
from steps.phrases import sentence


@when(sentence("an attacker presents {alias:Person}'s token {place:Elsewhere}"))
def presents_elsewhere(world: World, alias: str, place: str) -> None:
    """The token as it is, and not where the profile has it."""
    token_transport.present_elsewhere(world, alias, place)


@when(sentence("{alias:Person} presents her token under the scheme {scheme:Word}"))
def presents_under(world: World, alias: str, scheme: str) -> None:
    """The scheme in other letters."""
    token_transport.respell_scheme(world, alias, scheme)


@then(sentence("it opens {alias:Person}'s tasks as well"))
def opens_too(world: World, alias: str) -> None:
    """As under the scheme as it is usually written."""
    token_transport.must_open_too(world, alias)


@then("it is answered 401, or as the profile declares")
def says_unauthorized(world: World) -> None:
    """Clients renew a token on a 401, and on nothing else."""
    token_transport.must_say_unauthorized(world)


@when(sentence("{alias:Person} reads what her token says"))
def reads_token(world: World, alias: str) -> None:
    """It is encoded, and not encrypted."""
    token_transport.read_token(world, alias)


@then(sentence("{alias:Person}'s token holds no password, hash, session or signing secret"))
def holds_no_secret(world: World, alias: str) -> None:
    """Whoever gets it in a log or a browser reads it."""
    token_transport.must_hold_no_secret(world, alias)


@when(sentence("an anonymous client asks for {alias:Person}'s tasks at their address {spelling:AddressSpelling}"))
def asks_at(world: World, alias: str, spelling: str) -> None:
    """Sent as it is written: no client tidies it up before."""
    task_addresses.ask_at(world, alias, spelling)


@then(sentence("no answer holds anything of {alias:Person}'s, and her task is as it was"))
def shows_nothing(world: World, alias: str) -> None:
    """Not found, refused and redirected are all right."""
    task_addresses.must_show_nothing(world, alias)


@when(sentence("an anonymous client asks for the size of {alias:Person}'s list by HEAD"))
def asks_for_size(world: World, alias: str) -> None:
    """HEAD is GET without the body."""
    task_addresses.ask_for_size(world, alias)


@then(sentence("the size of {alias:Person}'s list is not given away"))
def size_is_kept(world: World, alias: str) -> None:
    """Compared with what the owner gets."""
    task_addresses.must_not_tell_size(world, alias)


@when(sentence("an attacker presents a token of {alias:Person}'s {wrong:Subject} for {other:Person}'s tasks"))
def presents_subject(world: World, alias: str, wrong: str, other: str) -> None:
    """Rightly signed, with a subject that is no text."""
    misissued.present_subject(world, alias, wrong, other)
