"""One Postgres for all the backends of a worker."""

from collections.abc import Iterator

import pytest

from harness.reference.postgres import PostgresServer, open_server


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with open_server() as opened:
        yield opened
