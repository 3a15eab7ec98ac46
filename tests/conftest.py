"""What all tests share: the thirds, a Postgres for the backends of a worker, a process that knows no value."""

from collections.abc import Iterator

import pytest

from harness.core import provenance, redaction
from harness.reference.postgres import PostgresServer, open_server
from tests.support.thirds import THIRD, THIRDS


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of what takes long."""
    parser.addoption(THIRD, type=int, choices=range(THIRDS), help="run a third of what takes long")


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with open_server() as opened:
        yield opened


@pytest.fixture
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know no secret and no provenance, as at the start of a process."""
    monkeypatch.setattr(redaction, "_known", redaction.Secrets())
    monkeypatch.setattr(provenance, "_ledger", provenance.Ledger())
