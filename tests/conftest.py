"""One Postgres for all the backends of a worker; without a browser, tests that need one are skipped."""

from collections.abc import Generator, Iterator

import pytest

from harness.browser.pool import NoBrowser
from harness.reference.postgres import PostgresServer, open_server


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with open_server() as opened:
        yield opened


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    try:
        return (yield)
    except NoBrowser as missing:
        pytest.skip(str(missing))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    try:
        return (yield)
    except NoBrowser as missing:
        pytest.skip(str(missing))
