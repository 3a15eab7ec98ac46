"""Credentials that no issuer made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.core.provenance import Changed, made
from harness.flows.verification_keys import published_keys
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
        (token,) = forge_from(world, Jwt.parse(own)).forge("signed with another key")
        return token, f"{opener.noun} signed by another key"
    return made("altered credential", Changed("damaged", own)), f"{opener.noun} altered"


def forge_from(world: World, token: Jwt) -> Forge:
    """What somebody can forge who holds that token and the published keys."""
    declared = world.target.profile.operations.jwks is not None
    return Forge(token, published_keys(world).keys if declared else [])
