"""Sessions that end by themselves, and whose end a use moves."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.findings import NotTested, Unmet
from harness.deployment import ends, held
from harness.deployment.expiry import MARGIN
from harness.deployment.quotation import quoted
from harness.flows.captured import key_of
from harness.flows.frozen_copies import CapturedSession

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.credential import Credential
    from harness.deployment.ends import End
    from harness.deployment.people import Device
    from harness.scenario.world import World

_PLACE = "session endpoint"
_ROUNDING = 2.0
"""Seconds by which ends may differ: servers often give whole seconds, and an answer takes its time."""
_MOST_USES = 100


@dataclass(frozen=True)
class OverdueSession:
    """A session that has to have ended by now.

    ``what`` says which and why, and ``credential`` is what its browser holds.
    """

    device: Device
    credential: Credential
    what: str


def leave_unused(world: World, alias: str) -> None:
    """Let the captured session's idle timeout pass unused."""
    captured, declared = world.recall(CapturedSession), held.cookie_session(world.target)
    seconds = declared.idle_timeout or 0
    wait = seconds + declared.leeway + MARGIN
    captured.device.person.in_doubt = True
    _note(world, world.expiry.pass_time(captured.device, wait, f"the idle timeout of {seconds} s"))
    what = f"{alias}'s session, not used for the {seconds} s of credentials.session.idle_timeout,"
    world.remember(OverdueSession(captured.device, captured.credential, what))


def use_until_the_end(world: World, alias: str, device_name: str) -> None:
    """Use the device's session until its absolute lifetime is over.

    Raises NotTested where it ends before that, EndOutOfReach where that is too far.
    """
    declared, device = held.cookie_session(world.target), world.device(alias, device_name)
    whole = declared.absolute_lifetime or 0
    pause = _pause(whole, declared.idle_timeout or None)
    began, made_up = time.time(), 0.0
    device.person.in_doubt = True
    what = f"the absolute lifetime of {whole} s"
    check = world.places[_PLACE].control(
        device.who, world.deployment.access.browser_session(device), device.person
    )
    world.judge.control(key_of(_PLACE), check)
    session = world.deployment.access.captured_session(device)
    while (passed := made_up + time.time() - began) + pause < whole:
        made_up += world.expiry.pass_time(device, pause, what, whole + declared.leeway + MARGIN)
        answer = _used(world, device)
        is_due = made_up + time.time() - began > whole - MARGIN
        if not is_due and not _is_signed_in(world, device, answer):
            raise NotTested(
                f"{alias}'s session ended within {passed + pause:.0f} s, though it was used every {pause:.0f} s, "
                f"so that nothing shows what ends it after its absolute lifetime of {whole} s.",
                "Correct credentials.session.idle_timeout in the profile: how long a session lives without use.",
                [answer],
            )
        if held.holds_session(world.target, device):
            session = world.deployment.access.captured_session(device)
    rest = whole - (made_up + time.time() - began) + declared.leeway + MARGIN
    _note(world, made_up + world.expiry.pass_time(device, max(rest, 0), what, whole + declared.leeway + MARGIN))
    used = f"{alias}'s session, used every {pause:.0f} s until the {whole} s of"
    world.remember(OverdueSession(device, session, f"{used} credentials.session.absolute_lifetime were over,"))


def _pause(whole: int, idle: int | None) -> float:
    """Seconds between two uses, short enough that no session idles."""
    pause = whole / 4 if idle is None else min(idle / 2, whole / 2)
    if whole / pause > _MOST_USES:
        raise NotTested(
            f"a session that ends after {idle} s without use would have to be used more than {_MOST_USES} times "
            f"in the {whole} s of its absolute lifetime.",
            "Run against a deployment with a shorter absolute lifetime.",
        )
    return pause


def _used(world: World, device: Device) -> Exchange:
    """Ask who is signed in, as the device's page does.

    What is set is kept.
    """
    return world.deployment.access.on_device("session", device, device.person.values)


def _is_signed_in(world: World, device: Device, answer: Exchange) -> bool:
    identity = world.deployment.identity.identity_in(answer)
    return identity is not None and identity.is_of(device.person)


def _note(world: World, made_up: float) -> None:
    world.notes.append("elapse: time was passed in the database" if made_up else "waited for it")


