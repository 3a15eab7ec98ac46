"""A session endpoint that tells no address."""

from __future__ import annotations

from typing import Any

from reference_backend import auth
from tests.detection.routes import wrap_route

ID_AND_NAME = """
[operations.session]
identity = { id = "/user/id", name = "/user/name" }
outcomes.success = { status = 200, pointer = "/user/id", present = true }
"""
ID_ALONE = """
[operations.session]
identity = { id = "/user/id" }
outcomes.success = { status = 200, pointer = "/user/id", present = true }
"""


def tell_only(*fields: str) -> None:
    """Let the session endpoint tell these fields of the user alone."""

    def get_session(original: Any, visitor: Any) -> Any:
        told = original(visitor=visitor)
        return told and {**told, "user": {name: told["user"][name] for name in fields}}

    wrap_route(auth.router, "get_session", get_session)
