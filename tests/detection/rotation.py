"""The reference backend with keys that its owner can change."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Response
from jwt.algorithms import OKPAlgorithm

from reference_backend import auth, tokens
from reference_backend.models import new_id
from reference_backend.tokens import Signer
from tests.detection.routes import serve
from tests.detection.seams import on_app, wrap

PATH = "/api/rotate-keys"
PROFILE = f'[operations.rotate_keys]\nmethod = "POST"\npath = "{PATH}"\n'


@dataclass
class Rotation:
    """Keys, the newest last, and which of them the API knows at the moment.

    ``max_age`` is said of the published keys, in seconds; None says nothing.
    """

    known: Callable[[list[Signer], float], list[Signer]] = lambda signers, _: signers
    """Of all keys, given the seconds since the last change."""
    max_age: int | None = None
    changes: bool = True
    signers: list[Signer] = field(default_factory=list)
    changed: float = 0.0

    def plant(self) -> None:
        """Sign with the newest, verify with those that are known; the settings have to be EDDSA."""
        wrap(tokens, "signer", self._signer)
        wrap(tokens, "issue", lambda original, _, *rest: original(self.signers[-1], *rest))
        wrap(tokens, "verify", self._verify)
        serve(auth.router, "jwks", self._published)
        on_app(lambda made: made.add_api_route(PATH, self._rotate, methods=["POST"]))

    def _signer(self, original: Any, *arguments: Any) -> Signer:
        first: Signer = original(*arguments)
        self.signers.append(first)
        return first

    def _verify(self, original: Any, _: Signer, settings: Any, token: str) -> Any:
        known = self.known(self.signers, time.monotonic() - self.changed)
        try:
            kid = jwt.get_unverified_header(token).get("kid")
        except jwt.InvalidTokenError:
            kid = None
        return original(next((one for one in known if one.kid == kid), known[-1]), settings, token)

    def _published(self, response: Response) -> dict[str, Any]:
        if self.max_age is not None:
            response.headers["cache-control"] = f"public, max-age={self.max_age}"
        return {"keys": [one.public_jwk for one in self.signers]}

    def _rotate(self) -> dict[str, bool]:
        if self.changes:
            private, kid = Ed25519PrivateKey.generate(), new_id()
            public = private.public_key()
            jwk = OKPAlgorithm.to_jwk(public, as_dict=True) | {"kid": kid, "alg": "EdDSA", "use": "sig"}
            self.signers.append(Signer("EdDSA", private, public, kid, jwk))
            self.changed = time.monotonic()
        return {"status": True}
