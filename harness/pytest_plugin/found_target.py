"""A target without a profile, which is looked at first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.errors import Unavailable
from harness.core.text import printable
from harness.deployment.journal import NOWHERE
from harness.discovery.asker import Addresses
from harness.discovery.found import HOW, FoundProfile, look
from harness.discovery.trial.confirmed import TooLittle
from harness.doctor.findings import Unusable
from harness.profile.loader import ProfileError
from harness.profile.target import Target, TargetError
from harness.wire.client import Client
from harness.wire.throttle import ThrottleBudget

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.deployment.journal import Journal
    from harness.profile.profile import Profile
    from harness.pytest_plugin.options import Options


def look_at(
    options: Options, announce: Callable[[str], None], journal: Callable[[Target], Journal]
) -> FoundProfile:
    """Find a profile by looking, and say what was found.

    Raises Unusable, with what was seen and the next command, where too little was.
    """
    web = options.web or ""
    addresses = Addresses(web, options.api or web)
    client = _client(options, addresses, announce)
    opened = [NOWHERE]

    def written_down(profile: Profile) -> Journal:
        opened[0] = journal(Target(profile, addresses.web, addresses.api))
        return opened[0]

    try:
        found = look(client, addresses, written_down, options.seed)
        _ = found.profile
    except TooLittle as little:
        raise Unusable(f"{little} {_next(options)}") from little
    except TargetError as silent:
        raise Unusable(str(silent)) from silent
    except Unavailable as hindered:
        raise Unusable(f"looking at it was cut short: {hindered} {_next(options)}") from hindered
    except ProfileError as error:
        raise Unusable(f"what was found is no profile that loads: {error} {_next(options)}") from error
    finally:
        client.close()
    _say(found, announce)
    return found


def fitting(found: FoundProfile, places: list[str], announce: Callable[[str], None]) -> FoundProfile:
    """The found profile without what the doctor could not use."""
    for place in places:
        announce(f"left out: {place}, which did not work as it was found")
    return found.without(places)


def _client(options: Options, addresses: Addresses, announce: Callable[[str], None]) -> Client:
    origins = Target(options.profile, addresses.web, addresses.api).origins
    budget = ThrottleBudget(options.throttle_budget, announce=announce)
    return Client(origins, budget, answer_limit=options.answer_limit, trust=options.trust)


def _say(found: FoundProfile, announce: Callable[[str], None]) -> None:
    announce(HOW)
    announce(f"recognised: {found.recognised or 'no known shape'}")
    for one in found.evidence:
        announce(printable(f"  {one}"))
    for left in found.left_out:
        announce(printable(f"  left out: {left}"))


def _next(options: Options) -> str:
    api = f" --api-url {options.api}" if options.api is not None else ""
    return (
        f"Next: auth-conformance init {options.web}{api} --output profile.toml, which writes down what was seen; "
        "fill in what is marked, and run with --target profile.toml."
    )
