"""JSON Web Tokens.

Issued for a live session, verified by the rules of RFC 8725.
"""

import math
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import OKPAlgorithm
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from reference_backend.models import SigningKey, User, is_id, new_id
from reference_backend.settings import Settings, SettingsError

REQUIRED = ["exp", "iat", "sub", "iss", "aud", "sid"]


class InvalidTokenError(Exception):
    """A token that proves nothing.

    It has no detail: the caller learns no more than that.
    """


@dataclass(frozen=True)
class Signer:
    """The one algorithm and key of this deployment.

    `kid` and `public_jwk` are None for a shared secret.
    """

    algorithm: str
    private: Any = field(repr=False)
    public: Any = field(repr=False)
    kid: str | None = None
    public_jwk: dict[str, Any] | None = None


@dataclass(frozen=True)
class Claims:
    """A verified token's user and session."""

    user_id: str
    session_id: str


def signer(settings: Settings, engine: Engine) -> Signer:
    """Return the deployment's signer.

    An Ed25519 key is made on first use. Raises SettingsError.
    """
    if settings.jwt_algorithm == "HS256":
        return Signer("HS256", settings.jwt_secret, settings.jwt_secret)
    passphrase = settings.secret.encode()
    with Database(engine) as db, db.begin():
        fresh = _new_pem(passphrase)
        # The row has one possible id, so that backends starting together settle on one key.
        db.execute(insert(SigningKey).values(id=1, kid=new_id(), private_pem=fresh).on_conflict_do_nothing())
        row = db.get_one(SigningKey, 1)
        kid, pem = row.kid, row.private_pem
    try:
        private = load_pem_private_key(pem.encode(), passphrase)
    except ValueError:
        raise SettingsError(
            "REFERENCE_SECRET does not open the signing key kept in this database: "
            "give the secret the key was made with, or delete the row of table signing_keys."
        ) from None
    assert isinstance(private, Ed25519PrivateKey)  # noqa: S101 - written a few lines up, by this module only
    public = private.public_key()
    jwk = OKPAlgorithm.to_jwk(public, as_dict=True) | {"kid": kid, "alg": "EdDSA", "use": "sig"}
    return Signer("EdDSA", private, public, kid, jwk)


def issue(signer: Signer, settings: Settings, user: User, session_id: str) -> str:
    """Return a signed token for `user`, tied to that session.

    It expires after `jwt_expires_in` seconds.
    """
    moment = int(time.time())
    claims = {
        "sub": user.id,
        "sid": session_id,
        "jti": new_id(),
        "email": user.email,
        "name": user.name,
        "iat": moment,
        "exp": moment + settings.jwt_expires_in,
        "iss": settings.base_url,
        "aud": settings.base_url,
    }
    headers = {"kid": signer.kid} if signer.kid else None
    return jwt.encode(claims, signer.private, algorithm=signer.algorithm, headers=headers)


def verify(signer: Signer, settings: Settings, token: str) -> Claims:
    """Return the claims of a token that is ours and in force.

    Raises InvalidTokenError on anything else.

    Whether the session and its user still exist is for `sessions.of_token` to say.
    """
    try:
        _check_header(signer, jwt.get_unverified_header(token))
        payload = jwt.decode(
            token,
            signer.public,
            algorithms=[signer.algorithm],
            audience=settings.base_url,
            issuer=settings.base_url,
            options={"require": REQUIRED},
        )
        return _claims(payload)
    except (jwt.PyJWTError, ValueError, TypeError, ArithmeticError, AttributeError, RecursionError):
        # Odd JSON inside a token reaches code that expected another type; all of it is a bad token.
        raise InvalidTokenError from None


def _check_header(signer: Signer, header: dict[str, Any]) -> None:
    kind = header.get("typ", "JWT")
    if not isinstance(kind, str) or kind.upper() != "JWT":
        raise InvalidTokenError  # RFC 8725 section 3.11: made for another purpose
    if "crit" in header:
        raise InvalidTokenError  # RFC 7515 section 4.1.11: an extension that we don't know
    if signer.kid is not None and header.get("kid") != signer.kid:
        raise InvalidTokenError


def _claims(payload: dict[str, Any]) -> Claims:
    for name in ("exp", "iat", "nbf"):
        value = payload.get(name, 0)
        # PyJWT takes booleans and digits in a string for a number.
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InvalidTokenError
    user_id, session_id = payload["sub"], payload["sid"]
    if not (is_id(user_id) and is_id(session_id)):
        raise InvalidTokenError
    return Claims(user_id, session_id)


def _new_pem(passphrase: bytes) -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase)).decode()
