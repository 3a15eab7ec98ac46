"""What people do in a browser, with pages and buttons, and what they see there."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.flows import browsing, exposing
from harness.scenario.world import World
from steps.phrases import sentence


@given(sentence("{alias:Person} has signed in on the sign-in page of her {device:Device}"))
def has_signed_in(world: World, alias: str, device: str) -> None:
    """Her own is on the screen: the control for what must not be seen later."""
    browsing.be_signed_in(world, alias, device)


@given("she has signed out with the button")
def has_signed_out(world: World) -> None:
    """Whether that ended the session is judged elsewhere."""
    browsing.be_signed_out(world)


@given(sentence("a browser with {alias:Person}'s session shows her protected page"))
def session_shows_page(world: World, alias: str) -> None:
    """The control for whoever has no session."""
    browsing.control_protected_page(world, alias)


@given("the sign-in page shows its form")
def form_is_there(world: World) -> None:
    """The control for a browser that sees less of it."""
    exposing.control_form(world)


@when(sentence("{alias:Person} signs up on the sign-up page"))
def signs_up(world: World, alias: str) -> None:
    """Somebody new."""
    browsing.sign_up(world, alias)


@when(sentence("{alias:Person} signs in on the sign-in page"))
def signs_in(world: World, alias: str) -> None:
    """In a browser that knows nothing yet."""
    browsing.sign_in(world, alias)


@when(
    sentence("{alias:Person} signs in on the sign-in page opened with {parameter:Words} pointing to another site")
)
def signs_in_towards(world: World, alias: str, parameter: str) -> None:
    """As a link in a mail could."""
    browsing.sign_in_towards_elsewhere(world, alias, parameter)


@when(sentence("{alias:Person} signs in where she was sent"))
def signs_in_there(world: World, alias: str) -> None:
    """On the page that the browser is at."""
    browsing.sign_in_where_sent(world, alias)


@when(sentence("{alias:Person} signs in in the browser that was {before:Person}'s"))
def takes_over(world: World, alias: str, before: str) -> None:
    """One browser, two people."""
    browsing.take_over(world, alias, before)


@when(sentence("{alias:Person} presses the sign-out button"))
def presses_sign_out(world: World, alias: str) -> None:  # noqa: ARG001 - one browser is open
    """In the browser that is open."""
    browsing.press_sign_out(world)


@when("she goes back in her browser")
def goes_back(world: World) -> None:
    """With the Back button."""
    browsing.go_back(world)


@when("a stranger opens the protected page in a browser")
def stranger_opens_in_browser(world: World) -> None:
    """Without cookies."""
    browsing.open_as_stranger(world)


@when(sentence("somebody types a wrong password for {alias:Person} on the sign-in page"))
def types_wrong_password(world: World, alias: str) -> None:
    """And presses the button."""
    browsing.sign_in_wrongly(world, alias)


@when("a script on the page reads cookies and storage")
def script_reads(world: World) -> None:
    """As an injected one would."""
    exposing.read_by_script(world)


@when(sentence("somebody opens the {kind:Words} page in a browser"))
def opens_form(world: World, kind: str) -> None:
    """Without cookies."""
    exposing.open_form(world, kind)


@when("somebody fills in and submits the sign-in form where no script runs")
def submits_without_scripts(world: World) -> None:
    """As far as the page lets one."""
    exposing.submit_without_scripts(world)


@then(sentence("the browser shows {alias:Person}'s tasks page"))
def shows_tasks_page(world: World, alias: str) -> None:
    """A protected page with what is hers."""
    browsing.must_show(world, alias)


@then("it still does after a reload")
def shows_after_reload(world: World) -> None:
    """The session outlives the page."""
    browsing.must_show_after_reload(world)


@then("the protected page asks that browser to sign in")
def asks_to_sign_in(world: World) -> None:
    """Nobody is signed in there any more."""
    browsing.must_ask_to_sign_in(world)


@then(sentence("nothing of {alias:Person}'s can be seen"))
def shows_nothing_of(world: World, alias: str) -> None:
    """Once the page has settled."""
    browsing.must_show_nothing_of(world, alias)


@then(sentence("nothing of {alias:Person}'s has appeared there since, nor does it on going back"))
def kept_apart(world: World, alias: str) -> None:
    """Not even for a moment."""
    browsing.must_have_kept_apart(world, alias)


@then(sentence("that browser is turned away, with nothing of {alias:Person}'s on the page"))
def is_turned_away(world: World, alias: str) -> None:
    """Led to sign-in, or refused."""
    browsing.must_be_turned_away(world, alias)


@then("the page says that address or password are wrong")
def says_wrong(world: World) -> None:
    """In the profile's words."""
    browsing.must_be_told(world)


@then("nobody is signed in in that browser")
def nobody_is_signed_in(world: World) -> None:
    """Its cookies are nobody's session."""
    browsing.must_be_nobody(world)


@then(sentence("the same form takes {alias:Person}'s right password"))
def takes_right_password(world: World, alias: str) -> None:
    """It is usable again, and it does sign people in."""
    browsing.must_work_with_right_password(world, alias)


@then("the browser has not left the deployment")
def has_not_left(world: World) -> None:
    """Not even for a moment."""
    browsing.must_not_have_left(world)


@then(sentence("{alias:Person} is signed in, at the latest when she leaves that out"))
def signed_in_at_last(world: World, alias: str) -> None:
    """The control: signing in does work."""
    browsing.control_sign_in_without_target(world, alias)


@then(sentence("none of it is {alias:Person}'s session"))
def reads_no_session(world: World, alias: str) -> None:
    """By value, and by trying the cookies that were read."""
    exposing.must_not_be_read(world, alias)


@then("the password is masked before and while it is typed")
def is_masked(world: World) -> None:
    """By the field's type."""
    exposing.must_be_masked(world)


@then("no address that the browser asked for holds the password")
def not_in_addresses(world: World) -> None:
    """Addresses end in histories and logs."""
    exposing.must_not_be_in_addresses(world)
