"""Cross-site request forgery: whose page made a request that carries a cookie."""

from urllib.parse import urlsplit

from fastapi import Request

from reference_backend.errors import ApiError
from reference_backend.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def check(request: Request, settings: Settings) -> None:
    """Raise a 403 ApiError for a state change from an untrusted origin.

    A request with a cookie must name its origin. One without is refused only where a browser names a
    foreign one, which keeps a stranger's page from signing a visitor in to the stranger's account.
    """
    if request.method in SAFE_METHODS:
        return
    origin = source(request)
    if origin in settings.origins:
        return
    if origin is not None and origin != "null":
        raise ApiError(403, "INVALID_ORIGIN", "Invalid origin")
    cross_site = request.headers.get("sec-fetch-site") == "cross-site"
    if origin == "null" or cross_site or "cookie" in request.headers:
        raise ApiError(403, "MISSING_OR_NULL_ORIGIN", "Missing or null Origin")


def source(request: Request) -> str | None:
    """Return the Origin header, else the origin of Referer, else None.

    Twice given is as good as foreign.
    """
    values = request.headers.getlist("origin")
    if values:
        return values[0] if len(values) == 1 else "null"
    referer = request.headers.get("referer")
    return of(referer) if referer else None


def of(url: str) -> str:
    """Return the origin of an absolute URL, or `null` (RFC 6454)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "null"
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return "null"
    return f"{parts.scheme}://{parts.netloc}"
