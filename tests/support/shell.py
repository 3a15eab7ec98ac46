"""Runs the functions of the scripts by themselves."""

from __future__ import annotations

import subprocess
from importlib.resources import files

from harness.evidence.repro.quotes import quoted
from tests.support.limits import LIMIT_SECONDS

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
"""Texts that a shell would make something of."""


def run(
    commands: str, base_url: str = "http://127.0.0.1:9", shell: str = "sh"
) -> subprocess.CompletedProcess[str]:
    """Run shell commands after functions.sh, as scripts do."""
    functions = files("harness.evidence.repro").joinpath("functions.sh").read_text("utf-8")
    script = f"set -eu\nexport LC_ALL=C\nBASE_URL={quoted(base_url)}\n{functions}\n{commands}\n"
    return subprocess.run(
        [shell, "-c", script], capture_output=True, text=True, errors="replace", timeout=LIMIT_SECONDS, check=False
    )
