"""Updates of one's own profile that set what only the server may set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from reference_backend import auth
from reference_backend.errors import ApiError
from reference_backend.models import User
from tests.detection.registry import fault
from tests.detection.routes import wrap_route
from tests.detection.seams import wrap

EXTRA = "se-profile-update-mass-assignment"
NOTHING = "profile-update-prevents-mass-assignment"


def _take(take: Callable[[User, dict[str, Any]], None]) -> None:
    """Let the body have any field; ``take(user, extra)`` gets those that it does not declare."""
    auth.UpdateUser.model_config["extra"] = "allow"
    auth.UpdateUser.model_rebuild(force=True)

    def update_user(original: Any, *, services: Any, visitor: Any, form: Any) -> Any:
        answer = original(services=services, visitor=visitor, form=form)
        with services.database.begin() as db:
            take(db.scalar(select(User).where(User.id == visitor.user.id)), form.model_extra or {})
        return answer

    wrap_route(auth.router, "update_user", update_user)


def _keep_in_document(*names: str) -> None:
    """Keep these fields in the user's document, which the session shows."""
    documents: dict[str, dict[str, Any]] = {}

    def take(user: User, extra: dict[str, Any]) -> None:
        kept = {name: extra[name] for name in names if name in extra}
        documents[user.id] = {**documents.get(user.id, {}), **kept}

    _take(take)
    wrap(auth, "user_json", lambda original, user: original(user) | documents.get(user.id, {}))


@fault(defect=EXTRA, caught_by=NOTHING, says="ignored or refused in a profile update; but role became 'admin'")
def an_update_of_the_profile_takes_a_role() -> None:
    """The whole body is merged into the user's document, role and all."""
    _keep_in_document("role")


@fault(defect=EXTRA, caught_by=NOTHING, says="role became 'admin'")
def an_update_is_checked_for_lists_and_not_for_a_role() -> None:
    """A role alone is stored; beside a list of roles the database refuses the types."""
    _keep_in_document("role")

    def update_user(original: Any, *, services: Any, visitor: Any, form: Any) -> Any:
        if "roles" in (form.model_extra or {}):
            raise ApiError(422, "VALIDATION_ERROR", "roles: not a string")
        return original(services=services, visitor=visitor, form=form)

    wrap_route(auth.router, "update_user", update_user)


@fault(defect=EXTRA, caught_by=NOTHING, says="emailVerified became True")
def an_update_of_the_profile_verifies_the_address() -> None:
    """`emailVerified` in the body is stored."""
    _take(lambda user, extra: setattr(user, "email_verified", extra.get("emailVerified", user.email_verified)))


@fault(defect=EXTRA, caught_by=NOTHING, says="id became 'chosen")
def an_update_of_the_profile_takes_an_id() -> None:
    """The public id is whatever the body says."""
    _keep_in_document("id")


@fault(defect=EXTRA, caught_by=NOTHING, says="created_?[aA]t became '2001")
def an_update_of_the_profile_takes_a_date() -> None:
    """The day of the sign-up is taken from the body, and shown in another form."""

    def take(user: User, extra: dict[str, Any]) -> None:
        if "createdAt" in extra:
            user.created_at = datetime.fromisoformat(extra["createdAt"])

    _take(take)
    wrap(
        auth,
        "user_json",
        lambda original, user: original(user) | {"createdAt": f"{user.created_at.isoformat(sep=' ')}"},
    )


@fault(defect=EXTRA, caught_by=NOTHING, says=r"the address became mallory\.")
def an_update_of_the_profile_takes_an_address() -> None:
    """Another address is stored at once, and nobody has to show that it is theirs."""
    _take(lambda user, extra: setattr(user, "email", extra.get("email", user.email)))
