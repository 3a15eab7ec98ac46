"""Databases that a test had made by `PostgresServer`."""

from __future__ import annotations

from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from harness.reference.postgres import PostgresServer


def drop(server: PostgresServer, url: str) -> None:
    """Drop a database of the server, ending its connections."""
    name = urlsplit(url).path.removeprefix("/")
    statement = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        connection.execute(statement)
