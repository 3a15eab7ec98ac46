"""Refresh that is right and unusual."""

from __future__ import annotations

from typing import Any

from reference_backend import tokens
from reference_backend.models import User
from reference_backend.settings import Settings
from tests.detection.refresh_cookie import PROFILE, refresh_by_cookie
from tests.detection.refresh_interval import INTERVAL, reusable, same_successor, sibling
from tests.detection.seams import wrap
from tests.detection.variant_registry import variant

ONCE = "refresh-token-works-once"
ENDS_FAMILY = "refresh-reuse-ends-the-family"
WORKS = "refresh-gives-a-working-token"
AFTER_SIGN_OUT = "refresh-token-refused-after-signout"
NO_ACCESS = "refresh-token-is-no-access-token"
ALL = (ONCE, ENDS_FAMILY, WORKS, AFTER_SIGN_OUT, NO_ACCESS)


@variant(
    stays_green=ALL,
    never_fail_on={
        "rf-rotated-token-reusable": "Reuse interval (Supabase 10 s default, Auth0 leeway): wait it out.",
        "rf-reuse-does-not-revoke-family": "Grace interval and 'immediate parent' exceptions",
    },
    profile=INTERVAL,
)
def a_used_refresh_token_gives_a_sibling_for_a_while() -> None:
    """Within the declared interval a used token gives a sibling; after it its use ends the family."""
    reusable(sibling)


@variant(stays_green=ALL, profile=INTERVAL)
def a_used_refresh_token_gives_the_same_successor_for_a_while() -> None:
    """Within the declared interval a used token gives the successor again; after it its use ends the family."""
    reusable(same_successor())


@variant(stays_green=ALL, profile=INTERVAL)
def a_declared_interval_is_not_made_use_of() -> None:
    """The profile declares an interval, and a used token is refused at once."""


@variant(
    stays_green=ALL,
    never_fail_on={
        "rf-refreshed-token-unusable-or-wrong": "Identical token within the same second when nothing is due."
    },
)
def a_refresh_gives_the_token_of_the_same_second_again() -> None:
    """A token has no id of its own, so that one refreshed in the second of its issue is the same."""
    issued: dict[tuple[str, str], str] = {}

    def issue(original: Any, signer: Any, settings: Settings, user: User, session_id: str) -> str:
        return issued.setdefault((user.id, session_id), original(signer, settings, user, session_id))

    wrap(tokens, "issue", issue)


@variant(stays_green=ALL, profile=PROFILE)
def the_refresh_token_is_in_a_cookie_of_its_own_path() -> None:
    """The refresh token travels in a cookie for the refresh route alone; a refusal sets it to "deleted"."""
    refresh_by_cookie()
