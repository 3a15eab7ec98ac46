"""The authentication API, /api/auth: one JSON route an operation.

No answer holds a session token.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session as Database

from reference_backend import accounts, cookies, identity, redirects, refresh, sessions, throttle, tokens
from reference_backend.accounts import SignIn, SignUp
from reference_backend.bodies import Body, Line, Text, json
from reference_backend.errors import ApiError
from reference_backend.identity import Services, UseServices, UseSignedIn, UseVisitor
from reference_backend.models import Session, User, iso

router = APIRouter(prefix="/api/auth", dependencies=[Depends(identity.trusted_origin)])


class Refresh(Body):
    """A refresh token to exchange."""

    refreshToken: Text  # noqa: N815 - the name on the wire


class ChangePassword(Body):
    """The password now and the one wanted.

    Other sessions end whether asked for or not.
    """

    currentPassword: Text  # noqa: N815 - the name on the wire
    newPassword: Text  # noqa: N815 - the name on the wire
    tokens: bool = False


class UpdateUser(Body):
    """What people may change about themselves."""

    name: Line


class Confirmation(Body):
    """The password, asked for again."""

    password: Text


class SessionId(Body):
    """One of the caller's sessions."""

    id: Text


@router.get("/ok")
def ok() -> dict[str, Any]:
    """Say that the backend answers."""
    return {"ok": True}


@router.post("/sign-up/email")
def sign_up(
    request: Request, response: Response, services: UseServices, form: Annotated[SignUp, Depends(json(SignUp))]
) -> dict[str, Any]:
    """Create an account and sign in."""
    destination = _destination(request, services, form.callbackURL)
    guarded = throttle.guarded(services.attempts, services.settings, throttle.Attempt(identity.peer(request)))
    with guarded, services.database.begin() as db:
        user = accounts.sign_up(db, services.settings, form)
        return destination | _started(request, response, services, db, user, form)


@router.post("/sign-in/email")
def sign_in(
    request: Request, response: Response, services: UseServices, form: Annotated[SignIn, Depends(json(SignIn))]
) -> dict[str, Any]:
    """Sign in with email and password."""
    destination = _destination(request, services, form.callbackURL)
    email = accounts.normalise_email(form.email)
    attempt = identity.attempt(request, services.settings, email)
    with throttle.guarded(services.attempts, services.settings, attempt), services.database.begin() as db:
        user = accounts.sign_in(db, services.settings, email, form.password)
        return destination | _started(request, response, services, db, user, form)


@router.post("/sign-out", dependencies=[Depends(json(Body))])
def sign_out(response: Response, services: UseServices, visitor: UseVisitor) -> dict[str, Any]:
    """End this device's session, if there is one."""
    if visitor:
        with services.database.begin() as db:
            sessions.revoke(db, visitor.user.id, visitor.session.id)
    cookies.clear(response, services.settings)
    return {"success": True}


@router.get("/get-session")
def get_session(visitor: UseVisitor) -> dict[str, Any] | None:
    """Tell who is signed in; null for nobody."""
    if visitor is None:
        return None
    return {"session": session_json(visitor.session), "user": user_json(visitor.user)}


@router.get("/token")
def token(services: UseServices, visitor: UseSignedIn) -> dict[str, Any]:
    """Issue a JWT for the task API."""
    return {"token": tokens.issue(services.signer, services.settings, visitor.user, visitor.session.id)}


@router.get("/jwks")
def jwks(services: UseServices) -> dict[str, Any]:
    """Publish the key that verifies the JWTs.

    Not found where it is a shared secret.
    """
    if services.signer.public_jwk is None:
        raise ApiError(404, "NOT_FOUND", "Not Found")
    return {"keys": [services.signer.public_jwk]}


@router.post("/refresh")
def refresh_tokens(services: UseServices, form: Annotated[Refresh, Depends(json(Refresh))]) -> dict[str, Any]:
    """Exchange a refresh token for a JWT and the next refresh token."""
    with services.database.begin() as db:
        rotated = refresh.rotate(db, services.settings, form.refreshToken)
        if rotated:
            session, user, following = rotated
            issued = tokens.issue(services.signer, services.settings, user, session.id)
            return {"token": issued, "refreshToken": following}
    raise ApiError(401, "INVALID_REFRESH_TOKEN", "Invalid refresh token")


@router.get("/list-sessions")
def list_sessions(services: UseServices, visitor: UseSignedIn) -> list[dict[str, Any]]:
    """List the caller's sessions, without what opens them."""
    with services.database.begin() as db:
        rows = sessions.of_user(db, visitor.user.id)
        return [session_json(row) | {"current": row.id == visitor.session.id} for row in rows]


