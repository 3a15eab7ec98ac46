"""Removes what a run leaves on servers that outlive it.

Databases by URL, containers on an engine.

Called at the end of a run, and as a program by the run's guardian when the run was killed:
``python -P cleanup.py databases TOKEN`` (the server's URL in the environment) or ``... container NAME``.
"""

from __future__ import annotations

import os
import sys

DATABASE_PREFIX = "auth_conformance_"
URL_VARIABLE = "AUTH_CONFORMANCE_POSTGRES_URL"


def drop_databases(url: str, token: str) -> None:
    """Drop the databases and schemas of one run: those named ``auth_conformance_<hint>_<token><number>``.

    Raises psycopg.Error when the server is gone or refuses. Needs Postgres 13 or newer.
    """
    import psycopg
    from psycopg import sql

    pattern = f"^{DATABASE_PREFIX}.*_{token}[0-9a-f]+$"
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        for query, statement in (
            ("SELECT datname FROM pg_database WHERE datname ~ %s", "DROP DATABASE IF EXISTS {} WITH (FORCE)"),
            ("SELECT nspname FROM pg_namespace WHERE nspname ~ %s", "DROP SCHEMA IF EXISTS {} CASCADE"),
        ):
            for (name,) in connection.execute(query, [pattern]).fetchall():
                connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def remove_container(name: str) -> None:
    """Remove a container by name or id, with its volumes.

    One that is gone already is fine.
    """
    import docker
    from docker.errors import APIError, NotFound

    client = docker.from_env(timeout=10)
    try:
        client.containers.get(name).remove(force=True, v=True)
    except NotFound:
        return
    except APIError as error:
        # Conflict: somebody else is removing it at this moment.
        if error.status_code != 409:
            raise
    finally:
        client.close()


if __name__ == "__main__":
    kind, subject = sys.argv[1:]
    if kind == "databases":
        drop_databases(os.environ[URL_VARIABLE], subject)
    else:
        remove_container(subject)
