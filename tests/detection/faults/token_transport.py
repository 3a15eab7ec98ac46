"""Tokens taken from where they don't belong, that say too much, and guards that other spellings pass by."""

import posixpath
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import jwt
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import select
from starlette.types import ASGIApp, Receive, Scope, Send

from reference_backend import identity, tasks, tokens
from reference_backend.errors import ApiError
from reference_backend.identity import UseServices
from reference_backend.models import Task, User
from reference_backend.settings import Settings
from reference_backend.tokens import Signer
from tests.detection import careless
from tests.detection.gullible import claims_of, is_signed
from tests.detection.registry import fault
from tests.detection.routes import override, wrap_route
from tests.detection.seams import know_the_request, middleware, on_app, request_header, scope, wrap

SPELLED = "token-is-verified-in-every-spelling"
ADDRESS = "token-belongs-in-no-address"
SCHEME = "token-scheme-is-looked-at"
ANY_CASE = "token-scheme-may-be-in-any-case"
SECRETS = "token-payload-holds-no-secret"
SUBJECT = "token-subject-of-another-type-is-no-wildcard"


# --- where it is taken from ---


def rewriting(change: Callable[[Scope, str | None], str | None]) -> None:
    """Give each request the Authorization header that ``change`` makes of the request and its own one."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        value = change(scope, request_header(scope, "authorization"))
        headers = [(name, one) for name, one in scope["headers"] if name != b"authorization"]
        if value is not None:
            headers.append((b"authorization", value.encode("latin-1")))
        await inner({**scope, "headers": headers}, receive, send)

    middleware(handle)


def from_address(parameter: str) -> None:
    """Take a token from that parameter where no header brings one."""

    def change(scope: Scope, header: str | None) -> str | None:
        found = re.search(rf"(?:^|&){parameter}=([^&]+)", scope["query_string"].decode("latin-1"))
        return f"Bearer {found[1]}" if found and header is None else header

    rewriting(change)


@fault(
    defect="tv-token-in-query-accepted",
    caught_by=ADDRESS,
    says="token in the address as access_token is refused",
    level="should",
)
def downloads_take_the_token_from_the_address() -> None:
    """Links to downloads carry ?access_token=, and every route takes it."""
    from_address("access_token")


@fault(
    defect="tv-token-in-query-accepted",
    caught_by=ADDRESS,
    says="token in the address as token is refused",
    level="should",
)
def sockets_take_the_token_from_the_address() -> None:
    """A browser's WebSocket sends no header, so ?token= was let in, everywhere."""
    from_address("token")


def under_any(scheme: str) -> None:
    """Take what stands under that scheme, or under none, for a bearer token."""

    def change(_: Scope, header: str | None) -> str | None:
        if header is None:
            return None
        first, blank, rest = header.partition(" ")
        given, token = (first, rest) if blank else ("", first)
        return f"Bearer {token}" if given == scheme else header

    rewriting(change)


@fault(
    defect="tv-scheme-ignored", caught_by=SCHEME, says="token under the scheme Basic is refused", level="should"
)
def a_token_is_taken_under_basic() -> None:
    """The header is split at the space, and the first half thrown away."""
    under_any("Basic")


@fault(
    defect="tv-scheme-ignored", caught_by=SCHEME, says="token under the scheme Token is refused", level="should"
)
def a_token_is_taken_under_token() -> None:
    """The scheme of the framework that was in use before is still taken."""
    under_any("Token")


@fault(defect="tv-scheme-ignored", caught_by=SCHEME, says="token without a scheme is refused", level="should")
def a_token_is_taken_without_a_scheme() -> None:
    """`header.replace("Bearer ", "")`."""
    under_any("")


def only_under(*schemes: str) -> None:
    """Take bearer tokens under these spellings of the scheme only."""

    def change(_: Scope, header: str | None) -> str | None:
        scheme = (header or "").partition(" ")[0]
        return header if scheme in schemes or scheme.lower() != "bearer" else None

    rewriting(change)


@fault(
    defect="tv-scheme-case-sensitive",
    caught_by=ANY_CASE,
    says='"bearer" is the scheme that "Bearer" is',
    level="should",
)
def the_scheme_is_refused_in_lower_case() -> None:
    """`startswith("Bearer ")`, and BEARER for an old client of their own."""
    only_under("Bearer", "BEARER")


