"""Keys that change as they should, later than at once, or not at all."""

from __future__ import annotations

from tests.detection.faults.key_rotation import ROTATES
from tests.detection.registry import EDDSA
from tests.detection.rotation import PROFILE, Rotation
from tests.detection.variant_registry import variant


@variant(stays_green=ROTATES, settings=EDDSA, profile=PROFILE)
def keys_change_and_the_old_one_stays_known() -> None:
    """The newest key signs, and every key is published and known."""
    Rotation().plant()


@variant(
    stays_green=ROTATES,
    never_fail_on={"tv-key-rotation-breaks": "A delay within Cache-Control of the JWKS answer"},
    settings=EDDSA,
    profile=PROFILE,
)
def published_keys_are_cached_as_they_may_be() -> None:
    """The API keeps the published keys for two of the three seconds that they may be cached."""
    Rotation(known=lambda signers, since: signers if since > 2 else signers[:1], max_age=3).plant()


@variant(
    not_tested={ROTATES: "tokens name the same key as before"},
    code=6,
    settings=EDDSA,
    profile=PROFILE,
)
def the_operation_changes_no_key() -> None:
    """What is declared to change the key answers success and does nothing."""
    Rotation(changes=False).plant()


@variant(
    not_applicable={ROTATES: "declares no way to change the signing key"},
    never_fail_on={"tv-key-rotation-breaks": "deployments with one static key"},
    settings=EDDSA,
)
def one_key_signs_for_ever() -> None:
    """There is one key, and no way to change it."""
