"""Where a CSRF token is fetched, signed in or not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.discovery.shapes import conventions
from harness.discovery.trial.json_places import content_of, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.discovery.trial.account import SignedIn
    from harness.discovery.trial.clues import Clues
    from harness.discovery.trial.visitor import Table, Trial, Visitor


def settle(trial: Trial, account: SignedIn, clues: Clues) -> str | None:
    """Find another place where the drafted one has none.

    Many sign-in pages send whoever is signed in away. Returns a sentence where no place has one.
    """
    drafted = trial.csrf
    if drafted is None or drafted["kind"] != "fetched" or account.device.csrf_value() is not None:
        return None
    for candidate in _candidates(drafted, account, clues):
        trial.csrf = candidate
        if account.device.csrf_value() is not None and account.device.stranger().csrf_value() is not None:
            return None
    trial.csrf = drafted
    return f"GET {drafted['fetch']} gives a signed-in person no CSRF token, and no other page tried has one"


def _candidates(drafted: Table, account: SignedIn, clues: Clues) -> Iterator[Table]:
    way: Table = {key: drafted[key] for key in ("kind", "field", "header") if key in drafted}
    place = _in_json(account.device, drafted["fetch"])
    if place is not None:
        yield {**way, "fetch": drafted["fetch"], "pointer": place}
    sign_up = clues.pages.sign_up
    for path in dict.fromkeys(["/", *([sign_up.path] if sign_up is not None else ()), *clues.seen[:3]]):
        yield {**drafted, "fetch": path}


def _in_json(visitor: Visitor, path: str) -> str | None:
    """The pointer to a CSRF token in the path's JSON."""
    word = conventions().words.csrf_field
    content = content_of(visitor.get("web", path))
    named = (pointer for pointer, _ in texts(content) if re.search(word, pointer.rpartition("/")[2], re.I))
    return next(named, None)