@fault(
    defect="tv-scheme-case-sensitive",
    caught_by=ANY_CASE,
    says='"BEARER" is the scheme that "Bearer" is',
    level="should",
)
def the_scheme_is_refused_in_capitals() -> None:
    """`in ("Bearer", "bearer")`."""
    only_under("Bearer", "bearer")


# --- what it says ---


def saying(claim: str, value: Callable[[Signer, User], str]) -> None:
    """Issue tokens with one more claim."""

    def issue(issue: Callable[..., str], signer: Signer, settings: Settings, user: User, session_id: str) -> str:
        claims = claims_of(issue(signer, settings, user, session_id))
        return jwt.encode({**claims, claim: value(signer, user)}, signer.private, signer.algorithm)

    wrap(tokens, "issue", issue)


@fault(
    defect="tv-sensitive-claims-in-token",
    caught_by=SECRETS,
    says="anybody can decode, says nothing secret; but it holds what looks like the hash of a password",
    level="should",
)
def a_token_holds_the_whole_row_of_its_user() -> None:
    """`payload = user.__dict__`, hash included."""
    saying("user", lambda _, user: user.password_hash)


@fault(
    defect="tv-sensitive-claims-in-token",
    caught_by=SECRETS,
    says="says nothing secret; but it holds Ann's session",
    level="should",
)
def a_token_holds_the_session_that_it_comes_from() -> None:
    """So that the API can ask the session endpoint, the token brings the session's own value."""
    know_the_request()
    saying("session", lambda *_: (request_header(scope(), "cookie") or "").partition("auth.session_token=")[2])


@fault(
    defect="tv-sensitive-claims-in-token",
    caught_by=SECRETS,
    says="says nothing secret; but it holds the secret that signs it",
    level="should",
)
def a_token_holds_the_secret_that_signs_it() -> None:
    """The settings were put into the payload as a whole."""
    saying("settings", lambda signer, _: str(signer.private))


# --- guards that know one spelling ---


def unguarded_when(routed_by: Callable[[Scope], str | None]) -> None:
    """Serve tasks without any guard where ``routed_by`` gives another path than the guard sees."""

    async def handle(scope: Scope, receive: Receive, send: Send, inner: ASGIApp) -> None:
        path = routed_by(scope)
        changed = {"path": path, "raw_path": path.encode(), "passed": True} if path is not None else {}
        await inner({**scope, **changed}, receive, send)

    middleware(handle)

    def guard(request: Request, response: Response, services: UseServices) -> None:
        if not request.scope.get("passed"):
            identity.caller(request, response, services)

    for handler in ("list_tasks", "read_task", "delete_task"):
        careless.route(handler, guard)


def routed(tidy: Callable[[str], str]) -> Callable[[Scope], str | None]:
    """What ``tidy`` makes of a path as it was sent, where that is a task's and it was not so before."""

    def routed_by(scope: Scope) -> str | None:
        sent = scope["raw_path"].decode("latin-1")
        path = tidy(sent)
        return path if path != sent and path.startswith("/api/tasks") else None

    return routed_by


def merged(path: str) -> str:
    """The path with each run of slashes made one."""
    return re.sub("/{2,}", "/", path)


@fault(
    defect="tv-path-variant-bypass", caught_by=SPELLED, says="address with a double slash; but GET .*answered 200"
)
def a_double_slash_passes_the_guard() -> None:
    """The guard compares the path's beginning, the router merges slashes."""
    unguarded_when(routed(merged))


@fault(defect="tv-path-variant-bypass", caught_by=SPELLED, says="with a slash at its end; but GET .*answered 200")
def a_slash_at_the_end_passes_the_guard() -> None:
    """The guard has a list of paths, the router takes each with a slash too."""
    unguarded_when(routed(lambda path: path.rstrip("/")))


@fault(defect="tv-path-variant-bypass", caught_by=SPELLED, says="address in upper case; but GET .*answered 200")
def capitals_pass_the_guard() -> None:
    """The guard minds case, the router does not."""
    unguarded_when(routed(lambda path: re.sub("^/[^/]+", lambda found: found[0].lower(), path)))


@fault(defect="tv-path-variant-bypass", caught_by=SPELLED, says="address with a dot in it; but GET .*answered 200")
def a_dot_passes_the_guard() -> None:
    """The guard sees /./api, the router /api."""
    unguarded_when(routed(lambda path: path.replace("/./", "/")))


