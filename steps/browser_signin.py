"""Sentences of browser-signin.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import browser_signin
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person} has signed in on the sign-in page of her {device:Device}"))
def has_signed_in(world: World, alias: str, device: str) -> None:
    """Her own is on the screen: the control for what must not be seen later."""
    browser_signin.be_signed_in(world, alias, device)


@given("she has signed out with the button")
def has_signed_out(world: World) -> None:
    """Whether that ended the session is judged elsewhere."""
    browser_signin.be_signed_out(world)


@given(sentence("a browser with {alias:Person}'s session shows her protected page"))
def session_shows_page(world: World, alias: str) -> None:
    """The control for whoever has no session."""
    browser_signin.control_protected_page(world, alias)


@when(sentence("{alias:Person} signs up on the sign-up page"))
def signs_up(world: World, alias: str) -> None:
    """Somebody new."""
    browser_signin.sign_up(world, alias)


@when(sentence("{alias:Person} signs in on the sign-in page"))
def signs_in(world: World, alias: str) -> None:
    """In a browser that knows nothing yet."""
    browser_signin.sign_in(world, alias)


@when(
    sentence("{alias:Person} signs in on the sign-in page opened with {parameter:Words} pointing to another site")
)
def signs_in_towards(world: World, alias: str, parameter: str) -> None:
    """As a link in a mail could."""
    browser_signin.sign_in_towards_elsewhere(world, alias, parameter)


@when(sentence("{alias:Person} signs in where she was sent"))
def signs_in_there(world: World, alias: str) -> None:
    """On the page that the browser is at."""
    browser_signin.sign_in_where_sent(world, alias)


@when(sentence("{alias:Person} signs in in the browser that was {before:Person}'s"))
def takes_over(world: World, alias: str, before: str) -> None:
    """One browser, two people."""
    browser_signin.take_over(world, alias, before)


@when(sentence("{alias:Person} presses the sign-out button"))
def presses_sign_out(world: World, alias: str) -> None:  # noqa: ARG001 - one browser is open
    """In the browser that is open."""
    browser_signin.press_sign_out(world)


@when("she goes back in her browser")
def goes_back(world: World) -> None:
    """With the Back button."""
    browser_signin.go_back(world)


@when("a stranger opens the protected page in a browser")
def stranger_opens_in_browser(world: World) -> None:
    """Without cookies."""
    browser_signin.open_as_stranger(world)


@when(sentence("somebody types a wrong password for {alias:Person} on the sign-in page"))
def types_wrong_password(world: World, alias: str) -> None:
    """And presses the button."""
    browser_signin.sign_in_wrongly(world, alias)


@then(sentence("the browser shows {alias:Person}'s tasks page"))
def shows_tasks_page(world: World, alias: str) -> None:
    """A protected page with what is hers."""
    browser_signin.must_show(world, alias)


@then("it still does after a reload")
def shows_after_reload(world: World) -> None:
    """The session outlives the page."""
    browser_signin.must_show_after_reload(world)


@then("the protected page asks that browser to sign in")
def asks_to_sign_in(world: World) -> None:
    """Nobody is signed in there any more."""
    browser_signin.must_ask_to_sign_in(world)


@then(sentence("nothing of {alias:Person}'s can be seen"))
def shows_nothing_of(world: World, alias: str) -> None:
    """Once the page has settled."""
    browser_signin.must_show_nothing_of(world, alias)


@then(sentence("nothing of {alias:Person}'s has appeared there since, nor does it on going back"))
def kept_apart(world: World, alias: str) -> None:
    """Not even for a moment."""
    browser_signin.must_have_kept_apart(world, alias)


@then(sentence("that browser is turned away, with nothing of {alias:Person}'s on the page"))
def is_turned_away(world: World, alias: str) -> None:
    """Led to sign-in, or refused."""
    browser_signin.must_be_turned_away(world, alias)


@then("the page says that address or password are wrong")
def says_wrong(world: World) -> None:
    """In the profile's words."""
    browser_signin.must_be_told(world)


@then("nobody is signed in in that browser")
def nobody_is_signed_in(world: World) -> None:
    """Its cookies are nobody's session."""
    browser_signin.must_be_nobody(world)


@then(sentence("the same form takes {alias:Person}'s right password"))
def takes_right_password(world: World, alias: str) -> None:
    """It is usable again, and it does sign people in."""
    browser_signin.must_work_with_right_password(world, alias)


@then("the browser has not left the deployment")
def has_not_left(world: World) -> None:
    """Not even for a moment."""
    browser_signin.must_not_have_left(world)


@then(sentence("{alias:Person} is signed in, at the latest when she leaves that out"))
def signed_in_at_last(world: World, alias: str) -> None:
    """The control: signing in does work."""
    browser_signin.control_sign_in_without_target(world, alias)
