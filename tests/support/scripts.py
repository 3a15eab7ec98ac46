"""Writes the script of a made-up finding."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from harness.core.exchange import Exchange
from harness.evidence.repro import write_repro
from tests.support.limits import LIMIT_SECONDS
from tests.support.story import JSON, Story, finding

SESSION = "c0ffee-session-of-ann-1.signature%3D"
TOKEN = "opaque-access-token-of-ann-1"


def script_of(story: Story, tmp_path: Path, *deciding: Exchange, **changes: object) -> str:
    path = tmp_path / "repro.sh"
    why_not = write_repro(path, story.world, deciding, finding(**changes))
    assert why_not is None, why_not
    subprocess.run(["sh", "-n", str(path)], check=True, timeout=LIMIT_SECONDS)
    return path.read_text("utf-8")


def why_none(story: Story, tmp_path: Path, *deciding: Exchange, **changes: object) -> str:
    path = tmp_path / "repro.sh"
    why_not = write_repro(path, story.world, deciding, finding(**changes))
    assert why_not is not None
    assert not path.exists()
    return why_not


def requests_in(script: str) -> list[str]:
    return re.findall(r"^ask (\S+ .*?)(?: \\)?$", script, re.MULTILINE)


def signed_up(story: Story, alias: str = "Ann", session: str = SESSION) -> dict[str, str]:
    ann = story.person(alias)
    body = {"email": ann.email, "password": ann.password, "name": ann.name}
    cookie = ("Set-Cookie", f"sid={session}; Path=/")
    story.before("POST", "/sign-up", [JSON], body, {"user": {"id": "user-id-of-ann"}}, [cookie])
    return body
