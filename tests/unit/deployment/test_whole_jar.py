"""All that a browser sends is asked for where a browser acts, never for a look at what is there."""

from __future__ import annotations

import re
from pathlib import Path

HARNESS = Path(__file__).parents[3] / "harness"
WHOLE = re.compile(r"whole_jar\(|browser_of\(")
LOOK = re.compile(r"(who_is|is_session_of)\(.*(whole_jar|browser_of)\(")
ACTS = {
    "deployment/access.py",  # where it is made
    "deployment/place.py",  # what a script of another site, and a cache, are given
    "deployment/session_copy.py",  # what an attacker holds
    "deployment/sessions.py",  # right after a sign-in, of which all is new
    "doctor/credentials.py",  # names the cookies that a profile may mean
    "flows/client_assets.py",  # visits of a browser
    "flows/cookie_parts.py",  # what an attacker changes in their own browser
    "flows/cookies.py",  # finds which of them sign in
    "flows/destinations.py",  # visits of a browser
    "flows/observation_tour.py",  # visits of a browser
    "flows/own_pages.py",  # visits of a browser
    "flows/page_data.py",  # visits of a browser
    "flows/renewed_pages.py",  # visits of a browser
    "flows/session.py",  # what was there before a sign-in
    "flows/session_addresses.py",  # visits of a browser
    "scenario/world.py",
}


def _of_source(pattern: re.Pattern[str]) -> set[str]:
    files = HARNESS.rglob("*.py")
    return {file.relative_to(HARNESS).as_posix() for file in files if pattern.search(file.read_text("utf-8"))}


def test_the_whole_jar_is_asked_for_where_a_browser_acts() -> None:
    assert _of_source(WHOLE) == ACTS


def test_nobody_is_looked_for_with_it() -> None:
    assert _of_source(LOOK) <= {"deployment/sessions.py"}
