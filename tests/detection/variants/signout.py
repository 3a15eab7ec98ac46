"""Sign-out that is right and unusual."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from tests.detection.seams import change_headers
from tests.detection.variant_registry import variant


@variant(
    stays_green=("signout-clears-the-cookie", "signout-ends-captured-session"),
    never_fail_on={"so-cookie-not-cleared": ""},
)
def a_guest_session_follows_sign_out() -> None:
    """Sign-out sets a fresh guest's cookie under the session's name, as Laravel, Rails and PHP do."""

    def change(scope: Scope, headers: MutableHeaders) -> None:
        if scope["path"].endswith("/sign-out"):
            headers.append(
                "set-cookie", "auth.session_token=guest-0f3a9d7c51e24b86; Path=/; HttpOnly; SameSite=Lax"
            )

    change_headers(change)
