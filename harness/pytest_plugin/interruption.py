"""Ctrl-C and the signals that mean the same."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import FrameType


class Interruption:
    """Ends the run on SIGINT, SIGTERM and SIGHUP.

    It is a plugin of the process that the user started.
    A cancelled CI job sends the second, a terminal that is closed the third.
    Accounts are deleted and the report is written then too.
    """

    def __init__(self) -> None:
        self.came = False

    def listen(self) -> None:
        """Take the signals.

        Those that are ignored already, as under nohup or in the background, stay so.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._end)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.came = True
        signal.default_int_handler(number, frame)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self) -> None:
        """End before the next scenario where the exception was lost.

        What is raised in a finaliser or in a callback of the garbage collector is only printed by Python.
        """
        if self.came:
            raise KeyboardInterrupt
