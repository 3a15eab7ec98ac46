"""Routes that look up users for those alone who may."""

from __future__ import annotations

from typing import Any

from reference_backend.errors import ApiError
from reference_backend.identity import UseCaller, UseServices
from tests.detection.faults.user_lookups import LOOKUPS
from tests.detection.lookup_routes import PROFILE, all_users, serve_lookups
from tests.detection.variant_registry import variant

FORBIDDEN = ApiError(403, "FORBIDDEN", "Administrators only")


@variant(
    stays_green=LOOKUPS,
    never_fail_on={"en-user-lookup-endpoint": "Admin APIs with 401/403."},
    profile=PROFILE,
)
def administrators_look_up_users() -> None:
    """Users are looked up by administrators: anybody else is answered 401 or 403."""

    def refuse(caller: UseCaller) -> None:
        raise FORBIDDEN

    def refuse_by(caller: UseCaller, user_id: str = "", email: str = "") -> None:
        raise FORBIDDEN

    serve_lookups({"/api/users": refuse, "/api/users/{user_id}": refuse_by, "/api/check-email/{email}": refuse_by})


@variant(stays_green=LOOKUPS)
def documented_routes_tell_a_user_of_themselves() -> None:
    """An OpenAPI document names routes that give each user their own record, a count and public names."""

    def me(services: UseServices, caller: UseCaller) -> list[dict[str, Any]]:
        return [user for user in all_users(services) if user["id"] == caller.id]

    def public(services: UseServices, user_id: str) -> dict[str, str]:
        found = [user for user in all_users(services) if user["id"] == user_id]
        return {"id": user_id, "name": found[0]["name"]} if found else {"id": user_id, "name": "unknown"}

    def count(services: UseServices) -> dict[str, int]:
        return {"users": len(all_users(services))}

    of_path = {"parameters": [{"name": "user_id", "in": "path", "required": True}]}
    serve_lookups(
        {"/api/users": me, "/api/users/{user_id}/card": public, "/api/count": count},
        {"/api/users": {}, "/api/users/{user_id}/card": of_path, "/api/count": {}, "/api/log-out": {}},
    )


@variant(stays_green=LOOKUPS, profile=PROFILE)
def a_check_of_an_address_says_the_same_of_each() -> None:
    """Whatever address is asked about, the response is that a message was sent if it can be."""

    def check(email: str) -> dict[str, str]:
        return {"email": email, "status": "We write to that address if it has no account yet."}

    def nothing() -> list[str]:
        return []

    serve_lookups({"/api/check-email/{email}": check, "/api/users": nothing, "/api/users/{user_id}": nothing})
