"""Updates of one's own profile that are right and unusual."""

from __future__ import annotations

from typing import Any

from reference_backend import auth
from tests.detection.routes import wrap_route
from tests.detection.seams import wrap
from tests.detection.variant_registry import variant

NOTHING = "profile-update-prevents-mass-assignment"
EXTRA = "se-profile-update-mass-assignment"


@variant(
    stays_green=(NOTHING, "account-name-can-be-changed"),
    never_fail_on={EXTRA: "400/422"},
)
def unknown_fields_of_a_profile_are_refused() -> None:
    """An update with a field that the profile does not have is answered 400."""
    auth.UpdateUser.model_config["extra"] = "forbid"
    auth.UpdateUser.model_rebuild(force=True)


@variant(
    stays_green=(NOTHING, "account-name-can-be-changed"),
    never_fail_on={EXTRA: "an address change announced as pending"},
)
def another_address_waits_for_its_confirmation() -> None:
    """An update with another address sends a message there; the session shows it as pending."""
    pending: dict[str, str] = {}
    auth.UpdateUser.model_config["extra"] = "allow"
    auth.UpdateUser.model_rebuild(force=True)

    def update_user(original: Any, *, services: Any, visitor: Any, form: Any) -> Any:
        if (address := (form.model_extra or {}).get("email")) is not None:
            pending[visitor.user.id] = address
        return original(services=services, visitor=visitor, form=form)

    wrap_route(auth.router, "update_user", update_user)
    wrap(auth, "user_json", lambda original, user: original(user) | {"pendingEmail": pending.get(user.id)})


@variant(
    stays_green=(NOTHING, "account-name-can-be-changed"),
    never_fail_on={EXTRA: "fields shown unchanged"},
)
def the_session_shows_the_role_that_every_account_has() -> None:
    """The session shows a role and whether the address is verified, as they were before the update."""
    wrap(auth, "user_json", lambda original, user: original(user) | {"role": "admin", "emailVerified": True})
