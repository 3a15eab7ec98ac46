"""What the API must be told: environment variables of the same names."""

from typing import Literal

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """``DATABASE_URL`` is a Postgres URL; the rest is how tokens are verified.

    ``MODE=literal`` takes HS256 tokens under ``BETTER_AUTH_SECRET``, the secret it shares with the front end;
    ``MODE=corrected`` takes what the front end at ``AUTH_URL`` signs, by the keys that it publishes.
    """

    mode: Literal["literal", "corrected"]
    database_url: str
    better_auth_secret: str = ""
    auth_url: str = ""


settings = Settings()  # pydantic-settings reads them from the environment