@fault(defect="tv-path-variant-bypass", caught_by=SPELLED, says="by way of another folder; but GET .*answered 200")
def a_detour_passes_the_guard() -> None:
    """The guard lets /elsewhere through, the server resolves what follows."""
    unguarded_when(routed(lambda path: posixpath.normpath(path) if "/../" in path else path))


@fault(defect="tv-path-variant-bypass", caught_by=SPELLED, says="with an encoded letter; but GET .*answered 200")
def an_encoded_letter_passes_the_guard() -> None:
    """The guard compares the path as it was sent, the router decodes it."""
    unguarded_when(routed(unquote))


@fault(defect="tv-path-variant-bypass", caught_by=SPELLED, says="with a parameter; but GET .*answered 200")
def a_parameter_passes_the_guard() -> None:
    """The server cuts a path at the semicolon, after the guard."""
    unguarded_when(routed(lambda path: path.partition(";")[0]))


@fault(defect="tv-path-variant-bypass", caught_by=SPELLED, says="with a double slash; but Ann's task is gone")
def deleting_believes_the_guard() -> None:
    """Reading looks the person up; deleting trusts that the guard did."""
    unguarded_when(lambda scope: routed(merged)(scope) if scope["method"] == "DELETE" else None)


@fault(
    defect="tv-head-method-bypass",
    caught_by="token-is-verified-for-head",
    says="HEAD of Ann's list is refused to an anonymous client; but it was answered 200 with the [0-9]+ bytes",
    level="should",
)
def head_is_served_without_a_guard() -> None:
    """The guard is on GET, and HEAD is answered from the list that was served last."""
    served: list[int] = []

    def listed(original: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        found = original(*arguments, **named)
        served[:] = [len(JSONResponse(found).body)]
        return found

    def head() -> Response:
        return Response(headers={"Content-Length": str(served[0])})

    wrap_route(tasks.router, "list_tasks", listed)
    on_app(lambda made: made.add_api_route("/api/tasks", head, methods=["HEAD"]))


# --- a subject that is no text ---


NOBODY = select(User).where(User.id == "")
LAST = select(User).join(Task, Task.user_id == User.id).order_by(Task.created_at.desc())


def looking_up(find: Callable[[Any], Any]) -> None:
    """Let ``find`` select whose a rightly signed token is whose subject is no text."""

    def caller(request: Request, response: Response, services: UseServices) -> User:
        bearer = (request.headers.get("authorization") or "").removeprefix("Bearer ")
        subject = claims_of(bearer).get("sub", "")
        if isinstance(subject, str) or not is_signed(bearer, str(services.signer.private).encode()):
            return identity.caller(request, response, services)
        with services.database.begin() as db:
            found: User | None = db.scalars(find(subject)).first()
        if found is None:
            raise ApiError(401, "UNAUTHORIZED", "Unauthorized")
        return found

    override(identity.caller, caller)


@fault(
    defect="tv-sub-type-confusion",
    caught_by=SUBJECT,
    says="with a list of ids for its subject, is refused; .*private text",
    level="should",
)
def a_list_of_subjects_is_searched() -> None:
    """`WHERE id = ANY(:sub)`."""
    looking_up(lambda subject: select(User).where(User.id.in_(subject)) if isinstance(subject, list) else NOBODY)


@fault(
    defect="tv-sub-type-confusion",
    caught_by=SUBJECT,
    says="with a query for its subject, is refused; .*private text",
    level="should",
)
def a_subject_is_a_query() -> None:
    """The claim goes into the filter of a document store as it is."""
    looking_up(lambda subject: LAST if isinstance(subject, dict) else NOBODY)


@fault(
    defect="tv-sub-type-confusion",
    caught_by=SUBJECT,
    says="with the subject true, is refused; .*private text",
    level="should",
)
def a_subject_that_is_true_fits_all() -> None:
    """A comparison that converts: every id is true."""
    looking_up(lambda subject: LAST if subject is True else NOBODY)


@fault(
    defect="tv-sub-type-confusion",
    caught_by=SUBJECT,
    says="with a number for its subject, is refused; but 500 came",
    level="should",
)
def a_number_for_a_subject_breaks_the_query() -> None:
    """The database compares text with a number, and nobody handles its error."""

    def find(subject: Any) -> Any:
        if isinstance(subject, int) and subject is not True:
            raise TypeError("operator does not exist: text = integer")
        return NOBODY

    looking_up(find)
