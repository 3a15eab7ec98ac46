"""Why no account could be created, which stops every scenario."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer
from harness.core.redaction import masked_cut
from harness.deployment.answer import matches, text_at
from harness.deployment.held import token_places
from harness.deployment.lines import identity_lines, success_line, write
from harness.deployment.people import Device
from harness.deployment.tampered import Tampering
from harness.doctor import obstacles
from harness.wire.throttle import Throttled

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.deployment import Deployment
    from harness.deployment.people import Person

_NOT_THERE = (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED)
_EXCERPT = 200
CHECK_SIGN_IN = "Check operations.sign_in and credentials.session in the profile."


def why_no_account(deployment: Deployment, person: Person, failed: Unavailable) -> str:
    """One sentence about what is wrong, and what to change."""
    operation = deployment.operation("sign_up")
    answer = failed.exchanges[-1] if failed.exchanges else None
    path = urlsplit(deployment.target.url(operation.base, operation.path)).path
    if answer is not None and urlsplit(answer.url).path == path and matches(operation.outcomes.success, answer):
        return f"{failed} {_not_signed_in(deployment, person)}"
    # The sign-in after a sign-up fails in its own words.
    if answer is None:
        return f"{failed}"
    if urlsplit(answer.url).path != path:
        return f"{failed.reason} {who_is_there(deployment, person, answer) or CHECK_SIGN_IN}"
    where = f"{operation.method} {operation.path}"
    if (obstacle := obstacles.in_front(answer, deployment.target)) is not None:
        return f"signing up a new user ({where}) {obstacles.sentence(answer, obstacle)}"
    if answer.status in _NOT_THERE:
        url = deployment.target.url(operation.base, "")
        return (
            f"{where} was answered {answer.status}: there is no sign-up at {url}. Is that the address that pages "
            "and sign-in are on, and --target the right profile?"
        )
    if answer.status == httpx.codes.FORBIDDEN and (hint := _origin_hint(deployment, person, answer)):
        return hint
    return f"signing up a new user ({where}) {_otherwise(deployment, person, answer, failed.remedy)}"


def _otherwise(deployment: Deployment, person: Person, answer: Exchange, remedy: str) -> str:
    """The sentence's end, for an answer that is no declared success."""
    if _is_signed_in(deployment, person):
        came = f"was answered {answer.status} and signed the user in, as the session shows."
        return f"{came} {success_line('operations.sign_up', answer) or remedy}"
    if (obstacle := obstacles.of_answer(answer, deployment.target)) is not None:
        return obstacles.sentence(answer, obstacle)
    return f"was answered {answer.status}: {_excerpt(answer)} {remedy}"


def _not_signed_in(deployment: Deployment, person: Person) -> str:
    """The line for a sign-up that signed no user in.

    It is certain where a sign-in does.
    """
    line = {"signs_in": False}
    with contextlib.suppress(Unavailable, NoAnswer):
        deployment.sessions.sign_in_verified(Device(person, "second device"))
        return f"Signing in does. {write('operations.sign_up', line)}"
    return write("operations.sign_up", line, "if sign-up signs no new user in")


def who_is_there(deployment: Deployment, person: Person, answer: Exchange) -> str:
    """The line by which an answer shows who is signed in."""
    session = deployment.target.profile.operations.session
    asked = urlsplit(deployment.target.url(session.base, session.path)).path
    if urlsplit(answer.url).path == asked:
        return write("operations.session", identity_lines(session, answer, person))
    credentials = deployment.target.profile.credentials
    place = credentials.token.pointer if credentials.token is not None else None
    if credentials.session_cookie is not None or place is None or text_at(answer, place) is not None:
        return ""
    return token_line(answer)


def token_line(answer: Exchange) -> str:
    """The line for an access token at another place."""
    places = sorted(token_places(answer, None), key=lambda one: "refresh" in one.lower())
    return write("credentials.token", {"pointer": places[0]}, "by its name and form") if places else ""


def _is_signed_in(deployment: Deployment, person: Person) -> bool:
    """Whether the session shows that the sign-up worked, whatever its answer."""
    device = person.device("first device")
    with contextlib.suppress(Unavailable, NoAnswer):
        session = deployment.access.browser_session(device)
        return deployment.identity.is_session_of(person, session, device.who)
    return False


def _excerpt(answer: Exchange) -> str:
    return masked_cut(answer.text, _EXCERPT) or "with an empty body."


def _origin_hint(deployment: Deployment, person: Person, answer: Exchange) -> str | None:
    origin = deployment.target.origin
    for candidate in _other_names(origin):
        try:
            deployment.sessions.sign_up(person, person.device("first device"), Tampering(origin=candidate))
        except (NoAnswer, Throttled):
            continue
        if person.has_account:
            return (
                f"sign-up from pages on {origin} is refused (403) and from {candidate} it is not: that is the "
                f"origin that the deployment is configured with. Give --base-url {candidate}, or write "
                f'public_origin = "{candidate}" in the profile.'
            )
    if "origin" in answer.text.lower():
        return (
            f"sign-up from pages on {origin} is refused (403: {_excerpt(answer)}). The deployment is configured "
            "with another origin: give the --base-url that users type, or public_origin in the profile."
        )
    return None


def _other_names(origin: str) -> list[str]:
    """Other origins that the same server often has."""
    parts = urlsplit(origin)
    port = f":{parts.port}" if parts.port else ""
    hosts = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}
    other = hosts.get(parts.hostname or "", parts.hostname or "")
    names = [f"{parts.scheme}://{other}{port}", f"https://{parts.hostname}{port}", f"https://{parts.hostname}"]
    return [name for name in dict.fromkeys(names) if name != origin]
