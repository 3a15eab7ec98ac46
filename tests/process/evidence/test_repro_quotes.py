"""What a deployment or a scenario says stays text in a script, whatever it holds."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from harness.evidence.repro.quotes import in_comment, quoted
from tests.support.limits import LIMIT_SECONDS
from tests.support.shell import HOSTILE

SHELLS = [shell for shell in ("sh", "dash", "bash") if shutil.which(shell)]


def spoken(shell: str, word: str) -> bytes:
    done = subprocess.run(
        [shell, "-c", f"set -eu\nexport LC_ALL=C\nprintf '%s.' {word}"],
        capture_output=True,
        timeout=LIMIT_SECONDS,
        check=True,
    )
    return done.stdout[:-1]


@pytest.mark.parametrize("shell", SHELLS)
def test_every_text_comes_out_as_it_went_in(shell: str) -> None:
    for text in HOSTILE:
        assert spoken(shell, quoted(text)) == text.encode(), text


@pytest.mark.parametrize("shell", SHELLS)
def test_bytes_that_are_no_text_come_out_as_they_went_in(shell: str) -> None:
    for content in (b"\xe9\xe8\xff", b"\xff'\n\xfe", bytes(range(1, 256))):
        assert spoken(shell, quoted(content)) == content


@pytest.mark.parametrize("shell", SHELLS)
def test_a_comment_ends_where_its_line_ends(shell: str) -> None:
    for text in (*HOSTILE, "a\nprintf hacked", "a\rprintf hacked", "a\u2028printf hacked", "a\x85printf hacked"):
        comment = in_comment(text)
        assert comment.isprintable()
        done = subprocess.run(
            [shell, "-c", f"# {comment}\nprintf sound"], capture_output=True, timeout=LIMIT_SECONDS, check=True
        )
        assert done.stdout == b"sound"
