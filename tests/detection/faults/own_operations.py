"""Operations that fail for the owner's own request, and servers that break for all with one bad request."""

from __future__ import annotations

from typing import Any

from reference_backend import auth, identity, tokens
from reference_backend.errors import ApiError
from reference_backend.identity import Visitor
from reference_backend.models import Session, User
from tests.detection.registry import fault
from tests.detection.routes import wrap_route
from tests.detection.seams import wrap

POISONED = "av-invalid-requests-poison-state"
UNHARMED = "error-malformed-tokens-harm-no-valid-one"
FAILS = "av-own-account-operation-fails"
MIXED_UP = "se-session-bleed-between-users"
LISTS = "isolation-front-end-lists-own-tasks-only"
AFTER = "token still opens her tasks after a malformed one; but it was answered"


# --- one bad request, and nobody is served any more ---


def _break_after(is_bad: Any, status: int = 401) -> None:
    """Answer every token with that status once one was ``is_bad(token)``."""
    broken: list[str] = []

    def verify(original: Any, signer: Any, settings: Any, token: str) -> Any:
        if is_bad(token):
            broken.append(token)
            raise tokens.InvalidTokenError
        if broken:
            raise ApiError(status, "BROKEN", "The connection is in a failed transaction")
        return original(signer, settings, token)

    wrap(tokens, "verify", verify)


@fault(defect=POISONED, caught_by=UNHARMED, says=f"{AFTER} 401")
def a_malformed_token_ends_all_others() -> None:
    """The verifier drops its key when a token has no readable header, and does not load it again."""
    _break_after(lambda token: token.count(".") != 2 or not token[0].isalnum())


@fault(defect=POISONED, caught_by="error-malformed-token-is-refused", says=f"{AFTER} 500")
def one_long_token_breaks_the_connection() -> None:
    """A token of eight kilobytes leaves the only connection in a failed transaction."""
    _break_after(lambda token: len(token) > 8000, 500)


@fault(defect=POISONED, caught_by=UNHARMED, says=f"{AFTER} 401")
def a_refusal_is_remembered_for_the_user() -> None:
    """A signature that does not fit has its user refused from then on, whoever sent it."""
    refused: set[str] = set()

    def verify(original: Any, signer: Any, settings: Any, token: str) -> Any:
        claims = ".".join(token.split(".")[1:2])
        if claims in refused:
            raise tokens.InvalidTokenError
        try:
            return original(signer, settings, token)
        except tokens.InvalidTokenError:
            refused.add(claims)
            raise

    wrap(tokens, "verify", verify)


# --- a front end with one credential ---


@fault(defect=MIXED_UP, caught_by=LISTS, says="list through the front end has nothing of (Ann|Bob)'s; but it has")
def the_front_end_keeps_its_first_credential() -> None:
    """The client with which the front end calls the API is made for the first visitor, and kept."""
    first: list[Visitor] = []

    def visitor(original: Any, *arguments: Any) -> Visitor | None:
        found: Visitor | None = original(*arguments)
        first[:] = first or ([found] if found else [])
        return first[0] if found else None

    wrap(identity, "visitor", visitor)


@fault(defect=MIXED_UP, caught_by=LISTS, says="has the task that (Ann|Bob) made; but it lacks it")
def the_front_end_has_an_account_of_its_own() -> None:
    """The front end calls the API with a service account, whoever is signed in."""

    def visitor(original: Any, *arguments: Any) -> Visitor | None:
        found: Visitor | None = original(*arguments)
        service = User(id="service", name="Service", email="service@example.com")
        return Visitor(service, Session(user_id="service")) if found else None

    wrap(identity, "visitor", visitor)


# --- the owner's own request ---


@fault(
    defect="av-valid-token-rejected",
    caught_by="session-yields-access-token",
    says="session gets an access token; but it was answered 401",
)
def the_token_endpoint_knows_no_session() -> None:
    """The token endpoint looks for the session under another cookie's name."""
    _refuse("token", 401)


@fault(
    defect=FAILS, caught_by="sessions-list-works-for-its-owner", says="can list her own sessions; .*answered 500"
)
def the_list_of_sessions_breaks() -> None:
    """One session without a user agent breaks the whole list."""
    _refuse("list_sessions", 500)


@fault(
    defect=FAILS, caught_by="sessions-list-works-for-its-owner", says="can list her own sessions; .*answered 403"
)
def the_list_of_sessions_is_for_administrators() -> None:
    """The list of sessions asks for a role that no account has."""
    _refuse("list_sessions", 403)


@fault(
    defect=FAILS,
    caught_by="account-name-can-be-changed",
    says="own page changes her name; but it was answered 200",
)
def a_new_name_is_not_kept() -> None:
    """The answer shows the new name, and the session goes on having the old one."""

    def update_user(_inner: Any, *_arguments: Any, **_named: Any) -> Any:
        return {"status": True}

    wrap_route(auth.router, "update_user", update_user)


@fault(
    defect=FAILS,
    caught_by="account-name-can-be-changed",
    says="own page changes her name; but it was answered 401",
)
def the_own_page_is_not_signed_in_for_a_change() -> None:
    """Changing the name asks for a header that the deployment's own page does not send."""
    _refuse("update_user", 401)


@fault(
    defect="se-sessions-survive-password-change",
    caught_by="password-change-disables-old-password",
    says="change_password works for the owner; but it was answered 500",
)
def changing_a_password_crashes() -> None:
    """The new password can't be hashed."""
    _refuse("change_password", 500)


def _refuse(handler: str, status: int) -> None:
    def refused(_inner: Any, *_arguments: Any, **_named: Any) -> Any:
        raise ApiError(status, "REFUSED", "Refused")

    wrap_route(auth.router, handler, refused)
