"""Sentences of signout.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import signout, signout_expired, signout_naming, signout_other_devices, signout_requests
from harness.flows.signout_requests import WAYS
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person}'s {device:Device} has a session cookie"))
def device_has_cookie(world: World, alias: str, device: str) -> None:
    """The control for the cookie that must go."""
    signout.control_cookie(world, alias, device)


@then(sentence("{alias:Person}'s {device:Device} has no session cookie"))
def device_has_no_cookie(world: World, alias: str, device: str) -> None:
    """In its cookie jar."""
    signout.must_hold_no_cookie(world, alias, device)


@when(
    sentence("{alias:Person} signs out on her {device:Device} and names {other:Person}'s session in the request")
)
def signs_out_naming(world: World, alias: str, device: str, other: str) -> None:
    """In the body, the query and cookies."""
    signout_naming.sign_out_naming(world, alias, device, other)


@then(sentence("{alias:Person} is still signed in"))
def other_is_signed_in(world: World, alias: str) -> None:
    """Under the session from before."""
    signout_naming.must_still_be_signed_in(world, alias)


@when(sentence("{alias:Person}'s {device:Device} requests the address of sign-out by GET"))
def gets_sign_out(world: World, alias: str, device: str) -> None:
    """As a link or an image has a browser do."""
    signout_requests.get_sign_out(world, alias, device)


@then(sentence("{alias:Person}'s {device:Device} is still signed in"))
def device_is_signed_in(world: World, alias: str, device: str) -> None:
    """With the cookies that the answer left."""
    signout_requests.must_still_be_signed_in(world, alias, device)


@when(sentence("{alias:Person}'s {device:Device} requests sign-out in these ways", WAYS))
def requests_sign_out(world: World, alias: str, device: str, datatable: list[list[str]]) -> None:
    """One after the other."""
    signout_requests.request_sign_outs(world, alias, device, [way for (way,) in datatable])


@then("no sign-out breaks the server")
def sign_outs_break_nothing(world: World) -> None:
    """Any answer but a server error will do."""
    signout_requests.must_have_broken_nothing(world)


@given(sentence("{alias:Person}'s {device:Device} holds something that outlives its access token"))
def holds_what_outlives(world: World, alias: str, device: str) -> None:
    """The control: a refresh token, or the session's cookie."""
    signout_expired.control_outliving(world, alias, device)


@when(sentence("the access token of {alias:Person}'s {device:Device} expires and she signs out there"))
def signs_out_expired(world: World, alias: str, device: str) -> None:
    """With all that the device holds."""
    signout_expired.sign_out_expired(world, alias, device)


@then(sentence("nothing that {_alias:Person}'s {_device:Device} held is alive"))
def nothing_lives(world: World) -> None:
    """Try each."""
    signout_expired.must_be_dead(world)


@then(
    sentence(
        "the captured session of {alias:Person}'s {device:Device} has ended or lives on, as the profile declares"
    )
)
def other_device_is_as_declared(world: World, alias: str, device: str) -> None:
    """Both are right where they are declared."""
    signout_other_devices.must_be_as_declared(world, alias, device)
