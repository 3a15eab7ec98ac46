"""POSIX shell words for any bytes.

Whatever a deployment or a scenario put into them.
"""

from __future__ import annotations

import re

from harness.core.text import one_line

_LONGEST = 100_000
"""Bytes of one word; Linux takes 128 KiB for one argument of a command."""


class Unquotable(ValueError):  # noqa: N818 - what the text is
    """No argument of a command can hold it.

    The message ends the sentence "it holds ...".
    """


def quoted(content: str | bytes) -> str:
    """One shell word for the text (as UTF-8) or the bytes.

    Raises Unquotable for NUL and for very long ones.
    """
    data = content.encode() if isinstance(content, str) else content
    if b"\0" in data:
        raise Unquotable("a NUL byte, which no argument of a command can hold")
    if len(data) > _LONGEST:
        raise Unquotable(f"{len(data)} bytes, more than an argument of a command can hold")
    text = data.decode("utf-8", "surrogateescape")
    return "".join(_run(text[start:end], plain=plain) for start, end, plain in _runs(text)) or "''"


def _run(text: str, *, plain: bool) -> str:
    if plain:
        return "'" + text.replace("'", "'\\''") + "'"
    octal = "".join(f"\\{byte:03o}" for byte in text.encode("utf-8", "surrogateescape"))
    return f"\"$(printf '{octal}')\""


def _runs(text: str) -> list[tuple[int, int, bool]]:
    """Start, end and whether it needs no escape.

    A line's end needs none, other control characters do.
    """
    shown = "".join("p" if letter.isprintable() or letter == "\n" else "c" for letter in text)
    return [(run.start(), run.end(), run[0][0] == "p") for run in re.finditer("p+|c+", shown)]


def in_comment(text: str) -> str:
    """The text on one line of printable characters.

    So no comment ends early.
    """
    return "".join(letter for letter in one_line(text) if letter.isprintable())
