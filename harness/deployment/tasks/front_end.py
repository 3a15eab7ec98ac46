"""Why a front end's way to the tasks refuses a signed-in user."""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING

from harness.core.exchange import NoAnswer
from harness.deployment.difference import difference
from harness.deployment.quotation import quoted
from harness.profile.target import same_origin
from harness.tokens.jws import is_jwt
from harness.wire.secret_scanner import tokens_in

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.deployment.credential import Credential
    from harness.deployment.deployment import Deployment


def why_refused(deployment: Deployment, alias: str, session: Credential, own: Exchange, bare: Exchange) -> str:
    """What a 401 to the user's own session shows.

    It is a part of a sentence. ``bare`` answers the same without a session.
    """
    if difference(own, bare, []) is None:
        return f"so is an anonymous client, so the front end does not know {alias}"
    knows = f"the front end knows {alias}, for an anonymous client gets {quoted(bare)}"
    if not _api_says_so_to_an_opaque_token(deployment, own):
        return f"{knows}; what it passes on is refused behind it"
    forwarded = "a session token" if _token_is_opaque(deployment, session) else "a token"
    return f"{knows}; it forwards {forwarded} that is no JWT: the API says the same to any such token"


def _api_says_so_to_an_opaque_token(deployment: Deployment, own: Exchange) -> bool:
    target = deployment.target
    if same_origin(target.web, target.api):
        return False
    path = own.url.removeprefix(target.web)
    with contextlib.suppress(NoAnswer):
        for url in dict.fromkeys((target.api + path, _without_repeat(target.api, path))):
            headers = [("Authorization", f"Bearer {secrets.token_hex(16)}")]
            said = deployment.client.send("the suite", "GET", url, headers)
            if (said.status, said.text) == (own.status, own.text):
                return True
    return False


def _without_repeat(api: str, path: str) -> str:
    """The URL in which no path is repeated at the joint."""
    first = f"/{path.split('/')[1]}"
    return api.removesuffix(first) + path if api.endswith(first) else api + path


def _token_is_opaque(deployment: Deployment, session: Credential) -> bool:
    answer = deployment.call("session", session.label, {}, session)
    return any(not is_jwt(token) for token in tokens_in(answer.body))
