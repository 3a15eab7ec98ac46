"""What a deployment or a scenario says stays text in a script, whatever it holds."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from harness.evidence.repro.quotes import Unquotable, in_comment, quoted

SHELLS = [shell for shell in ("sh", "dash", "bash") if shutil.which(shell)]
HOSTILE = [
    "",
    "plain",
    "it's",
    "'",
    "''",
    "'; touch hacked; '",
    '"$(touch hacked)"',
    "`touch hacked`",
    "$HOME ${HOME} $((1+1))",
    "back\\slash \\n \\' \\\\",
    "two\nlines\n",
    "\n",
    "tab\tand\r\nreturn",
    "@/etc/passwd",
    "-n",
    "--output=x",
    "100% %s %d",
    "Łódź 村 🦊",
    "\x1b[31mred\x1b[0m \x07",
    "\u202eright to left",
    "! history !!",
    "# no comment",
    "a*b?[c]{d,e} ~",
]


def spoken(shell: str, word: str) -> bytes:
    done = subprocess.run(
        [shell, "-c", f"set -eu\nexport LC_ALL=C\nprintf '%s.' {word}"],
        capture_output=True,
        timeout=10,
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


def test_what_no_argument_can_hold_is_refused() -> None:
    with pytest.raises(Unquotable, match="NUL"):
        quoted("a\0b")
    with pytest.raises(Unquotable, match="200000 bytes"):
        quoted("x" * 200_000)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_comment_ends_where_its_line_ends(shell: str) -> None:
    for text in (*HOSTILE, "a\nprintf hacked", "a\rprintf hacked", "a\u2028printf hacked", "a\x85printf hacked"):
        comment = in_comment(text)
        assert comment.isprintable()
        done = subprocess.run(
            [shell, "-c", f"# {comment}\nprintf sound"], capture_output=True, timeout=10, check=True
        )
        assert done.stdout == b"sound"
