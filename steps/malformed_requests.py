"""Sentences of malformed-requests.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import malformed_requests, odd_requests
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("valid requests of {alias:Person}'s work"))
def valid_requests_work(world: World, alias: str) -> None:
    """The control for requests that make no sense."""
    malformed_requests.control_requests(world, alias)


@when(sentence("{alias:Person} sends {body:Body} as the body of each operation on her tasks and her account"))
def sends_body(world: World, alias: str, body: str) -> None:
    """One request for each field, where the body has fields."""
    malformed_requests.send_to_tasks_and_account(world, alias, body)


@when(sentence("{alias:Person} sends {body:Body} as the body of each operation that takes a password"))
def sends_password_body(world: World, alias: str, body: str) -> None:
    """It holds no password, so that it can't sign in."""
    malformed_requests.send_to_password_operations(world, alias, body)


@when(sentence("{alias:Person} calls each operation on a task with the id {odd:OddId}"))
def calls_with_id(world: World, alias: str, odd: str) -> None:
    """With a valid credential."""
    odd_requests.call_with_id(world, alias, odd)


@when(sentence("{alias:Person} sends {method:Word} to the addresses of sign-in, of her session and of her tasks"))
def sends_method(world: World, alias: str, method: str) -> None:
    """With a valid credential and an empty object."""
    odd_requests.send_method(world, alias, method)


@then("the server breaks at none of them")
def breaks_at_none(world: World) -> None:
    """Each is answered, and by no crash."""
    malformed_requests.must_break_nothing(world)


@then(sentence("valid requests of {alias:Person}'s still work"))
def valid_requests_still_work(world: World, alias: str) -> None:
    """The control again, as a requirement."""
    malformed_requests.must_still_work(world, alias)


@when("an attacker sends TRACE with a header of its own")
def sends_trace(world: World) -> None:
    """To each of the deployment's addresses."""
    odd_requests.trace(world)


@then("no response repeats the header")
def repeats_no_header(world: World) -> None:
    """A credential travels in one as well."""
    odd_requests.must_repeat_no_header(world)


@given(sentence("an anonymous client is asked to sign in where {alias:Person} would be served: {mistake:Mistake}"))
def anonymous_is_turned_away(world: World, alias: str, mistake: str) -> None:
    """The control for the same with a mistake."""
    odd_requests.control_anonymous(world, alias, mistake)


@when(sentence("an anonymous client calls {alias:Person}'s tasks with {mistake:Mistake}"))
def calls_mistaken(world: World, alias: str, mistake: str) -> None:
    """Without any credential."""
    odd_requests.call_mistaken(world, alias, mistake)


@then("it is asked to sign in all the same")
def is_asked_to_sign_in(world: World) -> None:
    """What is wrong is shown to those who may know."""
    odd_requests.must_ask_to_sign_in(world)
