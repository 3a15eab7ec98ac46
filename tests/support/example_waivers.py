"""A file of waivers with one entry, for a requirement with Examples rows."""

from __future__ import annotations

from pathlib import Path

IDENTITY = "signout-ends-captured-session"
WHOLE = f"""\
[[waiver]]
requirement = "{IDENTITY}"
reason = "The gateway caches sessions; a fix is planned."
owner = "Team Door"
issue = "https://issues.example.com/1"
expires = 2027-03-15
"""


def written(folder: Path, text: str) -> Path:
    """The text as waivers.toml in that folder."""
    path = folder / "waivers.toml"
    path.write_text(text, "utf-8")
    return path
