"""Headers that every answer carries.

Nothing here is stored by a cache unless a route says so.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference_backend.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def security(settings: Settings) -> dict[str, str]:
    """Return the headers for any answer of a backend with these settings."""
    values = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        # Not no-referrer: browsers would then send `Origin: null` with our own forms.
        "Referrer-Policy": "same-origin",
    }
    if settings.https:
        values["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return values


class SecurityHeaders:
    """ASGI middleware that adds `security` to each response.

    What the route itself has set stays.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = MutableHeaders(scope=message)
                for name, value in security(self.settings).items():
                    present.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)
