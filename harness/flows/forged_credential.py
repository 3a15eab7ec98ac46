"""Credentials that no issuer made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.core.provenance import Changed, made
from harness.deployment.answer import at
from harness.tokens.forgeries import Forge
from harness.tokens.jws import Jwt

if TYPE_CHECKING:
    from harness.deployment.opener import Opener
    from harness.deployment.people import Device
    from harness.scenario.world import World


def forged_credential(world: World, opener: Opener, device: Device) -> tuple[str, str]:
    """What no issuer made, and its name.

    A JWT is signed by another key; of anything else a character is changed.
    """
    own = opener.value(device)
    if opener.is_jwt:
        (token,) = Forge(Jwt.parse(own), published_keys(world)).forge("signed with another key")
        return token, f"{opener.noun} signed by another key"
    return made("altered credential", Changed("damaged", own)), f"{opener.noun} altered"


def published_keys(world: World) -> list[dict[str, Any]]:
    """The keys of the published set (RFC 7517).

    Empty where there is none.
    """
    if world.target.profile.operations.jwks is None:
        return []
    keys = at(world.deployment.call("jwks", "an anonymous client", {}), "/keys")
    return keys if isinstance(keys, list) else []
