"""Users and the three ways to authenticate them; what is not given keeps the library's default."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, BearerTransport, CookieTransport, JWTStrategy
from fastapi_users.authentication.strategy.db import AccessTokenDatabase, DatabaseStrategy
from fastapi_users.db import SQLAlchemyUserDatabase

from app.database import AccessToken, User, get_access_token_db, get_user_db
from app.settings import settings


class UserRead(schemas.BaseUser[UUID]):
    """What the API says of a user."""


class UserCreate(schemas.BaseUserCreate):
    """What somebody who registers sends."""


class UserUpdate(schemas.BaseUserUpdate):
    """What a user may send to change their account."""


class UserManager(UUIDIDMixin, BaseUserManager[User, UUID]):
    """The library's own rules for accounts."""


async def get_user_manager(
    user_db: Annotated[SQLAlchemyUserDatabase[User, UUID], Depends(get_user_db)],
) -> AsyncGenerator[UserManager, None]:
    """The manager of one request."""
    yield UserManager(user_db)


def get_jwt_strategy() -> JWTStrategy[User, UUID]:
    """Tokens that are valid by their signature alone."""
    return JWTStrategy(secret=settings.jwt_secret, lifetime_seconds=settings.lifetime_seconds)


def get_database_strategy(
    access_token_db: Annotated[AccessTokenDatabase[AccessToken], Depends(get_access_token_db)],
) -> DatabaseStrategy[User, UUID, AccessToken]:
    """Tokens that are looked up in the database."""
    return DatabaseStrategy(access_token_db, lifetime_seconds=settings.lifetime_seconds)


BACKENDS: dict[str, AuthenticationBackend[User, UUID]] = {
    "jwt-bearer": AuthenticationBackend(
        name="jwt", transport=BearerTransport(tokenUrl="auth/jwt/login"), get_strategy=get_jwt_strategy
    ),
    "jwt-cookie": AuthenticationBackend(
        name="cookie",
        transport=CookieTransport(cookie_max_age=settings.lifetime_seconds),
        get_strategy=get_jwt_strategy,
    ),
    "database-bearer": AuthenticationBackend(
        name="database",
        transport=BearerTransport(tokenUrl="auth/database/login"),
        get_strategy=get_database_strategy,
    ),
}

auth_backend = BACKENDS[settings.auth]
fastapi_users: FastAPIUsers[User, UUID] = FastAPIUsers(get_user_manager, [auth_backend])
current_active_user: Any = fastapi_users.current_user(active=True)
CurrentUser = Annotated[User, Depends(current_active_user)]
