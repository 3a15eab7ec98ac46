"""Why an access token that was just issued is refused."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from harness.core.exchange import NoAnswer
from harness.core.provenance import Taken, known
from harness.core.text import listed
from harness.deployment.answer import at
from harness.tokens.jws import Jwt, NotAJwt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.core.exchange import Exchange
    from harness.deployment.operations import Operations

AGAIN_AFTER = (1.0, 2.0, 3.0)
"""Seconds to wait before the same token is presented once more, and again."""
_FRESH = 60.0
"""Seconds after its issue in which a token is refused for its age, if clocks differ."""
_REFUSED = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)


@dataclass
class TokenRefusals:
    """What a refused token shows of the issuer and the API.

    ``is_hopeless`` once waiting did not help: it is not tried again in this run.
    """

    operations: Operations
    is_hopeless: bool = False

    def why(self, exchange: Exchange, url: str) -> str:
        """What may be the reason, as a part of a sentence.

        Empty where nothing shows one. Only tokens that the deployment issued are looked at. ``url`` is what the
        token has to open by GET.
        """
        token = _issued_token(exchange)
        if token is None or exchange.status not in _REFUSED:
            return ""
        with self.operations.client.transcript.aside("why it was refused"):
            return "; ".join(filter(None, (self._of_key(token), self._of_time(token, exchange, url))))

    # --- the key ---

    def _of_key(self, token: Jwt) -> str:
        key = token.header.get("kid")
        if key is None:
            return ""
        published, accepted = self._published(), self._accepted(key)
        if accepted and key not in accepted:
            return f"the issuer signs with the key {_named([key])}, and the API knows {_named(accepted)}"
        if published and key not in published:
            return f"it is signed with the key {_named([key])}, and operations.jwks has {_named(published)}"
        return ""

    def _published(self) -> list[Any]:
        if self.operations.target.profile.operations.jwks is None:
            return []
        try:
            keys = at(self.operations.call("jwks", "an anonymous client", {}), "/keys")
        except NoAnswer:
            return []
        return [key.get("kid") for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []

    def _accepted(self, key: object) -> list[Any]:
        """The keys of issued tokens that were accepted before."""
        found: dict[str, Any] = {}
        for exchange in self.operations.client.history:
            if httpx.codes.is_success(exchange.status) and (token := _issued_token(exchange)) is not None:
                found[str(token.header.get("kid"))] = token.header.get("kid")
        return [] if str(key) in found else [one for one in found.values() if one is not None]

    # --- the time ---

    def _of_time(self, token: Jwt, exchange: Exchange, url: str) -> str:
        said = [sentence for name in ("iat", "nbf") for sentence in _ahead(token, name)]
        later = None if self.is_hopeless or not _is_fresh(token) else self._accepted_after(exchange, url)
        if later:
            said.append(
                f"the same token is accepted {later:.0f} s later: the clocks of issuer and API differ, or the API "
                "allows no leeway"
            )
        return ", and ".join(said)

    def _accepted_after(self, exchange: Exchange, url: str) -> float | None:
        """After how many seconds the same token opens the address.

        0 for at once.
        """
        headers = [pair for pair in exchange.request_headers if pair[0].lower() != "content-type"]
        waited = 0.0
        for seconds in (0.0, *AGAIN_AFTER):
            self.operations.client.pause(seconds)
            waited += seconds
            with contextlib.suppress(NoAnswer):
                if httpx.codes.is_success(self.operations.client.send(exchange.who, "GET", url, headers).status):
                    return waited
        self.is_hopeless = True
        return None


def _issued_token(exchange: Exchange) -> Jwt | None:
    """The JWT in a request, if the deployment issued it."""
    for value in _values(exchange):
        about = known(value)
        if about is not None and isinstance(about.provenance, Taken):
            try:
                return Jwt.parse(value)
            except NotAJwt:
                continue
    return None


def _values(exchange: Exchange) -> Iterator[str]:
    for name, value in exchange.request_headers:
        if name.lower() == "cookie":
            yield from (pair.partition("=")[2] for pair in value.split("; "))
        else:
            yield value.rpartition(" ")[2]


def _ahead(token: Jwt, claim: str) -> Iterator[str]:
    moment = token.moment(claim)
    if moment is not None and (seconds := moment - time.time()) > 1:
        yield f'its "{claim}" is {seconds:.0f} s ahead of this machine\'s clock'


def _is_fresh(token: Jwt) -> bool:
    issued = token.moment("iat")
    return issued is not None and abs(time.time() - issued) < _FRESH


def _named(keys: list[Any]) -> str:
    return listed((f'"{key}"' for key in keys), "and")
