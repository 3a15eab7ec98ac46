"""What the API must be told: environment variables of the same names."""

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """``AUTH_URL`` is the public URL of the Better Auth server, ``DATABASE_URL`` a Postgres URL.

    ``TASK_ROUTES=collection`` serves the list of tasks and nothing of a single one. ``PROXY=0`` lets the pages of
    ``AUTH_URL`` ask by themselves.
    """

    auth_url: str
    database_url: str
    task_routes: str = ""
    proxy: str = ""


settings = Settings()  # pydantic-settings reads them from the environment
