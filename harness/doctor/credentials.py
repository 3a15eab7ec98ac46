"""Whether each declared credential is where and what the profile says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt

from harness.core.errors import Absent, Unavailable
from harness.core.text import listed
from harness.deployment.errors import Missing
from harness.doctor.findings import Finding, Unusable, doubtful, works
from harness.profile.declarations import named
from harness.profile.toml.problems import inline
from harness.tokens.jws import Jwt
from harness.wire.cookies import bare_name

if TYPE_CHECKING:
    from harness.deployment.deployment import Deployment
    from harness.deployment.people import Device, Person


def examine(deployment: Deployment, person: Person) -> list[Finding]:
    """Look for session, access token and refresh token.

    Raises Unusable where the session isn't there.
    """
    device = person.device("first device")
    findings = [_session(deployment, device)]
    if deployment.target.profile.credentials.token is not None:
        findings += _token(deployment, device)
    if deployment.target.profile.credentials.refresh is not None:
        findings.append(_refresh(device))
    return findings


def _session(deployment: Deployment, device: Device) -> Finding:
    cookie = deployment.target.profile.credentials.session_cookie
    try:
        alone = deployment.access.captured_session(device)
    except Missing as missing:
        held = ", ".join(bare_name(name) for name in deployment.access.whole_jar(device).cookies) or "none"
        raise Unusable(f"{missing} The cookies it holds: {held}.") from missing
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
            "Name in credentials.session.cookie only what is needed"
        )
    what = named(cookie) if cookie is not None else "the access token"
    return works(f"{what} {'is' if len(alone.carried) == 1 else 'are'} the session")


def _remedy(deployment: Deployment, device: Device) -> str:
    held = deployment.access.whole_jar(device).cookies
    needed = [bare_name(name) for name in deployment.identity.needed(device.person, held)]
    if not needed:
        return "Name the cookie that is the session in credentials.session.cookie."
    line = inline(needed[0] if len(needed) == 1 else needed)
    return f"Write `cookie = {line}` in credentials.session of the profile."


def _token(deployment: Deployment, device: Device) -> list[Finding]:
    try:
        token = deployment.access.access_token(device)
        parsed = Jwt.parse(token) if deployment.target.profile.credentials.token_is_jwt else None
    except (Unavailable, Absent) as missing:
        return [doubtful(f"no access token: {missing} What needs one will not be tested")]
    if parsed is None:
        return [works("an opaque access token is where credentials.token says")]
    return [
        works(f"a JWT ({parsed.algorithm}) is where credentials.token says"),
        *_facts(deployment, token, parsed),
    ]


def _facts(deployment: Deployment, token: str, parsed: Jwt) -> list[Finding]:
    target = deployment.target
    declared = target.profile.jwt
    wrong = []
    if declared.algorithms and parsed.algorithm not in declared.algorithms:
        wrong.append(f"it is signed with {parsed.algorithm}, jwt.algorithms says {', '.join(declared.algorithms)}")
    expected: list[tuple[str, Any]] = [("iss", target.issuer), ("aud", target.audience)]
    for claim, value in expected:
        found = parsed.claims.get(claim)
        if value is not None and value not in (found if isinstance(found, list) else [found]):
            wrong.append(f'its "{claim}" is {found!r}, the profile says {value!r}')
    if declared.subject not in parsed.claims:
        wrong.append(
            f'it has no claim "{declared.subject}" (jwt.subject); it has {", ".join(sorted(parsed.claims))}'
        )
    findings = [doubtful(f"of the JWT: {sentence}") for sentence in wrong]
    return findings + _secret(deployment, token, parsed)


def _secret(deployment: Deployment, token: str, parsed: Jwt) -> list[Finding]:
    secret, variable = deployment.target.jwt_secret, deployment.target.profile.jwt.secret_env
    if not parsed.symmetric:
        return []
    if secret is None:
        how = f"set {variable}" if variable else "name its variable in jwt.secret_env"
        return [doubtful(f"the shared secret was not given ({how}); what needs it will not be tested")]
    try:
        jwt.decode(
            token, secret, algorithms=[parsed.algorithm], options={"verify_aud": False, "verify_exp": False}
        )
    except jwt.PyJWTError:
        return [doubtful(f"the secret in {variable} did not sign the JWT; what needs it will not be tested")]
    return [works(f"the secret in {variable} signed it")]


def _refresh(device: Device) -> Finding:
    if device.refresh_token is None:
        return doubtful("no refresh token where credentials.refresh says; what needs one will not be tested")
    return works("a refresh token is where credentials.refresh says")
