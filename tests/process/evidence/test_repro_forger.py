"""The forger is put into scripts as text, for any python3 with nothing installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from harness.evidence.repro import forger
from harness.tokens.jws import Jwt
from tests.support.limits import LIMIT_SECONDS

TOKEN = Jwt({"alg": "HS256", "typ": "JWT"}, {"sub": "ann"}, "").signed(b"x" * 40)


def test_the_forger_stands_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-", TOKEN, '{"header":{"alg":"none"}}', "empty"],
        input=Path(forger.__file__).read_text("utf-8"),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=True,
    )
    assert Jwt.parse(done.stdout).header == {"alg": "none", "typ": "JWT"}
