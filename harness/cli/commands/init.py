"""`auth-conformance init`: writes a first profile of a deployment."""

from __future__ import annotations

import secrets
import shlex
import sys
from typing import TYPE_CHECKING

from harness.cli.announcement import announce
from harness.core.errors import Unavailable
from harness.core.exchange import origin_of
from harness.core.exits import Exit
from harness.core.paths import exists
from harness.core.text import counted, printable
from harness.deployment.journal import NOWHERE
from harness.deployment.reach import gate_of, proxy_of, trust_for
from harness.discovery.asker import Addresses, Asker
from harness.discovery.found import look
from harness.discovery.survey import Survey, survey
from harness.profile.draft import FILL_IN
from harness.profile.loader import ProfileError, parse_profile, reach_of
from harness.profile.reach import Reach, written
from harness.profile.target import TargetError, base_url
from harness.wire.client import Client
from harness.wire.readiness import NotUp, await_deployment
from harness.wire.throttle import ThrottleBudget
from harness.wire.trust import Trust, TrustError

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

_THROTTLE_SECONDS = 12.0


def main(given: Namespace) -> int:
    """Write a profile; returns the exit code.

    It is `Exit.USAGE` for a wrong address or an existing FILE, `Exit.TARGET_UNUSABLE` where nothing answers.
    """
    try:
        addresses = _addresses(given.url, given.api_url)
        reach = reach_of(given.reach) if given.reach is not None else Reach()
        client = _client(addresses, reach, Trust(given.ca, given.insecure))
        if given.output is not None:
            _check_free(given.output)
    except (TargetError, ProfileError, TrustError) as error:
        return _refuse(error, Exit.USAGE)
    if given.tries:
        return _try(client, addresses, reach, given)
    try:
        found, asked = _look(client, addresses, reach, given.wait_for)
    except (TargetError, NotUp) as error:
        return _refuse(error, Exit.TARGET_UNUSABLE)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    try:
        _write(found.profile, given.output)
    except TargetError as error:
        return _refuse(error, Exit.USAGE)
    sys.stderr.write(printable(_summary(found, asked, addresses, given.output)))
    return Exit.CONFORMANT


def _try(client: Client, addresses: Addresses, reach: Reach, given: Namespace) -> int:
    output: Path | None = given.output
    try:
        _await(client, addresses, given.wait_for)
        found = look(client, addresses, lambda _: NOWHERE, secrets.randbelow(2**31))
        _write(found.text + written(reach), output)
    except (TargetError, ProfileError, Unavailable, NotUp) as error:
        return _refuse(error, Exit.TARGET_UNUSABLE)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    finally:
        client.close()
    target = str(output) if output is not None else "FILE"
    api = ["--api-url", addresses.api] if len(addresses.bases) > 1 else []
    lines = [
        f"Recognised: {found.recognised or 'no known shape'}.",
        *(f"  {one}" for one in found.evidence),
        *(f"  left out: {one}" for one in found.left_out),
        *([f"One account was made, {found.stays}; nothing was found that deletes it."] if found.stays else []),
        f"Next: {shlex.join(['auth-conformance', 'run', addresses.web, *api, '--target', target])}",
    ]
    sys.stderr.write(printable("".join(f"{line}\n" for line in lines)))
    return Exit.CONFORMANT


def _addresses(web: str, api: str | None) -> Addresses:
    usable = base_url(web, "URL")
    return Addresses(usable, base_url(api, "--api-url") if api is not None else usable)


def _check_free(output: Path) -> None:
    if exists(output):
        raise TargetError(f'"{output}" exists and is not overwritten; name another file, or remove it first.')
    if not output.parent.is_dir():
        raise TargetError(f'"{output}" can\'t be written: there is no folder "{output.parent}". Create it first.')


def _client(addresses: Addresses, reach: Reach, trust: Trust) -> Client:
    origins = frozenset(origin_of(addresses.of(base)) for base in addresses.bases)
    budget = ThrottleBudget(_THROTTLE_SECONDS)
    trust = trust_for(reach, trust)
    trust.context()
    gate, proxy = gate_of(reach), proxy_of(reach)
    return Client(origins, budget, asks_silence_again=False, trust=trust, gate=gate, proxy=proxy)


def _look(client: Client, addresses: Addresses, reach: Reach, wait_for: float) -> tuple[Survey, Asker]:
    try:
        _await(client, addresses, wait_for)
        asker = Asker(client, addresses)
        return survey(asker, written(reach)), asker
    finally:
        client.close()


def _await(client: Client, addresses: Addresses, seconds: float) -> None:
    if seconds:
        await_deployment(client, map(addresses.of, addresses.bases), seconds, announce)


def _write(profile: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(profile)
        sys.stdout.flush()
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(profile)
    except OSError as error:
        raise TargetError(f'"{output}" can\'t be written: {error.strerror}. Name another file.') from error


def _summary(found: Survey, asked: Asker, addresses: Addresses, output: Path | None) -> str:
    target = str(output) if output is not None else "FILE"
    api = ["--api-url", addresses.api] if len(addresses.bases) > 1 else []
    doctor = shlex.join(["auth-conformance", "doctor", addresses.web, *api, "--target", target])
    lines = [
        f"Recognised: {found.recognised}."
        if found.recognised
        else "Recognised no known shape; the profile is a skeleton to fill in.",
        *(f"  {one}" for one in found.evidence),
    ]
    if found.elsewhere is not None:
        lines.append(
            f"{addresses.web}/ leads to {found.elsewhere}; if the deployment is there, give that address."
        )
    if asked.exhausted:
        lines.append(f"Stopped after {asked.asked} requests, before everything was examined.")
    if asked.throttled:
        lines.append("The deployment throttled (429), so something may have been overlooked; run it again later.")
    if output is not None:
        lines.append(f"Wrote {output}.")
    lines += _left_to_do(found, target)
    lines.append(f"Next: {doctor}")
    if not api:
        lines.append("Add --api-url URL to both if the API has an address of its own.")
    return "".join(f"{line}\n" for line in lines)


def _left_to_do(found: Survey, target: str) -> list[str]:
    try:
        parse_profile(found.profile, target, draft=True)
    except ProfileError as error:
        return [f"It does not load yet; correct this first: {error}"]
    if found.fill_ins == 0:
        return []
    places = counted(found.fill_ins, "place that is", "places that are")
    return [f"Fill in the {places} marked {FILL_IN}, and remove each mark."]


def _refuse(error: Exception, code: Exit) -> int:
    sys.stderr.write(f"auth-conformance init: {error}\n")
    return code
