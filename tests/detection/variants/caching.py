"""Caching that is right and unusual."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from tests.detection.faults.observed_headers import PRIVATE, TOKENS
from tests.detection.registry import EDDSA
from tests.detection.seams import change_headers
from tests.detection.variant_registry import variant

NOT_SHARED = ("caching-private-responses-are-not-shared", "caching-api-responses-are-not-shared")


@variant(
    stays_green=NOT_SHARED,
    warns={TOKENS: "has no Cache-Control", PRIVATE: "has no Cache-Control"},
    never_fail_on={
        "hc-private-response-publicly-cacheable": "Missing Cache-Control is only hc-no-store-missing.",
    },
)
def nothing_says_how_it_is_cached() -> None:
    """No answer has Cache-Control."""

    def change(_scope: Scope, headers: MutableHeaders) -> None:
        del headers["cache-control"]

    change_headers(change)


@variant(
    stays_green=NOT_SHARED,
    warns={TOKENS: "has Cache-Control: private, max-age=60"},
    never_fail_on={
        "hc-private-response-publicly-cacheable": "Static shells without user data may be s-maxage",
    },
    settings=EDDSA,
)
def what_is_nobodys_is_kept_by_shared_caches() -> None:
    """The key set and static files are public; what is somebody's is private, for a minute."""

    def change(scope: Scope, headers: MutableHeaders) -> None:
        is_public = scope["path"].startswith(("/api/auth/jwks", "/static"))
        headers["cache-control"] = "public, s-maxage=300" if is_public else "private, max-age=60"
        headers["vary"] = "Cookie, Authorization"

    change_headers(change)
