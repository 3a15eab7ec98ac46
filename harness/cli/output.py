"""Output whose reader is gone, or whose disk is full."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

_READER_GONE = (errno.EPIPE, errno.EIO)
"""What a pipe to `head` says, and a terminal that was closed."""


class Output:
    """A stream that drops what it can't write.

    So a command ends as it would.

    ``lost`` says why something was dropped that somebody waits for; None where its reader is gone.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.lost: str | None = None

    def write(self, text: str) -> int:
        """Write a text, or drop it."""
        with self._dropping():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush what was written, or drop it."""
        with self._dropping():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the stream's own
        return getattr(self._stream, name)

    @contextlib.contextmanager
    def _dropping(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno not in _READER_GONE:
                self.lost = error.strerror
            # What is buffered would be tried again when Python ends.
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())


@contextlib.contextmanager
def tolerant_output() -> Iterator[Output]:
    """Standard output as an `Output`, until the end."""
    before, sys.stdout = sys.stdout, Output(sys.stdout)
    output: Any = sys.stdout
    try:
        yield output
    finally:
        output.flush()
        sys.stdout = before