def must_have_ended(world: World) -> None:
    """Raise Unmet if the overdue session still signs in."""
    overdue = world.recall(OverdueSession)
    place, owner = world.places[_PLACE], overdue.device.person
    attempt = place.attempt("an attacker", overdue.credential, owner, overdue.what)
    world.judge.refuse_now(attempt, key_of(_PLACE))


# --- renewal ---


@dataclass(frozen=True)
class Renewal:
    """Two uses of a session, and its end at each.

    ``made_up`` are seconds between them that no cookie knows of; ``cookies`` are the browser's ends of it.
    """

    device: Device
    answers: tuple[Exchange, Exchange]
    said: tuple[End | None, End | None]
    cookies: tuple[End | None, End | None]
    made_up: float
    began: float

    @property
    def due(self) -> float | None:
        """When the session would end if nothing had moved its end."""
        first = self.said[0]
        return first.moment - self.made_up if first is not None else None

    def last(self, absolute: int | None) -> float:
        """When it ends however much it is used."""
        return self.began - self.made_up + absolute if absolute is not None else float("inf")


def use_after_update_age(world: World, alias: str, device_name: str) -> None:
    """Use the device's session now, and when that moves its end.

    Raises NotTested where it is not signed in at first, EndOutOfReach where that is too far.
    """
    declared, device, began = held.cookie_session(world.target), world.device(alias, device_name), time.time()
    probe, age = world.target.profile.operations.session, declared.update_age or 0
    first = _used(world, device)
    if not _is_signed_in(world, device, first):
        raise NotTested(f"the control failed: {device.who} is not signed in before the session is renewed.")
    before, said = _of_browser(world, device), ends.said(probe, first)
    made_up = world.expiry.pass_time(device, age + MARGIN, f"the age of {age} s at which a session is renewed")
    _note(world, made_up)
    second = _used(world, device)
    after = _of_browser(world, device) if held.holds_session(world.target, device) else None
    ends_said = (said, ends.said(probe, second) if _is_signed_in(world, device, second) else None)
    world.remember(Renewal(device, (first, second), ends_said, (before, after), made_up, began))


def _of_browser(world: World, device: Device) -> End | None:
    return ends.of_cookies(held.session_cookies(world.target, device))


def must_be_renewed(world: World) -> None:
    """Raise Unmet unless the use kept the session and moved its end."""
    renewal, declared = world.recall(Renewal), held.cookie_session(world.target)
    device, second = renewal.device, renewal.answers[1]
    use = f"a use of {device.who}'s session after the {declared.update_age} s of credentials.session.update_age"
    if not _is_signed_in(world, device, second):
        raise Unmet(f"that {use} leaves it signed in", f"it was answered {quoted(second)}", renewal.answers)
    third = _used(world, device)
    if not _is_signed_in(world, device, third):
        came = f"with the cookies that it left the session endpoint answered {quoted(third)}"
        raise Unmet(f"that {use} leaves it signed in", came, [second, third])
    _must_have_moved(renewal, use, declared.absolute_lifetime or None)
    _must_be_known_to_the_browser(renewal, use)


def _must_have_moved(renewal: Renewal, use: str, absolute: int | None) -> None:
    due, now, last = renewal.due, renewal.said[1], renewal.last(absolute)
    if due is None or now is None:
        return
    moved = now.moment - due
    if moved < -_ROUNDING:
        came = f"by {now.source} it ends {-moved:.0f} s sooner than without it"
        raise Unmet(f"that {use} never shortens it", came, renewal.answers)
    if now.moment > last + _ROUNDING:
        came = f"by {now.source} it ends {now.moment - last:.0f} s after the {absolute} s"
        expected = f"that {use} moves its end no further than credentials.session.absolute_lifetime"
        raise Unmet(expected, came, renewal.answers)
    if moved <= _ROUNDING and due < last - _ROUNDING:
        raise Unmet(f"that {use} moves its end", f"by {now.source} it is the same as before", renewal.answers)


def _must_be_known_to_the_browser(renewal: Renewal, use: str) -> None:
    """Raise Unmet if the browser gives up a session that lives on."""
    now, (before, after) = renewal.said[1], renewal.cookies
    if now is None or before is None or after is None:
        return
    own = before.moment - renewal.made_up
    kept_until = after.moment if after.moment != before.moment else own
    if kept_until <= own + _ROUNDING and now.moment - kept_until > _ROUNDING:
        came = f"{after.source} ends {now.moment - kept_until:.0f} s before the session does, and is not set again"
        raise Unmet(f"that {use} moves the end of its cookie, too", came, renewal.answers)
