"""Whether the pages are where the profile says."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from harness.deployment.credential import ANONYMOUS
from harness.deployment.lines import write
from harness.deployment.protected_page import ProtectedPage
from harness.deployment.quotation import is_html, quoted
from harness.deployment.trail import follow
from harness.doctor import obstacles
from harness.doctor.findings import Finding, doubtful, works
from harness.doctor.operations import sign_in_again
from harness.doctor.trials import tried

if TYPE_CHECKING:
    from harness.deployment.deployment import Deployment
    from harness.scenario.world import World


def examine(world: World, alias: str) -> list[Finding]:
    """Open each page over HTTP, the protected ones as that person."""
    deployment = world.deployment
    pages = deployment.target.profile.pages
    if pages is None:
        return []
    sign_in_again(world, alias)
    findings = [_form(deployment, "sign_in", pages.sign_in)]
    if pages.sign_up is not False:
        findings.append(_form(deployment, "sign_up", pages.sign_up))
    for path in pages.protected:
        findings += _protected(world, alias, path)
    return findings


def _form(deployment: Deployment, name: str, path: str) -> Finding:
    what = f"GET {path} (pages.{name})"
    trail = follow(deployment, path, "the doctor", ANONYMOUS)
    if trail.circle:
        return doubtful(f"{what}: an anonymous client was {trail.circles}")
    end, target = trail.end, deployment.target
    if httpx.codes.is_success(end.status) and is_html(end) and obstacles.in_front(end, target) is None:
        return works(f"{what} is a page")
    obstacle = obstacles.of_answer(end, target)
    if obstacle is not None:
        return doubtful(f"{what} {obstacles.sentence(end, obstacle)}")
    remedy = (_sign_in_line(deployment) if name == "sign_in" else "") or f"Correct pages.{name} in the profile."
    return doubtful(f"{what} was answered {quoted(end)}, which is no page. {remedy}")


def _sign_in_line(deployment: Deployment) -> str:
    """The line for the page that protected ones lead to."""
    for path in deployment.pages.protected:
        end = follow(deployment, path, "the doctor", ANONYMOUS).end
        there = urlsplit(end.url).path.removeprefix(urlsplit(deployment.target.web).path)
        if there != path and httpx.codes.is_success(end.status) and is_html(end):
            return write("pages", {"sign_in": there}, f"for {path} leads an anonymous client there")
    return ""


def _protected(world: World, alias: str, path: str) -> list[Finding]:
    deployment, person = world.deployment, world.person(alias)
    place = ProtectedPage(deployment, path)
    credential = deployment.access.sent_to(place.url(person), person.device("first device"))
    what = f"GET {path} (pages.protected)"
    return tried(
        deployment.target,
        what,
        "pages.protected",
        f"opens for {alias}",
        lambda: place.admitted(alias, credential, person),
    )
