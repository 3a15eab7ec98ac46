"""What all tests share: the thirds, a Postgres for the backends of a worker, a process that knows no value."""

from collections.abc import Iterator

import pytest

from harness.core import provenance, redaction
from harness.reference.postgres import PostgresServer, open_server
from tests.support.thirds import MARK, THIRD, THIRDS, is_due


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of what takes long."""
    parser.addoption(THIRD, type=int, choices=range(THIRDS), help="run a third of what takes long")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", f"{MARK}: of these tests a third runs with {THIRD}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the other thirds of what is marked."""
    third = config.getoption(THIRD)
    other = [item for item in items if item.get_closest_marker(MARK) and not is_due(item.nodeid, third)]
    config.hook.pytest_deselected(items=other)
    items[:] = [item for item in items if item not in set(other)]


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with open_server() as opened:
        yield opened


@pytest.fixture
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know no secret and no provenance, as at the start of a process."""
    monkeypatch.setattr(redaction, "_known", redaction.Secrets())
    monkeypatch.setattr(provenance, "_ledger", provenance.Ledger())
