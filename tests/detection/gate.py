"""The way through the gate of `variants.browser_signin`, as a user's own class has it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from auth_conformance import Custom

KEY = ("X-Gate", "open")


class Gate(Custom):
    """Opens the gate for the operations of the profile, and for nothing else."""

    def prepare(self, operation: Any, request: Any) -> Any:
        return replace(request, headers=(*request.headers, KEY))
