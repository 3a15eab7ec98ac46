"""A pytest plugin: SIGTERM comes while a finaliser runs, where Python loses what is raised."""

import os
import signal


class Finalised:
    """An object at whose end the signal comes."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


def pytest_runtest_logfinish(nodeid: str, location: tuple[str, int | None, str]) -> None:
    """Send it after a scenario, to the process that the user started."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        Finalised()
