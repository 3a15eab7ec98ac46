"""Settings from the environment; the server does not start without them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """``auth`` chooses the authentication backend; ``lifetime_seconds`` is how long a sign-in lasts."""

    auth: Literal["jwt-bearer", "jwt-cookie", "database-bearer"] = "jwt-bearer"
    jwt_secret: Annotated[SecretStr, Field(min_length=32)]
    database_url: str = "sqlite+aiosqlite:///./test.db"
    lifetime_seconds: int = 3600


settings = Settings()
