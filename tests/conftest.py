"""One Postgres for all the backends of a worker; and what a process knows of values, forgotten."""

from collections.abc import Iterator

import pytest

from harness.core import provenance, redaction
from harness.reference.postgres import PostgresServer, open_server


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with open_server() as opened:
        yield opened


@pytest.fixture
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know no secret and no provenance, as at the start of a process."""
    monkeypatch.setattr(redaction, "_known", redaction.Secrets())
    monkeypatch.setattr(provenance, "_ledger", provenance.Ledger())
