"""Sentences of browser-signin.feature."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import browser, browser_pages, browser_signin
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person} has signed in on the sign-in page of her {device:Device}"))
def has_signed_in(world: World, alias: str, device: str) -> None:
    """Her data is on the page: the control for its absence later."""
    browser_signin.be_signed_in(world, alias, device)


@given(sentence("{alias:Person} has signed out with the button"))
def has_signed_out(world: World, alias: str) -> None:  # noqa: ARG001 - one browser is open
    """Whether that ended the session is judged elsewhere."""
    browser_signin.be_signed_out(world)


@given(sentence("a browser with {alias:Person}'s session shows her protected page"))
def session_shows_page(world: World, alias: str) -> None:
    """The control for a browser without a session."""
    browser_pages.control_protected_page(world, alias)


@when(sentence("{alias:Person} signs up on the sign-up page"))
def signs_up(world: World, alias: str) -> None:
    """A new user."""
    browser_signin.sign_up(world, alias)


@when(sentence("{alias:Person} signs in on the sign-in page"))
def signs_in(world: World, alias: str) -> None:
    """In a new browser."""
    browser.sign_in(world, alias)


@when(
    sentence('{alias:Person} signs in on the sign-in page opened with the destination "{destination:Destination}"')
)
def signs_in_towards(world: World, alias: str, destination: str) -> None:
    """As a link could, under every name of a destination."""
    browser_signin.sign_in_towards_elsewhere(world, alias, destination)


@when(sentence("{alias:Person} signs in on the page that it was sent to"))
def signs_in_there(world: World, alias: str) -> None:
    """On the page that the browser is at."""
    browser_signin.sign_in_where_sent(world, alias)


@when(sentence("{alias:Person} signs in next in {before:Person}'s browser"))
def takes_over(world: World, alias: str, before: str) -> None:
    """One browser, two users."""
    browser_pages.take_over(world, alias, before)


@when(sentence("{alias:Person} presses the sign-out button"))
def presses_sign_out(world: World, alias: str) -> None:  # noqa: ARG001 - one browser is open
    """In the browser that is open."""
    browser_signin.press_sign_out(world)


@when(sentence("{alias:Person} presses the Back button"))
def goes_back(world: World, alias: str) -> None:  # noqa: ARG001 - one browser is open
    """In the browser that is open."""
    browser_pages.go_back(world)


@when("an anonymous client opens the protected page in a browser")
def opens_anonymously(world: World) -> None:
    """Without cookies."""
    browser_pages.open_anonymously(world)


@when(sentence("{alias:Person} types a wrong password on the sign-in page"))
def types_wrong_password(world: World, alias: str) -> None:
    """And presses the button."""
    browser_signin.sign_in_wrongly(world, alias)


@then(sentence("the browser shows {alias:Person}'s tasks page"))
def shows_tasks_page(world: World, alias: str) -> None:
    """A protected page with her data."""
    browser.must_show(world, alias)


@then(sentence("it still shows {alias:Person}'s tasks page after a reload"))
def shows_after_reload(world: World, alias: str) -> None:
    """The session outlives the page."""
    browser_signin.must_show_after_reload(world, alias)


@then("the protected page asks that browser to sign in")
def asks_to_sign_in(world: World) -> None:
    """The browser is no longer signed in."""
    browser_pages.must_ask_to_sign_in(world)


@then(sentence("the browser shows nothing of {alias:Person}'s"))
def shows_nothing_of(world: World, alias: str) -> None:
    """Once the page has settled."""
    browser_pages.must_show_nothing_of(world, alias)


@then(sentence("nothing of {alias:Person}'s has appeared since, nor appears on going back"))
def kept_apart(world: World, alias: str) -> None:
    """Not even for a moment."""
    browser_pages.must_have_kept_apart(world, alias)


@then(sentence("the browser is turned away, with nothing of {alias:Person}'s on the page"))
def is_turned_away(world: World, alias: str) -> None:
    """Led to sign-in, or refused."""
    browser_pages.must_be_turned_away(world, alias)


@then("the page says that the address or the password is wrong")
def says_wrong(world: World) -> None:
    """In the profile's words."""
    browser_signin.must_be_told(world)


@then("that browser is not signed in")
def is_not_signed_in(world: World) -> None:
    """Its cookies are no session."""
    browser_signin.must_not_be_signed_in(world)


@then(sentence("the same form accepts {alias:Person}'s right password"))
def takes_right_password(world: World, alias: str) -> None:
    """It is usable again, and it signs her in."""
    browser_signin.must_work_with_right_password(world, alias)


@then("the browser has not left the deployment")
def has_not_left(world: World) -> None:
    """Not even for a moment."""
    browser_signin.must_not_have_left(world)


@then(sentence("{alias:Person} reaches her tasks page, with the destination or without it"))
def reaches_tasks_page(world: World, alias: str) -> None:
    """The control: signing in works."""
    browser_signin.control_sign_in_without_target(world, alias)
