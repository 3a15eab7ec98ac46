"""Who the caller is.

By the session cookie for auth endpoints and pages, by a JWT or the cookie for the task API.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy import Engine
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from reference_backend import cookies, devices, origins, refresh, sessions, throttle, tokens
from reference_backend.errors import ApiError
from reference_backend.models import Session, User
from reference_backend.settings import Settings


@dataclass(frozen=True)
class Services:
    """What one running backend holds. `with services.database.begin() as db:` is a transaction."""

    settings: Settings
    engine: Engine
    database: sessionmaker[Database]
    signer: tokens.Signer
    attempts: throttle.Counters


@dataclass(frozen=True)
class Visitor:
    """A user signed in by cookie.

    Read in a transaction of its own: the rows are detached copies.
    """

    user: User
    session: Session


def services(request: Request) -> Services:
    """Return the services of the application that handles this request."""
    found: Services = request.app.state.services
    return found


UseServices = Annotated[Services, Depends(services)]


def trusted_origin(request: Request, services: UseServices) -> None:
    """Refuse a state-changing request that another site's page has made."""
    origins.check(request, services.settings)


def visitor(request: Request, response: Response, services: UseServices) -> Visitor | None:
    """Return who is signed in by cookie, or None.

    A session in use may get a later end, a dead cookie is deleted.

    Both show as Set-Cookie on `response`; a route that makes its own response copies it with `carry`.
    """
    settings = services.settings
    token = cookies.read(request, settings)
    # The connection is given back before this returns: held on to while the rest of the request waits for
    # a thread, all connections together could starve the pool.
    with services.database.begin() as db:
        found = sessions.lookup(db, token) if token else None
        if found and token and sessions.slide(db, settings, found[0]):
            cookies.write(response, settings, token, sessions.seconds_left(found[0]))
    if found is None:
        if cookies.presented(request, settings):
            cookies.clear(response, settings)
        return None
    return Visitor(user=found[1], session=found[0])


UseVisitor = Annotated[Visitor | None, Depends(visitor)]


def signed_in(visitor: UseVisitor) -> Visitor:
    """Return who is signed in by cookie.

    Raises a 401 ApiError for every other client.
    """
    if visitor is None:
        raise ApiError(401, "UNAUTHORIZED", "Unauthorized")
    return visitor


UseSignedIn = Annotated[Visitor, Depends(signed_in)]


def caller(request: Request, response: Response, services: UseServices) -> User:
    """Return the person behind a call to the task API.

    Raises a 401 ApiError with a Bearer challenge for every other client.

    An Authorization header decides alone. The cookie counts only without it, and then the origin must be trusted.
    """
    authorization = request.headers.getlist("authorization")
    if authorization:
        return _bearer(services, authorization)
    found = visitor(request, response, services)
    if found is None:
        raise ApiError(401, "UNAUTHORIZED", "Unauthorized", {"WWW-Authenticate": "Bearer"})
    origins.check(request, services.settings)
    return found.user


UseCaller = Annotated[User, Depends(caller)]


def start(
    request: Request,
    response: Response,
    services: Services,
    db: Database,
    user: User,
    *,
    remember: bool = True,
    tokens_wanted: bool = False,
) -> str | None:
    """Sign a user in; returns a refresh token where one is wanted.

    Sets the cookie and ends the session that the device had before.
    """
    settings = services.settings
    token = cookies.read(request, settings)
    previous = sessions.lookup(db, token) if token else None
    if previous:
        sessions.revoke(db, previous[1].id, previous[0].id)
    device = sessions.Device(peer(request), request.headers.get("user-agent", ""))
    session, fresh = sessions.create(db, settings, user, device, remember=remember)
    cookies.write(response, settings, fresh, sessions.seconds_left(session) if remember else None)
    devices.remember(request, response, settings, user.email)
    return refresh.start(db, settings, session.id) if tokens_wanted else None


def peer(request: Request) -> str:
    """Return the address of the client.

    It is that of the connection, or the last one in the header that the settings trust: the proxy has added it.
    Whatever else stands there, any client can write.
    """
    trusted = services(request).settings.client_address_header
    given = request.headers.getlist(trusted) if trusted else []
    last = given[-1].rpartition(",")[2].strip() if given else ""
    return last or (request.client.host if request.client else "")


def attempt(request: Request, settings: Settings, email: str) -> throttle.Attempt:
    """Return what the limits know of who tries a password."""
    return throttle.Attempt(peer(request), email, devices.known(request, settings, email))


def confirmation(request: Request, visitor: Visitor) -> throttle.Attempt:
    """Return the same of who is signed in.

    Nobody else can use up the attempts of that session.
    """
    return throttle.Attempt(peer(request), visitor.user.email, f"session {visitor.session.id}")


def carry(source: Response, target: Response) -> None:
    """Copy the Set-Cookie headers of `source` to a response that replaces it."""
    for value in source.headers.getlist("set-cookie"):
        target.headers.append("set-cookie", value)


def _bearer(services: Services, authorization: list[str]) -> User:
    scheme, _, token = authorization[0].partition(" ")
    if scheme.lower() != "bearer":
        raise ApiError(401, "UNAUTHORIZED", "Unauthorized", {"WWW-Authenticate": "Bearer"})
    challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    refusal = ApiError(401, "UNAUTHORIZED", "Unauthorized", challenge)
    if len(authorization) > 1:
        raise refusal
    try:
        claims = tokens.verify(services.signer, services.settings, token.strip(" "))
    except tokens.InvalidTokenError:
        raise refusal from None
    with services.database.begin() as db:
        user = sessions.of_token(db, claims)
    if user is None:
        raise refusal
    return user
