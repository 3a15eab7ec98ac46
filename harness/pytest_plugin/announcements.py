"""What workers say during a run, for the user's terminal.

xdist has no way for it: what a worker prints is lost, and its reports come when a scenario has ended.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from harness.core.redaction import redact
from harness.core.text import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET_SECONDS = 5.0
"""So long the like of an announcement is not repeated, whatever worker makes it."""
_END = "\0"
_LONGEST = 400
"""Characters of one; a pipe takes so many at once from each worker."""
_NUMBERS = re.compile(r"\d+")


@dataclass
class Announcements:
    """A pipe that workers write to, and the thread that reads it.

    It belongs to the process that the user started.
    """

    announce: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    path: Path | None = None
    _said: dict[str, float] = field(default_factory=dict)
    _reader: threading.Thread | None = None

    def open(self) -> str:
        """Where workers write; the pipe is made at the first call."""
        if self.path is None:
            self.path = Path(tempfile.mkdtemp(prefix="auth-conformance-")) / "announcements"
            os.mkfifo(self.path, 0o600)
            # Open before the first worker writes; and for writing too, so that it does not end when a worker does.
            pipe = os.open(self.path, os.O_RDWR)
            self._reader = threading.Thread(target=self._read, args=(pipe,), daemon=True)
            self._reader.start()
        return str(self.path)

    def close(self) -> None:
        """End the thread and remove the pipe."""
        if self.path is not None and self._reader is not None:
            send(str(self.path), _END)
            self._reader.join(QUIET_SECONDS)
            shutil.rmtree(self.path.parent, ignore_errors=True)
            self.path = None

    def take(self, line: str) -> None:
        """Announce a worker's line, unless the like of it was just said."""
        kind, now = _NUMBERS.sub("*", line), self.clock()
        if now - self._said.get(kind, -QUIET_SECONDS) >= QUIET_SECONDS:
            self._said[kind] = now
            self.announce(line)

    def _read(self, pipe: int) -> None:
        with os.fdopen(pipe, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.rstrip("\n") == _END:
                    return
                self.take(line.rstrip("\n"))


def send(path: str, text: str) -> None:
    """Hand a line to the process that the user started, masked.

    Where that is gone, or does not read, the line is lost.
    """
    line = text if text == _END else shortened(one_line(redact(text)), _LONGEST)
    with contextlib.suppress(OSError):
        pipe = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(pipe, f"{line}\n".encode())
        finally:
            os.close(pipe)
