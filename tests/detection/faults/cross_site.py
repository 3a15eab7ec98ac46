"""Pages of other sites that can act for a user, or read their data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import accounts, auth, bodies, origins, sessions
from reference_backend.errors import ApiError
from reference_backend.identity import UseServices, UseSignedIn
from reference_backend.models import User
from reference_backend.pages import UseForm
from reference_backend.settings import Settings
from tests.detection.refresh_cookie import PATH as REFRESH
from tests.detection.refresh_cookie import PROFILE as REFRESH_COOKIE
from tests.detection.refresh_cookie import refresh_by_cookie
from tests.detection.registry import fault
from tests.detection.routes import on_path, serve, session_cookie
from tests.detection.seams import middleware, replace, wrap
from tests.detection.session_cache import PROFILE, SessionCache, everywhere
from tests.detection.session_tasks import BY_SESSION

UPDATE, SIGN_OUT, TASKS = "/api/auth/update-user", "/api/auth/sign-out", "/api/tasks"
CHANGES_NOTHING = "csrf-simple-request-changes-nothing"
READS_NOTHING = "cors-foreign-origin-cannot-read"

# --- whose page it was ---


def skip_origin_check(when: Callable[[Request], bool]) -> None:
    """Check the origin of a request only where ``when`` doesn't say otherwise."""

    def check(original: Callable[..., None], request: Request, settings: object) -> None:
        if not when(request):
            original(request, settings)

    wrap(origins, "check", check)


def take_any_body(path: str) -> None:
    """Parse the body as JSON whatever type it has, on one path."""

    def require(original: Callable[..., None], request: Request, expected: str) -> None:
        if request.url.path != path:
            original(request, expected)

    wrap(bodies, "_require_type", require)


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by=CHANGES_NOTHING,
    says="sign her out with a body of type .* is refused; .*she was signed out",
)
def signing_out_checks_no_origin() -> None:
    """POST /sign-out needs no body, so any page can send it, and its origin is not checked."""
    skip_origin_check(lambda request: request.url.path == SIGN_OUT)


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by=CHANGES_NOTHING,
    says="sign her out with a body of type .* is refused; .*took the session's cookie from her browser",
    settings={"REFERENCE_SESSION_EXPIRES_IN": "900"},
    profile='[credentials.session]\nafter_sign_out = "until it ends"\n',
)
def signing_out_of_a_stateless_session_checks_no_origin() -> None:
    """POST /sign-out revokes nothing, takes the cookie from the browser, and any page can send it."""
    skip_origin_check(lambda request: request.url.path == SIGN_OUT)
    replace(sessions, "revoke", lambda *_: None)


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by=CHANGES_NOTHING,
    says="change her name with a body of type text/plain is refused; .*her name was changed",
)
def a_profile_change_checks_neither_origin_nor_type() -> None:
    """POST /update-user parses text/plain as JSON, which a form can send without a preflight."""
    skip_origin_check(lambda request: request.url.path == UPDATE)
    take_any_body(UPDATE)


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by=CHANGES_NOTHING,
    says="(her name was changed|she was signed out)",
    profile=PROFILE,
)
def a_cache_hides_what_another_site_did() -> None:
    """No origin is checked, and a second cookie that caches the session still says what was before."""
    SessionCache(believed=everywhere).plant()
    skip_origin_check(lambda request: request.url.path in (UPDATE, SIGN_OUT))
    take_any_body(UPDATE)
    take_any_body(SIGN_OUT)


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by="csrf-json-request-changes-nothing",
    says="change her name with a body of type application/json is refused; .*her name was changed",
    level="should",
)
def a_profile_change_checks_no_origin() -> None:
    """POST /update-user insists on JSON and leaves the rest to the preflight."""
    skip_origin_check(lambda request: request.url.path == UPDATE)


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by=CHANGES_NOTHING,
    says="sign her out with a body of type .* is refused; .*she was signed out",
)
def navigations_are_taken_for_harmless() -> None:
    """A fetch-metadata rule lets every navigation pass, also one that posts a form."""
    skip_origin_check(lambda request: request.headers.get("sec-fetch-mode") == "navigate")


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by="csrf-json-request-changes-nothing",
    says="sign her out with a body of type application/json is refused; .*she was signed out",
    level="should",
)
def scripts_are_left_to_cors() -> None:
    """The origin is checked for navigations only, in the belief that CORS stops scripts."""
    skip_origin_check(lambda request: request.headers.get("sec-fetch-mode") == "cors")


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by="csrf-front-end-is-protected",
    says="create a task with a body of type text/plain is refused; .*a task was made",
)
def the_front_end_checks_no_origin_and_the_cookie_goes_everywhere() -> None:
    """SameSite=None for an embedded widget; the task routes check neither origin nor type."""
    skip_origin_check(lambda request: request.url.path == TASKS)
    take_any_body(TASKS)
    session_cookie(samesite="none")


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by="csrf-front-end-is-protected",
    says="create a task with a body of type text/plain is refused; .*a task was made",
)
def the_front_end_checks_no_origin_and_the_cookie_does_not_say() -> None:
    """The cookie has no SameSite, and not every browser defaults to Lax."""
    skip_origin_check(lambda request: request.url.path == TASKS)
    take_any_body(TASKS)
    session_cookie(samesite=None)


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by="csrf-front-end-does-not-rely-on-samesite",
    says="create a task with a body of type application/json is refused; .*a task was made",
    level="should",
)
def the_front_end_checks_no_origin() -> None:
    """Only SameSite=Lax stands between the task routes and other sites."""
    skip_origin_check(lambda request: request.url.path == TASKS)


