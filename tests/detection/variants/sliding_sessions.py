"""Sessions and tokens that end, or are renewed, in a way that is right and unusual."""

from __future__ import annotations

from fastapi import Request, Response
from sqlalchemy import update

from reference_backend import cookies, identity, sessions
from reference_backend.identity import UseServices, Visitor
from reference_backend.models import Session, digest, new_token
from tests.detection.faults.expiry import _decode_with
from tests.detection.faults.sliding_sessions import (
    LIVES_ON,
    NO_END,
    NO_IDLE,
    NO_REFRESH,
    REFUSED_LATER,
    without_a_last_end,
)
from tests.detection.routes import override
from tests.detection.seams import replace
from tests.detection.variant_registry import variant

NONE_DECLARED = (
    "credentials.session.idle_timeout = false\ncredentials.session.absolute_lifetime = false\n"
    "credentials.session.update_age = false\n"
)
SHORT = {
    "REFERENCE_SESSION_EXPIRES_IN": "6",
    "REFERENCE_SESSION_MAX_AGE": "12",
    "REFERENCE_SESSION_UPDATE_AGE": "1",
    "REFERENCE_REFRESH_EXPIRES_IN": "7",
}
SHORT_DECLARED = (
    "age_session = false\ncredentials.session.idle_timeout = 6\ncredentials.session.absolute_lifetime = 12\n"
    "credentials.session.update_age = 1\ncredentials.refresh.lifetime = 7\n"
)


@variant(
    never_fail_on={
        "ex-idle-timeout-missing": "No idle timeout declared: skip",
        "ex-absolute-lifetime-missing": "no absolute cap by default: gate on the profile",
    },
    not_applicable={
        NO_IDLE: "no time without use",
        NO_END: "no time after which",
        LIVES_ON: "no age at which a use",
    },
    profile=NONE_DECLARED,
)
def sessions_live_as_long_as_they_are_used() -> None:
    """Each use adds a week, and the profile declares no limit."""
    without_a_last_end()


@variant(
    never_fail_on={"rf-session-refresh-drops-session": "disableSessionRefresh"},
    stays_green=NO_IDLE,
    not_applicable={LIVES_ON: "no age at which a use"},
    profile="credentials.session.update_age = false\n",
)
def a_use_moves_no_end() -> None:
    """A session ends a week after sign-in, whether it is used or not."""
    replace(sessions, "slide", lambda *_: False)


@variant(
    stays_green=(NO_IDLE, NO_END, LIVES_ON, NO_REFRESH),
    never_fail_on={"rf-expired-refresh-accepted": "Declared grace"},
    settings=SHORT,
    profile=SHORT_DECLARED,
)
def ends_are_seconds_away_and_waited_for() -> None:
    """A session lives six seconds without use and twelve in all, a refresh token five and two of grace."""


@variant(stays_green=(LIVES_ON, NO_END, NO_IDLE))
def a_renewal_changes_the_value_of_a_session() -> None:
    """A renewed session has a new value, which the browser is sent; the old one ends."""

    def visitor(request: Request, response: Response, services: UseServices) -> Visitor | None:
        found = identity.visitor(request, response, services)
        if found is not None and response.headers.get("set-cookie"):
            fresh = new_token()
            with services.database.begin() as db:
                changed = update(Session).where(Session.id == found.session.id).values(token_hash=digest(fresh))
                db.execute(changed)
            del response.headers["set-cookie"]
            cookies.write(response, services.settings, fresh, sessions.seconds_left(found.session))
        return found

    override(identity.visitor, visitor)


@variant(
    stays_green=REFUSED_LATER,
    profile="[jwt]\nleeway = 3\n",
)
def verifiers_allow_three_seconds() -> None:
    """A token is taken for three seconds after its end, as declared."""
    _decode_with(leeway=3)


@variant(
    never_fail_on={"ex-cached-token-outlives-exp": "Needs leeway known and small (<=5 s), else skip"},
    not_tested={REFUSED_LATER: "later than the 15 s that --max-wait allows"},
    profile="[jwt]\nleeway = 60\n",
)
def verifiers_allow_a_minute() -> None:
    """A token is taken for a minute after its end, as declared."""
    _decode_with(leeway=60)
