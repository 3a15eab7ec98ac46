"""Which predicates tell a right password's answer from a wrong one's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from harness.core.text import as_pattern
from harness.deployment.quotation import json_of
from harness.wire.addresses import resolved
from harness.wire.cookies import bare_name, parse_set_cookie

if TYPE_CHECKING:
    from harness.core.exchange import Exchange

Outcomes = dict[str, Any]
"""Outcomes as a profile writes them, by their names."""


def location_pattern(answer: Exchange) -> str:
    """The pattern of a redirect's path, with a host or without."""
    path = urlsplit(resolved(answer.header("location") or "", answer.url) or "").path or "/"
    # An origin alone leads to the front page, with the slash or without it.
    return f"^(https?://[^/?#]+)?{as_pattern(path) if path != '/' else '/?'}([?#]|$)"


def told_apart(right: Exchange, wrong: Exchange | None) -> Outcomes | None:
    """Outcomes that distinguish the right password's answer from a wrong one's.

    Empty where the usual ones do; None where nothing tells them apart. A server that breaks has not refused: that
    is distinguished, and no outcome.
    """
    if wrong is None:
        return None
    has_broken = httpx.codes.is_server_error(wrong.status)
    if httpx.codes.is_success(right.status) and (has_broken or httpx.codes.is_client_error(wrong.status)):
        return {}
    if has_broken:
        return {"success": {"status": right.status}}
    success = {"status": right.status}
    refusal = {"status": wrong.status}
    if right.status == wrong.status and not _differ(right, wrong, success, refusal):
        return None
    return {"success": success, "bad_credentials": refusal}


def _differ(right: Exchange, wrong: Exchange, success: Outcomes, refusal: Outcomes) -> bool:
    """Add to two predicates of one status what tells the answers apart."""
    if httpx.codes.is_redirect(right.status) and (one := location_pattern(right)) != location_pattern(wrong):
        success["location"], refusal["location"] = one, location_pattern(wrong)
        return True
    set_now, others = _set_by(right), _set_by(wrong)
    if new := [name for name in set_now if name not in others]:
        success["sets_cookie"] = new[0]
        return True
    mine, theirs = json_of(right), json_of(wrong)
    if not isinstance(mine, dict) or not isinstance(theirs, dict):
        return False
    if only := [key for key, value in mine.items() if value and theirs.get(key) is None]:
        success |= {"pointer": f"/{only[0]}", "present": True}
        refusal |= {"pointer": f"/{only[0]}", "present": False}
        return True
    return False


def _set_by(answer: Exchange) -> list[str]:
    """The bare names of the cookies that an answer sets."""
    cookies = (parse_set_cookie(raw) for raw in answer.set_cookies)
    return [bare_name(cookie.name) for cookie in cookies if cookie is not None and cookie.value]