# --- every other operation that a cookie carries ---


def _asks_for_no_password() -> None:
    """Take the account's own operations without the current password."""
    for form, name in ((auth.ChangePassword, "currentPassword"), (auth.Confirmation, "password")):
        form.model_fields[name].default = ""
        form.model_rebuild(force=True)
    replace(accounts, "_confirmed", lambda db, _settings, user_id, _password: db.get_one(User, user_id))


def _is_unguarded(path: str) -> None:
    skip_origin_check(lambda request: request.url.path == path)
    take_any_body(path)


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by=CHANGES_NOTHING,
    says="change her password with a body of type .* is refused; .*her password was changed",
    profile='[operations.change_password]\njson = { newPassword = "{new_password}" }\n',
)
def another_site_sets_the_password() -> None:
    """A new password is asked for, and neither the current one nor whose page asks."""
    _asks_for_no_password()
    _is_unguarded("/api/auth/change-password")


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by="csrf-json-request-changes-nothing",
    says="change her password with a body of type application/json is refused; .*her password was changed",
    level="should",
    profile='[operations.change_password]\njson = { newPassword = "{new_password}" }\n',
)
def a_script_of_another_site_sets_the_password() -> None:
    """A new password is asked for, as JSON, and the rest is left to the preflight."""
    _asks_for_no_password()
    skip_origin_check(lambda request: request.url.path == "/api/auth/change-password")


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by=CHANGES_NOTHING,
    says="delete her account with a body of type text/plain is refused; .*her account was deleted",
)
def another_site_deletes_the_account() -> None:
    """The page asks for the password, the server does not look at it, nor at whose page asks."""
    _asks_for_no_password()
    _is_unguarded("/api/auth/delete-user")


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by=CHANGES_NOTHING,
    says="end her other sessions with a body of type .* is refused; .*session on another device was ended",
)
def another_site_ends_the_other_sessions() -> None:
    """POST /revoke-other-sessions checks no origin."""
    _is_unguarded("/api/auth/revoke-other-sessions")


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by=CHANGES_NOTHING,
    says="end one of her sessions with a body of type .* is refused; .*session on another device was ended",
)
def another_site_ends_a_session_by_its_id() -> None:
    """POST /revoke-session checks no origin; the id of a session stands in the address of its page."""
    _is_unguarded("/api/auth/revoke-session")


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by=CHANGES_NOTHING,
    says="end all her sessions with a body of type .* is refused; .*signed out, on every device",
)
def another_site_ends_all_sessions() -> None:
    """POST /revoke-sessions checks no origin."""
    _is_unguarded("/api/auth/revoke-sessions")


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by=CHANGES_NOTHING,
    says="use up her refresh token with a body of type .* is refused; .*can't refresh any more",
    profile=REFRESH_COOKIE,
)
def a_refresh_is_refused_once_its_token_is_used_up() -> None:
    """The token in the cookie is rotated first; then the foreign origin is refused, and no successor is set."""
    skip_origin_check(lambda request: request.url.path == REFRESH)
    refresh_by_cookie(_must_be_known)


