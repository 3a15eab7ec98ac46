"""Brings sessions to their end by SQL in the deployment's own database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from harness.deployment.errors import EndOutOfReach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine


def age_sessions(url: str, statement: str, who: Mapping[str, object]) -> None:
    """Run the statement in the database.

    ``who`` is what it asks for to know whose session it is.

    Raises EndOutOfReach when it fails or changes no row.
    """
    try:
        with _database(url).begin() as connection:
            done = connection.execute(text(statement), who)
    except ImportError as error:
        raise EndOutOfReach(
            f"the session could not be aged in the database: {error}.",
            "Install the Python driver for its URL beside the suite; Postgres and SQLite need none.",
        ) from error
    except SQLAlchemyError as error:
        raise EndOutOfReach(
            f"the session could not be aged in the database ({type(error).__name__}).",
            "Check age_session in the profile and the URL it takes from the environment.",
        ) from error
    if done.rowcount < 1:
        raise EndOutOfReach(
            "the statement that ages the session changed no row.",
            "Check age_session.statement in the profile.",
        )


def _database(url: str) -> Engine:
    """The database behind a libpq or SQLAlchemy URL.

    Raises SQLAlchemyError, or ImportError without a driver.
    """
    dialect, separator, rest = url.partition("://")
    dialect = dialect.partition("+")[0]
    if separator and dialect not in ("postgres", "postgresql"):
        return create_engine(url, poolclass=NullPool)
    # By libpq, which knows more forms than SQLAlchemy: several hosts, or `host=... dbname=...`.
    known = f"{dialect}://{rest}" if separator else url
    return create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(known, connect_timeout=5), poolclass=NullPool
    )
