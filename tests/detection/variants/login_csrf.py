"""Sign-in that checks no origin, and is no other site's to send."""

from __future__ import annotations

from tests.detection.faults.cross_site import skip_origin_check
from tests.detection.faults.login_csrf import LOGIN, OWN, SIGN_IN
from tests.detection.variant_registry import variant


@variant(
    stays_green=(LOGIN, OWN),
    never_fail_on={"cs-login-csrf": "JSON-only endpoints (415/400/422) pass"},
)
def sign_in_takes_json_only() -> None:
    """Sign-in checks no origin, and takes JSON only, which no form can send."""
    skip_origin_check(lambda request: request.url.path == SIGN_IN)