def _must_be_known(request: Request, settings: Settings) -> None:
    if origins.source(request) != settings.base_url:
        raise ApiError(403, "INVALID_ORIGIN", "Invalid origin")


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by=CHANGES_NOTHING,
    says="change her name with a body of type application/x-www-form-urlencoded .*her name was changed",
    profile='[operations.update_user]\nform = { name = "{new_name}" }\n',
)
def a_form_changes_the_name_whoever_sends_it() -> None:
    """The profile page is a form without a token, as server-rendered pages have it."""

    def rename(request: Request, services: UseServices, visitor: UseSignedIn, fields: UseForm) -> dict[str, bool]:
        with services.database.begin() as db:
            accounts.rename(db, visitor.user.id, fields.get("name", ""))
        return {"status": True}

    serve(auth.router, "update_user", rename)
    skip_origin_check(lambda request: request.url.path == UPDATE)


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by="csrf-front-end-is-protected",
    says="create a task with a body of type text/plain is refused; .*a task was made",
    profile=BY_SESSION,
)
def the_cookie_opens_the_tasks_from_every_site() -> None:
    """One application, SameSite=None: a POST of a foreign page makes a task (201)."""
    skip_origin_check(lambda request: request.url.path == TASKS)
    take_any_body(TASKS)
    session_cookie(samesite="none")


@fault(
    defect="cs-foreign-origin-accepted",
    caught_by="csrf-front-end-is-protected",
    says="delete a task with a body of type application/json is refused; .*her task is gone",
    profile=BY_SESSION,
)
def a_preflight_lets_every_site_delete() -> None:
    """CORS reflects each origin and allows DELETE with credentials; nothing else looks at the origin."""
    skip_origin_check(lambda request: request.method == "DELETE")
    session_cookie(samesite="none")

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        granting = CORSMiddleware(inner, allow_methods=["DELETE"], allow_headers=["*"], **ANYBODY)
        await (granting if scope["method"] == "OPTIONS" else inner)(scope, receive, send)

    middleware(handle)


# --- who may read ---


def share(path: str, **options: Any) -> None:
    """Add the framework's own CORS middleware before one path."""
    on_path(path, lambda inner: CORSMiddleware(inner, allow_methods=["*"], allow_headers=["*"], **options))


ANYBODY: dict[str, Any] = {"allow_origin_regex": ".*", "allow_credentials": True}


@fault(
    defect="cs-cors-reflects-origin",
    caught_by=READS_NOTHING,
    says="read .*/get-session; .*Access-Control-Allow-Origin is https://evil.invalid and credentials are allowed",
)
def every_site_may_read_the_session() -> None:
    """The session endpoint reflects each origin and allows credentials."""
    share("/api/auth/get-session", **ANYBODY)


@fault(
    defect="cs-cors-reflects-origin",
    caught_by=READS_NOTHING,
    says="read .*/api/auth/token; .*credentials are allowed",
)
def every_site_may_read_the_token() -> None:
    """The token endpoint reflects each origin and allows credentials."""
    share("/api/auth/token", **ANYBODY)


@fault(
    defect="cs-cors-reflects-origin", caught_by=READS_NOTHING, says="read .*/api/tasks; .*credentials are allowed"
)
def every_site_may_read_the_tasks() -> None:
    """The task list reflects each origin and allows credentials."""
    share(TASKS, **ANYBODY)


@fault(
    defect="cs-cors-reflects-origin", caught_by=READS_NOTHING, says="read .*/api/tasks; .*credentials are allowed"
)
def the_star_with_credentials_is_every_site() -> None:
    """`allow_origins=["*"], allow_credentials=True`: the framework turns the star into the asking origin."""
    share(TASKS, allow_origins=["*"], allow_credentials=True)


@fault(
    defect="cs-cors-reflects-origin",
    caught_by=READS_NOTHING,
    says="read .*/get-session; .*credentials are allowed",
)
def every_preflight_is_granted() -> None:
    """A handler for OPTIONS allows every origin."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        granting = CORSMiddleware(inner, allow_methods=["*"], allow_headers=["*"], **ANYBODY)
        await (granting if scope["method"] == "OPTIONS" else inner)(scope, receive, send)

    middleware(handle)


@fault(
    defect="cs-cors-reflects-origin",
    caught_by="cors-api-does-not-reflect-origin",
    says="read .*/api/tasks; .*Access-Control-Allow-Origin is https://evil.invalid",
    level="should",
)
def the_api_invites_every_site() -> None:
    """The API reflects each origin, without credentials: a script of any site with a token may read it."""
    share(TASKS, allow_origin_regex=".*")