@router.post("/revoke-session")
def revoke_session(
    response: Response,
    services: UseServices,
    visitor: UseSignedIn,
    form: Annotated[SessionId, Depends(json(SessionId))],
) -> dict[str, Any]:
    """End one of the caller's sessions.

    An id that isn't one of them does nothing.
    """
    with services.database.begin() as db:
        sessions.revoke(db, visitor.user.id, form.id)
    if form.id == visitor.session.id:
        cookies.clear(response, services.settings)
    return {"status": True}


@router.post("/revoke-other-sessions", dependencies=[Depends(identity.signed_in), Depends(json(Body))])
def revoke_other_sessions(services: UseServices, visitor: UseSignedIn) -> dict[str, Any]:
    """End all of the caller's sessions but this one."""
    with services.database.begin() as db:
        sessions.revoke_all(db, visitor.user.id, keep=visitor.session.id)
    return {"status": True}


@router.post("/revoke-sessions", dependencies=[Depends(identity.signed_in), Depends(json(Body))])
def revoke_sessions(response: Response, services: UseServices, visitor: UseSignedIn) -> dict[str, Any]:
    """End all of the caller's sessions."""
    with services.database.begin() as db:
        sessions.revoke_all(db, visitor.user.id)
    cookies.clear(response, services.settings)
    return {"status": True}


@router.post("/change-password")
def change_password(
    request: Request,
    response: Response,
    services: UseServices,
    visitor: UseSignedIn,
    form: Annotated[ChangePassword, Depends(json(ChangePassword))],
) -> dict[str, Any]:
    """Change the password and end every session.

    This device gets a new one.
    """
    settings, current, new = services.settings, form.currentPassword, form.newPassword
    attempt = identity.confirmation(request, visitor)
    with throttle.guarded(services.attempts, settings, attempt), services.database.begin() as db:
        user = accounts.change_password(db, settings, visitor.user.id, current, new)
        wanted = {"remember": visitor.session.remembered, "tokens_wanted": form.tokens}
        return _answer(user, identity.start(request, response, services, db, user, **wanted))


@router.post("/update-user")
def update_user(
    services: UseServices, visitor: UseSignedIn, form: Annotated[UpdateUser, Depends(json(UpdateUser))]
) -> dict[str, Any]:
    """Change the caller's name."""
    with services.database.begin() as db:
        accounts.rename(db, visitor.user.id, form.name)
    return {"status": True}


@router.post("/delete-user")
def delete_user(
    request: Request,
    response: Response,
    services: UseServices,
    visitor: UseSignedIn,
    form: Annotated[Confirmation, Depends(json(Confirmation))],
) -> dict[str, Any]:
    """Delete the caller's account and everything in it."""
    attempt = identity.confirmation(request, visitor)
    with throttle.guarded(services.attempts, services.settings, attempt), services.database.begin() as db:
        accounts.delete(db, services.settings, visitor.user.id, form.password)
    cookies.clear(response, services.settings)
    return {"success": True, "message": "User deleted"}


def user_json(user: User) -> dict[str, Any]:
    """Return what a person may know of their account."""
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "emailVerified": user.email_verified,
        "createdAt": iso(user.created_at),
        "updatedAt": iso(user.updated_at),
    }


def session_json(session: Session) -> dict[str, Any]:
    """Return what a person may know of a session of theirs."""
    return {
        "id": session.id,
        "userId": session.user_id,
        "createdAt": iso(session.created_at),
        "updatedAt": iso(session.updated_at),
        "expiresAt": iso(session.expires_at),
        "ipAddress": session.ip_address,
        "userAgent": session.user_agent,
    }


def _started(
    request: Request, response: Response, services: Services, db: Database, user: User, form: SignUp | SignIn
) -> dict[str, Any]:
    wanted = {"remember": form.rememberMe, "tokens_wanted": form.tokens}
    return _answer(user, identity.start(request, response, services, db, user, **wanted))


def _answer(user: User, refresh_token: str | None) -> dict[str, Any]:
    """Return who is signed in, and a refresh token if asked for.

    Not otherwise, since scripts of a page can read it.
    """
    told = {"user": user_json(user)}
    return told if refresh_token is None else told | {"refreshToken": refresh_token}


def _destination(request: Request, services: Services, in_body: str | None) -> dict[str, Any]:
    targets = [*request.query_params.getlist("callbackURL"), *([in_body] if in_body else [])]
    valid = [redirects.validate(services.settings, target) for target in targets]
    return {"redirect": True, "url": valid[-1]} if valid else {"redirect": False}
