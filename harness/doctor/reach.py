"""Whether the deployment answers, and says who is signed in."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer
from harness.deployment.credential import ANONYMOUS
from harness.deployment.deployment import Deployment
from harness.deployment.errors import Unrecognised
from harness.deployment.lines import success_of, write
from harness.deployment.quotation import json_of, quoted
from harness.doctor import obstacles
from harness.doctor.findings import Finding, Unusable, doubtful, works
from harness.profile.target import same_origin
from harness.wire import silence
from harness.wire.addresses import origin_read, resolved
from harness.wire.readiness import NotUp, await_deployment

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.core.exchange import Exchange


def examine(deployment: Deployment) -> list[Finding]:
    """Ask for each front page, and who an anonymous client is.

    Raises Unusable if there is no answer, or none that tells.
    """
    target = deployment.target
    addresses = {"--base-url": target.web}
    if not same_origin(target.web, target.api):
        addresses["--api-url"] = target.api
    if not any(same_origin(target.auth, one) for one in addresses.values()):
        addresses["--auth-url"] = target.auth
    findings = [finding for flag, url in addresses.items() for finding in _address(deployment, flag, url)]
    return [*findings, _anonymous(deployment)]


def await_target(deployment: Deployment, seconds: float, announce: Callable[[str], None]) -> None:
    """Wait until every address answers.

    Raises Unusable where one does not within ``seconds``; with none at all nothing is asked.
    """
    if seconds:
        try:
            await_deployment(deployment.client, deployment.target.bases, seconds, announce)
        except NotUp as error:
            raise Unusable(str(error)) from error


def _address(deployment: Deployment, flag: str, url: str) -> list[Finding]:
    try:
        answer = deployment.client.send("the doctor", "GET", url + "/")
    except NoAnswer as error:
        why = silence.explained(error)
        raise Unusable(f"{url} ({flag}) {why.what}. {why.remedy}") from error
    findings = [works(f"{url} answers ({flag}): {quoted(answer)}")]
    location = answer.header("location") or ""
    if httpx.codes.is_redirect(answer.status) and deployment.target.resolves_outside(location, answer.url):
        there = origin_read(resolved(location, answer.url) or "")
        findings.append(doubtful(f"{url}/ leads to {there}. If the deployment is there, give {flag} {there}"))
    return findings


def _anonymous(deployment: Deployment) -> Finding:
    session = deployment.operation("session")
    exchange = deployment.call("session", "the doctor", {}, ANONYMOUS)
    where = f"{session.method} {session.path}"
    if (obstacle := obstacles.in_front(exchange, deployment.target)) is not None:
        raise Unusable(f"{where} {obstacles.sentence(exchange, obstacle)}")
    try:
        anonymous = deployment.identity.identity_in(exchange)
    except Unrecognised as unclear:
        _must_not_be_swapped(deployment, where)
        raise Unusable(_unclear(deployment, where, exchange)) from unclear
    if anonymous is not None:
        raise Unusable(
            f"{where} says that a client without any credential is {anonymous.called}, so it does not show "
            "who is signed in. Check operations.session in the profile."
        )
    return works(f"{where} says that an anonymous client is not signed in: {quoted(exchange)}")


def _unclear(deployment: Deployment, where: str, exchange: Exchange) -> str:
    line = _anonymous_line(deployment, exchange)
    obstacle = obstacles.of_answer(exchange, deployment.target) if not line else None
    if obstacle is not None:
        return f"{where} without any credential {obstacles.sentence(exchange, obstacle)}"
    return (
        f"{where} without any credential was answered {quoted(exchange)}, which is neither a signed-in user nor "
        f"none as operations.session describes them. {f'{line} Otherwise: is' if line else 'Is'} --base-url the "
        "address of pages and sign-in, and --target the right profile?"
    )


def _anonymous_line(deployment: Deployment, exchange: Exchange) -> str:
    """The line by which such an answer is an anonymous client's."""
    declared = deployment.target.profile.operations.session
    outcome: dict[str, Any]
    leads = urlsplit(resolved(exchange.header("location") or "", exchange.url) or "").path
    _, mark = declared.identity.mark
    if httpx.codes.is_redirect(exchange.status) and leads.rstrip("/") != urlsplit(exchange.url).path.rstrip("/"):
        if deployment.target.resolves_outside(exchange.header("location") or "", exchange.url):
            return ""
        outcome = success_of(exchange)
    elif httpx.codes.is_success(exchange.status) and isinstance(json_of(exchange), dict) and mark.is_pointer:
        if obstacles.of_answer(exchange, deployment.target) is not None:
            return ""
        outcome = {"status": exchange.status, "pointer": mark.pointer, "present": False}
    else:
        return ""
    return write("operations.session", {"outcomes.unauthenticated": outcome}, "if that is the session's operation")


def _must_not_be_swapped(deployment: Deployment, where: str) -> None:
    target = deployment.target
    if same_origin(target.web, target.api):
        return
    swapped = Deployment(replace(target, web=target.api, api=target.web), deployment.client)
    with contextlib.suppress(Unavailable):
        swapped.identity.who_is(ANONYMOUS, "the doctor")
        raise Unusable(
            f"{where} is at {target.api} (--api-url) and not at {target.web} (--base-url): the two addresses "
            "are swapped, or both are one."
        )
