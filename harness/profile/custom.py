"""What a profile can't say in TOML, said by a Python class of the user's own."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from harness.core.findings import NotTested

if TYPE_CHECKING:
    from harness.core.exchange import Headers
    from harness.profile.operation import Operation
    from harness.wire.client import Client

GROUP = "auth_conformance.custom"


class CustomError(Exception):
    """The class can't be had; the message says why and what to write."""


@dataclass(frozen=True)
class Request:
    """A request that is about to be sent, with every template filled in."""

    method: str
    url: str
    headers: Headers
    body: bytes | None


class Custom:
    """Derive from this class and name yours as ``custom = "module:Class"`` in the profile."""

    def prepare(self, operation: Operation, request: Request) -> Request:  # noqa: ARG002 - for those who derive
        """Change an operation's request before it is sent, to sign it for instance. Returns it as it is."""
        return request

    def verify(self, email: str, client: Client) -> None:  # noqa: ARG002 - for those who derive
        """Verify the address of a new account. Raises NotTested: the suite reads no mail."""
        raise NotTested(
            f"the account of {email} waits for its address to be verified.",
            "Switch verification off for the suite, or give the profile a class whose verify() does it (custom).",
        )


@cache
def load_custom(spec: str | None) -> Custom:
    """The class that ``module:Class`` or an entry point names, made. Raises CustomError when it can't be had."""
    if spec is None:
        return Custom()
    try:
        found = _by_path(spec) if ":" in spec else _by_entry_point(spec)
    except (ImportError, AttributeError) as error:
        raise CustomError(f'custom = "{spec}" can\'t be loaded: {error}. Write it as "module:Class".') from error
    if not (isinstance(found, type) and issubclass(found, Custom)):
        raise CustomError(f'custom = "{spec}" is no class derived from harness.profile.custom.Custom.')
    return found()


def _by_path(spec: str) -> object:
    module, _, name = spec.partition(":")
    return getattr(importlib.import_module(module), name)


def _by_entry_point(name: str) -> object:
    found = next(iter(entry_points(group=GROUP, name=name)), None)
    if found is None:
        raise ImportError(f'there is no entry point "{name}" in the group {GROUP}')
    return found.load()
