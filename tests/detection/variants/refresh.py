"""Refresh that is right and unusual."""

import threading
import time
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import delete
from sqlalchemy.orm import Session as Database

from reference_backend import auth, cookies, identity, refresh, sessions, tokens
from reference_backend.bodies import json
from reference_backend.errors import ApiError
from reference_backend.models import RefreshToken, User, digest
from reference_backend.settings import Settings
from tests.detection.refresh_cookie import PROFILE, refresh_by_cookie
from tests.detection.refresh_interval import INTERVAL, reusable, same_successor, sibling
from tests.detection.routes import serve, wrap_route
from tests.detection.seams import wrap
from tests.detection.variant_registry import variant

ONCE = "refresh-token-works-once"
ENDS_FAMILY = "refresh-reuse-ends-the-family"
WORKS = "refresh-gives-a-working-token"
AFTER_SIGN_OUT = "refresh-token-refused-after-signout"
NO_ACCESS = "refresh-token-is-no-access-token"
AT_ONCE = "refresh-token-works-once-under-concurrency"
EARLIER = "refresh-token-of-earlier-generation-refused"
NO_REFRESH = "refresh-access-token-is-no-refresh-token"
IDENTITY = "refresh-identity-from-token-only"
ALL = (ONCE, ENDS_FAMILY, WORKS, AFTER_SIGN_OUT, NO_ACCESS, AT_ONCE, EARLIER, NO_REFRESH, IDENTITY)
_BUSY_SECONDS = 0.3


@variant(
    stays_green=ALL,
    never_fail_on={
        "rf-rotated-token-reusable": "Reuse interval (Supabase 10 s default, Auth0 leeway): wait it out.",
        "rf-reuse-does-not-revoke-family": "Grace interval and 'immediate parent' exceptions",
        "rf-single-use-race": "siblings or the same successor within a declared, bounded interval",
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


@variant(
    stays_green=ALL,
    never_fail_on={"rf-single-use-race": "All but one refused with 4xx/409/429"},
)
def a_use_during_another_is_a_conflict() -> None:
    """While a refresh token is being exchanged, other uses of it are answered 409 and change nothing."""
    _during_another(409)


@variant(
    not_tested={AT_ONCE: "no two were decided"},
    stays_green=(ONCE, ENDS_FAMILY, WORKS),
)
def a_use_during_another_is_throttled() -> None:
    """While a refresh token is being exchanged, other uses of it are answered 429 and change nothing."""
    _during_another(429)


def _during_another(status: int) -> None:
    busy: set[str] = set()
    lock = threading.Lock()

    def exchange(original: Any, services: identity.Services, form: auth.Refresh) -> dict[str, Any]:
        with lock:
            is_first = form.refreshToken not in busy
            busy.add(form.refreshToken)
        if not is_first:
            raise ApiError(status, "BUSY", "This refresh token is being exchanged")
        try:
            # Long enough that uses at the same moment meet it on any machine.
            time.sleep(_BUSY_SECONDS)
            return original(services, form)  # type: ignore[no-any-return]
        finally:
            busy.discard(form.refreshToken)

    wrap_route(auth.router, "refresh_tokens", exchange)


@variant(
    stays_green=ALL,
    never_fail_on={"rf-older-generation-accepted": "The newest token dead afterwards (family ended) or alive"},
)
def refresh_tokens_of_long_ago_are_deleted() -> None:
    """Of a session's used refresh tokens the last one is kept; those before it are unknown, and end nothing."""

    def rotate(original: Any, db: Database, settings: Settings, token: str) -> Any:
        rotated = original(db, settings, token)
        used = db.get(RefreshToken, digest(token))
        if used is not None:
            of_the_session = RefreshToken.session_id == used.session_id
            before = RefreshToken.expires_at < used.expires_at
            db.execute(delete(RefreshToken).where(of_the_session, before))
        return rotated

    wrap(refresh, "rotate", rotate)


@variant(
    stays_green=ALL,
    never_fail_on={"rf-access-token-accepted-as-refresh": "send no cookie"},
)
def a_session_in_a_cookie_refreshes_too() -> None:
    """The refresh route takes the session of a page's cookie where the refresh token is none."""

    def exchange(
        request: Request,
        services: identity.UseServices,
        form: Annotated[auth.Refresh, Depends(json(auth.Refresh))],
    ) -> dict[str, Any]:
        with services.database.begin() as db:
            rotated = refresh.rotate(db, services.settings, form.refreshToken)
            session = sessions.lookup(db, request.cookies.get(cookies.name(services.settings), ""))
            if rotated is not None:
                kept, user, following = rotated
            elif session is not None:
                (kept, user), following = session, form.refreshToken
            else:
                kept = None
            if kept is not None:
                issued = tokens.issue(services.signer, services.settings, user, kept.id)
                return {"token": issued, "refreshToken": following}
        raise ApiError(401, "INVALID_REFRESH_TOKEN", "Invalid refresh token")

    serve(auth.router, "refresh_tokens", exchange)


@variant(
    stays_green=ALL,
    never_fail_on={"rf-identity-from-body": "Ignoring extra fields or 4xx."},
)
def a_refresh_takes_no_field_that_it_does_not_know() -> None:
    """A refresh with a field besides the refresh token is refused with 400."""
    auth.Refresh.model_config["extra"] = "forbid"
    auth.Refresh.model_rebuild(force=True)
