"""Routes that tell an ordinary caller about other users."""

from __future__ import annotations

import functools
from typing import Any

from reference_backend.errors import ApiError
from reference_backend.identity import UseCaller, UseServices
from tests.detection.lookup_routes import PROFILE, all_users, serve_lookups
from tests.detection.registry import fault

LOOKUPS = "user-enumeration-lookups-name-no-users"
looks_up = functools.partial(fault, defect="en-user-lookup-endpoint", caught_by=LOOKUPS, level="should")


@looks_up(
    says="no route tells an anonymous client Ann's address or id; .*/api/users .* with Ann's address",
    profile=PROFILE,
)
def anybody_may_list_users() -> None:
    """GET /api/users asks for no credential."""
    serve_lookups({"/api/users": all_users_of_anybody})


def all_users_of_anybody(services: UseServices) -> list[dict[str, Any]]:
    """The whole list."""
    return all_users(services)


@looks_up(says="no route tells Bob Ann's address or id; .*/api/users .* with Ann's id", profile=PROFILE)
def a_user_may_list_the_ids_of_others() -> None:
    """GET /api/users gives each user the ids and names of all, a page of twenty at a time."""

    def users(services: UseServices, caller: UseCaller, limit: int = 1) -> list[dict[str, Any]]:
        return [{"id": user["id"], "name": user["name"]} for user in all_users(services)][:limit]

    serve_lookups({"/api/users": users})


@looks_up(says=r"/api/users/\{user_id\} .* with Ann's address", profile=PROFILE)
def a_user_s_address_is_read_by_the_id() -> None:
    """GET /api/users/{id} shows another user's whole record."""

    def read(services: UseServices, caller: UseCaller, user_id: str) -> dict[str, Any]:
        return next((user for user in all_users(services) if user["id"] == user_id), {})

    serve_lookups({"/api/users/{user_id}": read})


@looks_up(says=r"/api/check-email/\{email\} .*answers otherwise for Ann's address", profile=PROFILE)
def a_form_asks_whether_an_address_is_taken() -> None:
    """GET /api/check-email/{email} says whether sign-up would work, and so who has an account."""

    def check(services: UseServices, email: str) -> dict[str, bool]:
        return {"available": all(user["email"] != email.lower() for user in all_users(services))}

    serve_lookups({"/api/check-email/{email}": check})


@looks_up(says="/api/accounts/search.email=.*openapi.json.*one is answered 404")
def a_documented_route_finds_an_address() -> None:
    """An OpenAPI document names GET /api/accounts/search?email=, which answers 404 for no account."""

    def search(services: UseServices, email: str) -> dict[str, bool]:
        if all(user["email"] != email.lower() for user in all_users(services)):
            raise ApiError(404, "NOT_FOUND", "No such account")
        return {"found": True}

    taken = {"parameters": [{"name": "email", "in": "query", "required": True}]}
    serve_lookups({"/api/accounts/search": search}, {"/api/accounts/search": taken})
