"""A Postgres server that makes and drops databases, wherever it runs."""

from __future__ import annotations

import contextlib
import itertools
import secrets
from typing import TYPE_CHECKING, Literal
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

import psycopg
from psycopg import sql

from harness.core.text import slug
from harness.reference.postgres.cleanup import DATABASE_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["url", "docker", "embedded"]
CONNECT_SECONDS = 5
HINT_LENGTH = 24


class PostgresUnavailable(Exception):  # noqa: N818 (the sentence is the point, not the type)
    """No Postgres can be had that way.

    The message is a sentence that says what to do.
    """


def local_url(host: str, port: int, user: str, password: str, database: str) -> str:
    """Return the URL of a database, each part quoted."""
    return f"postgresql://{quote(user)}:{quote(password)}@{host}:{port}/{quote(database)}"


def check_url(url: str) -> SplitResult:
    """Split the URL of a server, SQLAlchemy's ``postgresql+driver`` too.

    Raise PostgresUnavailable if none.
    """
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        scheme = parts.scheme.partition("+")[0]
        if scheme in ("postgresql", "postgres") and parts.hostname and parts.port != 0:
            return parts._replace(scheme="postgresql")
    raise bad_url()


def bad_url() -> PostgresUnavailable:
    """Return the error for an unreadable URL.

    It does not repeat the URL, which may contain a password.
    """
    return PostgresUnavailable(
        "The Postgres URL could not be understood: expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE, "
        "with special characters in the password percent-encoded."
    )


class PostgresServer:
    """A running server.

    ``admin_url`` holds a password: never print it or put it in an argument list.
    """

    def __init__(self, kind: Kind, admin_url: str, place: str) -> None:
        """Connect once.

        ``place`` describes it without a password. Raises PostgresUnavailable when nothing usable answers.
        """
        self.kind: Kind = kind
        self._parts = check_url(admin_url)
        self.admin_url = self._parts.geturl()
        self.token = secrets.token_hex(4)
        self._numbers = itertools.count(1)
        self._place = place
        with self._connect() as connection:
            self._version = connection.info.parameter_status("server_version") or "of unknown version"

    def describe(self) -> str:
        """Return one line for a person, without a password."""
        return f"Postgres {self._version}, {self._place}"

    @contextlib.contextmanager
    def _connect(self) -> Iterator[psycopg.Connection]:
        try:
            with psycopg.connect(self.admin_url, autocommit=True, connect_timeout=CONNECT_SECONDS) as connection:
                yield connection
        except psycopg.ProgrammingError as error:
            if error.sqlstate:
                raise
            # libpq can't read the URL, and may quote it in its message.
            raise bad_url() from None
        except psycopg.OperationalError as error:
            reason = " ".join(self._masked(str(error)).split())
            raise PostgresUnavailable(
                f"Expected a Postgres server at {self.address}, but {reason or 'the connection broke'}. "
                "Check that it runs and accepts this user, or leave the URL out to have one started."
            ) from None

    def _masked(self, text: str) -> str:
        return text.replace(self._parts.password, "***") if self._parts.password else text

    @property
    def address(self) -> str:
        """``host:port``."""
        return f"{self._parts.hostname}:{self._parts.port or 5432}"

    def create_database(self, hint: str) -> str:
        """Create an empty database and return its URL.

        ``hint`` ends up in its name, for a person who looks. A user who may not create databases gets a schema
        of its own in the server's database instead, selected by the URL's ``options``.

        Raises PostgresUnavailable when the user may do neither or the server is gone.
        """
        word = slug(hint, "_")[:HINT_LENGTH] or "db"
        name = f"{DATABASE_PREFIX}{word}_{self.token}{next(self._numbers):03x}"
        with self._connect() as connection:
            try:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            except psycopg.errors.InsufficientPrivilege:
                return self._create_schema(connection, name)
        return self._parts._replace(path=f"/{name}").geturl()

    def _create_schema(self, connection: psycopg.Connection, name: str) -> str:
        try:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            raise PostgresUnavailable(
                f"The user of the Postgres at {self.address} may create neither databases nor schemas. Run "
                f'ALTER ROLE "{connection.info.user}" CREATEDB, or give the URL of a user who may.'
            ) from None
        query = dict(parse_qsl(self._parts.query))
        query["options"] = f"{query.get('options', '')} -csearch_path={name}".strip()
        # Not urlencode's default: libpq takes a plus sign for a plus sign.
        return self._parts._replace(query=urlencode(query, quote_via=quote)).geturl()
