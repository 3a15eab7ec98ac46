"""Whether each declared credential is where and what the profile says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt

from harness.core.errors import Absent, Unavailable
from harness.core.text import listed
from harness.deployment.errors import Missing
from harness.deployment.lines import lifetime_beside, refresh_place, write
from harness.doctor.findings import Finding, Unusable, doubtful, works
from harness.doctor.sign_up import token_line
from harness.profile.credentials import BodyRefresh
from harness.profile.declarations import named
from harness.tokens.jws import Jwt, NotAJwt
from harness.wire.cookies import bare_name

if TYPE_CHECKING:
    from harness.deployment.deployment import Deployment
    from harness.deployment.people import Device, Person


_VARIABLE = "AUTH_CONFORMANCE_JWT_SECRET"


def examine(deployment: Deployment, person: Person) -> list[Finding]:
    """Look for session, access token and refresh token.

    Raises Unusable where the session isn't there.
    """
    device = person.device("first device")
    findings = [_session(deployment, device)]
    if deployment.target.profile.credentials.token is not None:
        findings += _token(deployment, device)
    if deployment.target.profile.credentials.refresh is not None:
        findings.append(_refresh(deployment, device))
    return findings


def _session(deployment: Deployment, device: Device) -> Finding:
    cookie = deployment.target.profile.credentials.session_cookie
    try:
        alone = deployment.access.captured_session(device)
    except Missing as missing:
        held = ", ".join(bare_name(name) for name in deployment.access.whole_jar(device).cookies) or "none"
        remedy = f" {_remedy(deployment, device)}" if cookie is not None else ""
        raise Unusable(f"{missing} The cookies it holds: {held}.{remedy}") from missing
    if deployment.identity.who_is(alone, device.who) is None:
        does = "does" if len(alone.carried) == 1 else "do"
        raise Unusable(
            f"{listed(alone.carried, 'and')} alone {does} not sign {device.person.alias} in, although all of the "
            f"browser's cookies do. {_remedy(deployment, device)}"
        )
    needed = deployment.identity.needed(device.person, alone.cookies) if len(alone.cookies) > 1 else alone.cookies
    if needless := [name for name in alone.cookies if name not in needed]:
        return doubtful(
            f"signed in without {listed(needless, 'and')} too, so that nothing shows when it is altered. "
            + write("credentials.session", {"cookie": [bare_name(name) for name in needed]})
        )
    what = named(cookie) if cookie is not None else "the access token"
    return works(f"{what} {'is' if len(alone.carried) == 1 else 'are'} the session")


def _remedy(deployment: Deployment, device: Device) -> str:
    held = deployment.access.whole_jar(device).cookies
    needed = [bare_name(name) for name in deployment.identity.needed(device.person, held)]
    if not needed:
        return "Name the cookie that is the session in credentials.session.cookie."
    return write("credentials.session", {"cookie": needed[0] if len(needed) == 1 else needed})


def _token(deployment: Deployment, device: Device) -> list[Finding]:
    try:
        token = deployment.access.access_token(device)
    except (Unavailable, Absent) as missing:
        return [doubtful(f"no access token: {missing} {_elsewhere(missing)}What needs one will not be tested")]
    try:
        parsed = Jwt.parse(token) if deployment.target.profile.credentials.token_is_jwt else None
    except NotAJwt as other:
        line = write("credentials.token", {"kind": "opaque"})
        return [doubtful(f"no access token: {other} {line} What needs a JWT will not be tested")]
    if parsed is None:
        return [works("an opaque access token is where credentials.token says"), *_lifetime(deployment, token)]
    return [
        works(f"a JWT ({parsed.algorithm}) is where credentials.token says"),
        *_facts(deployment, device.person, token, parsed),
    ]


def _elsewhere(missing: Unavailable | Absent) -> str:
    """The line for a token at another place of the answer."""
    answers = missing.exchanges[-1:] if isinstance(missing, Missing) else ()
    return "".join(f"{line} " for one in answers if (line := token_line(one)))


def _lifetime(deployment: Deployment, token: str) -> list[Finding]:
    """Whether an opaque token lives as long as its answer says."""
    declared = deployment.target.profile.credentials.token
    answer = next((one for one in reversed(deployment.client.history) if token in one.text), None)
    said = lifetime_beside(answer, token) if answer is not None else None
    if declared is None or said is None or declared.lifetime == said:
        return []
    says = "nothing" if declared.lifetime is None else f"{declared.lifetime} s"
    line = write("credentials.token", {"lifetime": said})
    return [doubtful(f"the token's answer says that it lives {said} s, credentials.token.lifetime {says}. {line}")]


def _facts(deployment: Deployment, person: Person, token: str, parsed: Jwt) -> list[Finding]:
    target = deployment.target
    declared = target.profile.jwt
    wrong: list[tuple[str, dict[str, Any]]] = []
    if declared.algorithms and parsed.algorithm not in declared.algorithms:
        says = f"it is signed with {parsed.algorithm}, jwt.algorithms says {', '.join(declared.algorithms)}"
        wrong.append((says, {"algorithms": [parsed.algorithm]}))
    expected = [("iss", "issuer", target.issuer), ("aud", "audience", target.audience)]
    for claim, key, value in expected:
        found = parsed.claims.get(claim)
        values = found if isinstance(found, list) else [found]
        if value is not None and value not in values:
            line = {key: values[0]} if isinstance(values[0], str) else {}
            wrong.append((f'its "{claim}" is {found!r}, the profile says {value!r}', line))
    if declared.subject not in parsed.claims:
        named = next((name for name, one in parsed.claims.items() if str(one) == person.id), None)
        says = f'it has no claim "{declared.subject}" (jwt.subject); it has {", ".join(sorted(parsed.claims))}'
        wrong.append((says, {"subject": named} if named is not None else {}))
    findings = [doubtful(f"of the JWT: {says}{_if_right(line)}") for says, line in wrong]
    return findings + _secret(deployment, token, parsed)


def _if_right(line: dict[str, Any]) -> str:
    """What to write of a token that may be at fault itself."""
    lines = write("jwt", line)
    return f". If the token is right: {lines[0].lower()}{lines[1:]}" if lines else ""


def _secret(deployment: Deployment, token: str, parsed: Jwt) -> list[Finding]:
    secret, variable = deployment.target.jwt_secret, deployment.target.profile.jwt.secret_env
    if not parsed.symmetric:
        return []
    if secret is None:
        how = f"set {variable}" if variable else write("jwt", {"secret_env": _VARIABLE}).rstrip(".")
        return [doubtful(f"the shared secret was not given ({how}); what needs it will not be tested")]
    try:
        jwt.decode(
            token, secret, algorithms=[parsed.algorithm], options={"verify_aud": False, "verify_exp": False}
        )
    except jwt.PyJWTError:
        return [doubtful(f"the secret in {variable} did not sign the JWT; what needs it will not be tested")]
    return [works(f"the secret in {variable} signed it")]


def _refresh(deployment: Deployment, device: Device) -> Finding:
    if device.refresh_token is None:
        line = _refresh_line(deployment)
        return doubtful(
            f"no refresh token where credentials.refresh says; what needs one will not be tested{line}"
        )
    return works("a refresh token is where credentials.refresh says")


def _refresh_line(deployment: Deployment) -> str:
    """The line for a refresh token elsewhere in the answer."""
    declared = deployment.target.profile.credentials.refresh
    if not isinstance(declared, BodyRefresh):
        return ""
    url = deployment.url(declared.issued_by)
    places = (refresh_place(one) for one in reversed(deployment.client.history) if one.url == url)
    place = next((one for one in places if one is not None), None)
    return f". {write('credentials.refresh', {'pointer': place}, 'by its name')}" if place is not None else ""
