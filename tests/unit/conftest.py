"""Unit tests start no process and reach no network: whatever tries to is an error."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import FakeClient

STARTS_A_PROCESS = ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system")
LOOPBACK = ("127.", "::1", "localhost")


class Guard:
    """Raises where a running test starts a process or connects to anything but the loopback interface.

    An audit hook can't be removed again, so that it is one for all tests and looks at ``armed``.
    """

    def __init__(self) -> None:
        self.armed = False
        sys.addaudithook(self)

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.armed:
            return
        if event in STARTS_A_PROCESS:
            raise RuntimeError(
                f"a unit test starts a process ({event} {arguments[:1]}); it belongs in tests/process"
            )
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            host = str(arguments[1][0])
            if not host.startswith(LOOPBACK):
                raise RuntimeError(
                    f"a unit test connects to {host}; serve what it needs by tests.support.local_server"
                )


_guard = Guard()


@pytest.fixture(autouse=True)
def _no_process_and_no_network() -> Iterator[None]:
    _guard.armed = True
    yield
    _guard.armed = False


@pytest.fixture
def backend() -> FakeBackend:
    """A correct deployment in memory, in which a test makes one thing wrong."""
    return FakeBackend()


@pytest.fixture
def client(backend: FakeBackend) -> FakeClient:
    """A client that reaches it alone."""
    return FakeClient(backend)
