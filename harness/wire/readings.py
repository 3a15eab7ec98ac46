"""What a text says to whoever decodes it.

Standard library only: this text goes into scripts as it stands, and prints the readings of the files it is given.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}")


def readings(text: str) -> Iterator[str]:
    """The text as it is, unescaped, and its base64 words decoded.

    Cookies and segments of a JWT have such words.
    """
    plain = dict.fromkeys((text, unquote(text), html.unescape(text)))
    yield from plain
    for word in dict.fromkeys(word for form in plain for word in _BASE64.findall(form)):
        standard = word.replace("-", "+").replace("_", "/")
        try:
            yield base64.b64decode(standard + "=" * (-len(standard) % 4)).decode("utf-8", "replace")
        except binascii.Error:
            continue


if __name__ == "__main__":
    for name in sys.argv[1:]:
        for reading in readings(Path(name).read_text("utf-8", "replace")):
            sys.stdout.write(f"{reading}\n")
