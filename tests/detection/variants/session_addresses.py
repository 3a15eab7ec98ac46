"""Addresses with secrets that are right."""

from __future__ import annotations

from reference_backend.models import new_token
from tests.detection.faults.session_addresses import NOWHERE, REFUSED, linked
from tests.detection.variant_registry import variant


@variant(
    stays_green=(NOWHERE, REFUSED),
    never_fail_on={"se-session-id-in-url": "E-mail links with one-time codes"},
)
def a_page_links_to_a_one_time_code() -> None:
    """Each page has a link with a code of its own, as those in messages to people."""
    linked(lambda _: new_token())
