"""Private answers that a shared cache may keep."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from tests.detection.registry import fault
from tests.detection.seams import change_headers, request_header

SHARED = "caching-private-responses-are-not-shared"
API = "caching-api-responses-are-not-shared"
DEFECT = "hc-private-response-publicly-cacheable"


def keep(path: str, control: str | None, expires: str | None = None, *, by_token: bool = False) -> None:
    """Give the answers of one path these headers, for callers with a token or for the others."""

    def change(scope: Scope, headers: MutableHeaders) -> None:
        if scope["path"] != path or by_token is not (request_header(scope, "authorization") is not None):
            return
        del headers["cache-control"]
        if control:
            headers["cache-control"] = control
        if expires:
            headers["expires"] = expires

    change_headers(change)


@fault(defect=DEFECT, caught_by=SHARED, says="keep Ann's .*/get-session; .*public, max-age=60")
def the_session_is_public() -> None:
    """The session endpoint is cached for a minute, for every client."""
    keep("/api/auth/get-session", "public, max-age=60")


@fault(defect=DEFECT, caught_by=SHARED, says="keep Ann's .*/get-session; .*max-age=30, and not private")
def the_session_is_cached_and_not_private() -> None:
    """The session endpoint is cached for half a minute, and nothing says for whom."""
    keep("/api/auth/get-session", "max-age=30")


@fault(defect=DEFECT, caught_by=SHARED, says="keep Ann's .*/token; .*s-maxage=300")
def the_token_is_kept_by_the_network() -> None:
    """Shared caches may store the token for five minutes, browsers not at all."""
    keep("/api/auth/token", "max-age=0, s-maxage=300")


@fault(defect=DEFECT, caught_by=SHARED, says="keep Ann's .*/tasks; .*public, max-age=3600")
def the_page_is_public() -> None:
    """The protected page got the headers of the static pages."""
    keep("/tasks", "public, max-age=3600, stale-while-revalidate=60")


@fault(defect=DEFECT, caught_by=SHARED, says="keep Ann's .*/tasks; .*Expires: .*nothing that makes it private")
def the_page_only_expires() -> None:
    """The protected page has a date of expiry and no Cache-Control."""
    keep("/tasks", None, "Fri, 31 Dec 2100 23:59:59 GMT")


@fault(defect=DEFECT, caught_by=SHARED, says="keep Ann's .*/api/tasks; .*public, max-age=10")
def the_front_end_s_tasks_are_public() -> None:
    """The list is cached for ten seconds to spare the database."""
    keep("/api/tasks", "public, max-age=10")


@fault(defect=DEFECT, caught_by=SHARED, says="keep Ann's .*/api/tasks; .*max-age=10, and not private")
def the_front_end_s_tasks_are_cached_and_not_private() -> None:
    """The list may be kept for ten seconds, and nothing says by whom."""
    keep("/api/tasks", "must-revalidate, max-age=10")


@fault(defect=DEFECT, caught_by=API, says="keep Ann's .*/api/tasks; .*public")
def the_api_s_tasks_are_public() -> None:
    """The directive public removes the protection that Authorization gives a response."""
    keep("/api/tasks", "public, max-age=60", by_token=True)


@fault(defect=DEFECT, caught_by=API, says="keep Ann's .*/api/tasks; .*s-maxage=60")
def the_api_s_tasks_are_kept_by_the_network() -> None:
    """The directive s-maxage removes the protection that Authorization gives a response."""
    keep("/api/tasks", "s-maxage=60", by_token=True)


@fault(defect=DEFECT, caught_by=API, says="keep Ann's .*/api/tasks; .*must-revalidate")
def the_api_s_tasks_must_be_revalidated() -> None:
    """The directive must-revalidate removes it too (RFC 9111 section 3.5)."""
    keep("/api/tasks", "max-age=60, must-revalidate", by_token=True)
