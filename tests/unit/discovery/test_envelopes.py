"""An API with every body in an envelope, and a collection that anyone may read."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from harness.profile.loader import load_profile
from tests.support.discovered_sites import JSON
from tests.support.local_server import Handler, serving


def taking(envelope: str, *fields: str) -> dict[str, Any]:
    inner = {"type": "object", "properties": {name: {"type": "string"} for name in fields}, "required": [*fields]}
    schema = {"type": "object", "properties": {envelope: inner}, "required": [envelope]}
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


class Press:
    """Bodies and answers are in envelopes; what its writers make is listed under ``called``."""

    def __init__(self, called: str, *, is_public: bool) -> None:
        self.called, self.is_public = called, is_public
        self.writers: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.made: list[tuple[str, str]] = []

    @property
    def document(self) -> dict[str, Any]:
        paths = {
            "/writers": {"post": taking("user", "username", "email", "password")},
            "/writers/login": {"post": taking("user", "email", "password")},
            "/writer": {"get": {"summary": "Read"}},
            f"/{self.called}": {"get": {"summary": "Read"}, "post": taking("piece", "title")},
        }
        return {"openapi": "3.1.0", "paths": paths}

    def __call__(self, handler: Handler) -> None:
        code, content = self.answered(handler)
        handler.say(code, json.dumps(content).encode(), JSON)

    def answered(self, handler: Handler) -> tuple[int, Any]:
        asked = f"{handler.command} {handler.path}"
        who = self.tokens.get((handler.headers["Authorization"] or "").removeprefix("Token "))
        user: dict[str, str] = {}
        if handler.command == "POST":
            sent = json.loads(handler.server.noted.asked[-1].body)
            user = sent.get("user", {}) if isinstance(sent, dict) else {}
        if asked == "GET /openapi.json":
            return 200, self.document
        if asked == "POST /writers" and user.keys() >= {"username", "email", "password"}:
            is_new = self.writers.setdefault(user["email"], user["password"]) == user["password"]
            return (201 if is_new else 409), {"user": {"email": user["email"]}}
        if asked == "POST /writers/login" and self.writers.get(user.get("email", "")) == user.get("password", ""):
            token = secrets.token_urlsafe(24)
            self.tokens[token] = user["email"]
            return 200, {"user": {"email": user["email"], "token": token}}
        if asked == "GET /writer" and who is not None:
            return 200, {"user": {"email": who}}
        if asked == f"POST /{self.called}" and who is not None:
            self.made.append((who, sent["piece"]["title"]))
            return 201, {"piece": {"title": sent["piece"]["title"]}}
        if asked == f"GET /{self.called}" and (who is not None or self.is_public):
            return 200, {"pieces": [{"title": title} for by, title in self.made if self.is_public or by == who]}
        return (404, {}) if asked.split()[1] not in self.document["paths"] else (401, {})


@pytest.mark.parametrize(
    ("called", "is_public", "is_judged"),
    [("articles", False, True), ("articles", True, False), ("notes", True, True)],
)
def test_what_is_in_an_envelope_is_found_and_what_is_published_is_nobodys_own(
    called: str, *, is_public: bool, is_judged: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "found.toml"
    with serving(Press(called, is_public=is_public)) as web:
        assert main(["init", web.url, "--try", "--output", str(file)]) == Exit.CONFORMANT
    profile, said = load_profile(str(file)), capsys.readouterr()
    written = file.read_text("utf-8")
    assert 'json = { user = { email = "{email}", password = "{password}" } }' in written
    assert 'scheme = "Token"' in written
    assert (profile.tasks is not None) is is_judged
    assert ("shows anyone what the person put in" in said.out + said.err) is not is_judged
