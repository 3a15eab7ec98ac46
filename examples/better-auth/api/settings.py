"""What the API must be told: environment variables of the same names."""

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """``AUTH_URL`` is the public URL of the Better Auth server, ``DATABASE_URL`` a Postgres URL."""

    auth_url: str
    database_url: str


settings = Settings()  # pydantic-settings reads them from the environment
