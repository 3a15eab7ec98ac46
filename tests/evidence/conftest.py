"""One Postgres for the backends of a worker, as the tests of the faults have it."""

from tests.detection.conftest import server

__all__ = ["server"]
