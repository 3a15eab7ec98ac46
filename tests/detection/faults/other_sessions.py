"""Sessions beside the one that a sign-in or a sign-out is about."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from sqlalchemy.orm import Session as Database

from reference_backend import identity, sessions
from tests.detection.registry import fault
from tests.detection.seams import replace, wrap

OTHERS, BEFORE = "so-ends-other-devices", "se-previous-session-survives-reauth"
AS_DECLARED, ENDED = "signout-ends-other-devices-as-declared", "session-before-signin-is-ended"
EVERY_DEVICE = '[operations.sign_out]\nends = "every device"\n'


def end_every_device() -> None:
    """Let sign-out end all sessions of the user."""

    def revoke(db: Database, user_id: str, _session_id: str) -> None:
        sessions.revoke_all(db, user_id)

    replace(sessions, "revoke", revoke)


@fault(
    defect=OTHERS,
    caught_by=AS_DECLARED,
    says="ends the session of this device alone .*; but a copy of .* signs in no more",
    level="may",
)
def sign_out_ends_every_session() -> None:
    """Sign-out ends all sessions of the user, which the profile does not declare."""
    end_every_device()


@fault(
    defect=OTHERS,
    caught_by=AS_DECLARED,
    says="ends the sessions of all devices .*; but a copy of the session of Ann's first device still signs in",
    level="may",
    profile=EVERY_DEVICE,
)
def sign_out_everywhere_is_a_promise() -> None:
    """The profile declares that sign-out ends every session, and it ends this one."""


@fault(
    defect=BEFORE,
    caught_by=ENDED,
    says="signing in once more on Ann's laptop ends the session that it had; but a copy of that one",
    level="should",
)
def a_sign_in_leaves_the_session_before_it() -> None:
    """A new session begins, and the one that came with the sign-in lives on."""
    keep_the_session_before()


def keep_the_session_before() -> None:
    """Let a sign-in end nothing."""

    def start(original: Any, *arguments: Any, **named: Any) -> Any:
        with patch.object(sessions, "revoke", lambda *_: None):
            return original(*arguments, **named)

    wrap(identity, "start", start)
