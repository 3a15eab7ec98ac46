"""Routes that look up users."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from harness.profile.toml.strings import Path

MOST_LOOKUPS = 20
"""How many routes are asked at most."""
_KNOWN = ("email", "user_id")


def _is_lookup(value: str) -> str:
    unknown = [name for name in re.findall(r"\{([^{}]*)\}", value) if name not in _KNOWN]
    if unknown:
        raise ValueError(
            f'"{{{unknown[0]}}}" is nothing that users are looked up by; write {{email}} or {{user_id}}, as in '
            '"/users?email={email}"'
        )
    return value


Lookup = Annotated[Path, AfterValidator(_is_lookup)]
"""A path with a query, in which `{email}` and `{user_id}` are the sought user's."""
