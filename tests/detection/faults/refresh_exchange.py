"""Refresh tokens that are exchanged too often, for too long, for another user, or that are none."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import ConfigDict, create_model
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from reference_backend import auth, identity, refresh, tokens
from reference_backend.bodies import json
from reference_backend.errors import ApiError
from reference_backend.models import RefreshToken, Session, User, digest, now
from reference_backend.settings import Settings
from tests.detection.registry import fault
from tests.detection.routes import serve, wrap_route
from tests.detection.seams import replace, wrap

ONCE = "refresh-token-works-once"
ENDS_FAMILY = "refresh-reuse-ends-the-family"
AT_ONCE = "refresh-token-works-once-under-concurrency"
EARLIER = "refresh-token-of-earlier-generation-refused"
IDENTITY = "refresh-identity-from-token-only"
NAMED = "rf-identity-from-body"
BOBS = "Ann's refresh token yields Ann's token, though Bob is named beside it; but it opens Bob's tasks"


@fault(
    defect="rf-single-use-race",
    caught_by=AT_ONCE,
    says=r"presented 5 times at the same moment, yields a token once; but it yielded one \d times",
    spares=(ONCE, ENDS_FAMILY),
)
def uses_are_checked_and_then_counted() -> None:
    """The use is looked up without a lock, so that uses at the same moment all find the token unused."""

    def rotate(db: Database, settings: Settings, token: str) -> Any:
        link = db.get(RefreshToken, digest(token))
        session = db.get(Session, link.session_id) if link is not None else None
        if link is None or session is None:
            return None
        if link.used_at is not None:
            db.delete(session)
            return None
        link.used_at = now()
        return session, db.get_one(User, session.user_id), refresh.start(db, settings, session.id)

    replace(refresh, "rotate", rotate)


@fault(
    defect="rf-older-generation-accepted",
    caught_by=EARLIER,
    says="refresh token of three generations ago yields nothing; but it yielded a new access token",
    spares=(ONCE, ENDS_FAMILY),
)
def only_the_parent_is_known_as_used() -> None:
    """A session remembers the token before the live one; an older one is taken for its live one."""
    _forget_uses(lambda newer: newer > 1)


@fault(
    defect="rf-older-generation-accepted",
    caught_by=EARLIER,
    says="refresh token of two generations ago yields nothing; but it yielded a new access token",
    spares=(ONCE, ENDS_FAMILY),
)
def the_grandparent_is_not_known_as_used() -> None:
    """A session remembers the token before the live one, and a clean-up has deleted those of long ago."""
    _forget_uses(lambda newer: newer == len(("live", "parent")))


def _forget_uses(forgotten: Callable[[int], bool]) -> None:
    """Take a used token for a live one where so many of its session are newer."""

    def rotate(original: Any, db: Database, settings: Settings, token: str) -> Any:
        link = db.get(RefreshToken, digest(token))
        if link is not None and link.used_at is not None:
            of_the_session = RefreshToken.session_id == link.session_id
            later = [one for one in db.scalars(select(RefreshToken).where(of_the_session)) if _is_later(one, link)]
            if forgotten(len(later)):
                link.used_at = None
            elif len(later) > 1:
                return None
            db.flush()
        db.expire_all()  # Otherwise uses at the same moment would see what was there before the lock.
        return original(db, settings, token)

    wrap(refresh, "rotate", rotate)


def _is_later(one: RefreshToken, other: RefreshToken) -> bool:
    return one.expires_at > other.expires_at


@fault(
    defect="rf-access-token-accepted-as-refresh",
    caught_by="refresh-access-token-is-no-refresh-token",
    says="an access token in place of a refresh token yields nothing; but it yielded a new access token",
)
def an_access_token_refreshes() -> None:
    """The refresh route verifies the signature of what it is given, and not which kind of token it is."""

    def exchange(original: Any, services: identity.Services, form: auth.Refresh) -> dict[str, Any]:
        try:
            claims = tokens.verify(services.signer, services.settings, form.refreshToken)
        except tokens.InvalidTokenError:
            return original(services, form)  # type: ignore[no-any-return]
        with services.database.begin() as db:
            user = db.get_one(User, claims.user_id)
            return {"token": tokens.issue(services.signer, services.settings, user, claims.session_id)}

    wrap_route(auth.router, "refresh_tokens", exchange)


# --- whose it is ---

_FIELDS = ("user_id", "userId", "sub", "email")


@fault(defect=NAMED, caught_by=IDENTITY, says=BOBS)
def a_refresh_is_for_the_user_of_its_body() -> None:
    """The refresh token is checked, and the new token issued for `user_id` of the body."""
    _issue_for(lambda _, form: User.id == getattr(form, "user_id", None))


@fault(defect=NAMED, caught_by=IDENTITY, says=BOBS)
def a_refresh_is_for_the_subject_of_its_body() -> None:
    """The body is unpacked over the claims of the new token, `sub` among them, unless it has other fields too."""
    _issue_for(lambda _, form: User.id == getattr(form, "sub", None), knows=("sub",))


@fault(defect=NAMED, caught_by=IDENTITY, says=BOBS)
def a_refresh_is_for_the_address_of_its_body() -> None:
    """The refresh token is checked, and the user looked up by the address that the page sends beside it."""
    _issue_for(lambda _, form: User.email == getattr(form, "email", None))


@fault(defect=NAMED, caught_by=IDENTITY, says=BOBS)
def a_refresh_is_for_the_user_of_its_query() -> None:
    """The new token is issued for the user that the query names."""
    _issue_for(lambda request, _: User.id == request.query_params.get("userId"))


def _issue_for(named: Callable[[Request, Any], Any], knows: tuple[str, ...] | None = None) -> None:
    """Issue a refreshed token for the user whom ``named(request, body)`` finds, if there is one.

    ``knows`` are the only further fields that the body may have; any others are ignored by default.
    """
    fields: dict[str, Any] = dict.fromkeys(_FIELDS if knows is None else knows, (str | None, None))
    config = ConfigDict(strict=True, extra="ignore" if knows is None else "forbid")
    body = type("Body", (auth.Refresh,), {"model_config": config})
    model: Any = create_model("NamedRefresh", __base__=body, **fields)

    def exchange(
        request: Request, services: identity.UseServices, form: Annotated[auth.Refresh, Depends(json(model))]
    ) -> dict[str, Any]:
        with services.database.begin() as db:
            rotated = refresh.rotate(db, services.settings, form.refreshToken)
            if rotated is not None:
                session, owner, following = rotated
                user = db.scalar(select(User).where(named(request, form))) or owner
                session.user_id = user.id
                issued = tokens.issue(services.signer, services.settings, user, session.id)
                return {"token": issued, "refreshToken": following}
        raise ApiError(401, "INVALID_REFRESH_TOKEN", "Invalid refresh token")

    serve(auth.router, "refresh_tokens", exchange)
