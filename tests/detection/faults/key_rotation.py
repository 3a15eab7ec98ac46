"""Keys that change, and an API that does not go along."""

from __future__ import annotations

from functools import partial

from tests.detection.registry import EDDSA, fault
from tests.detection.rotation import PROFILE, Rotation

ROTATES = "token-keys-can-rotate"
breaks = partial(
    fault, defect="tv-key-rotation-breaks", caught_by=ROTATES, level="should", settings=EDDSA, profile=PROFILE
)


@breaks(says="token issued after the signing key changed .* opens Ann's tasks; but")
def the_api_keeps_the_keys_that_it_started_with() -> None:
    """The published keys are read once, when the API starts."""
    Rotation(known=lambda signers, _: signers[:1]).plant()


@breaks(says="token from before the signing key changed .* opens her tasks until its end; but")
def a_key_is_dropped_as_soon_as_there_is_another() -> None:
    """Only the newest key is known, and whoever holds a token of the one before is locked out."""
    Rotation(known=lambda signers, _: signers[-1:]).plant()


@breaks(says="token issued after the signing key changed .* opens Ann's tasks; but")
def the_published_keys_are_kept_longer_than_they_say() -> None:
    """The keys may be cached for a second, and the API keeps them for an hour."""
    Rotation(known=lambda signers, since: signers if since > 3600 else signers[:1], max_age=1).plant()
