"""Of several operations that take a password the likeliest is tried first."""

from __future__ import annotations

import pytest

from harness.discovery.asker import Addresses
from harness.discovery.openapi import read
from harness.discovery.pages import Pages
from harness.discovery.trial.clues import Clues

ADDRESSES = Addresses("http://127.0.0.1:1", "http://127.0.0.1:1")


def taking(*fields: str, summary: str = "", secured: bool = False) -> dict[str, object]:
    schema = {"properties": {name: {"type": "string"} for name in fields}, "required": list(fields)}
    body = {"content": {"application/json": {"schema": schema}}}
    return {"post": {"summary": summary, "requestBody": body, "security": [{"bearer": []}] if secured else []}}


DOCUMENT = {
    "openapi": "3.1.0",
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/users/": taking("email", "password", "full_name", "role", secured=True),
        "/private/users/": taking("email", "password", "full_name", "is_verified"),
        "/users/signup": taking("email", "password", "full_name"),
        "/people": taking("email", "password", summary="Create an account"),
        "/login/access-token": taking("username", "password"),
        "/reset": taking("password"),
    },
}


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("sign_up", ["/users/signup", "/people", "/private/users/", "/login/access-token", "/reset", "/users/"]),
        ("sign_in", ["/login/access-token", "/reset", "/people", "/users/signup", "/private/users/", "/users/"]),
    ],
)
def test_what_is_called_so_comes_first_and_what_is_not_for_strangers_last(name: str, order: list[str]) -> None:
    described = read(DOCUMENT, ADDRESSES, "web", "http://127.0.0.1:1/openapi.json")
    clues = Clues({}, described, Pages(None, None, {}), ADDRESSES, "web", is_known=False)
    assert [one["path"] for one in clues.operations(name)][: len(order)] == order
