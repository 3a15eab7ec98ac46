"""What is found by trying, on a site with forms: the way out, and what is said of a wrong password."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from harness.deployment.people import PersonFactory
from harness.discovery.asker import Addresses
from harness.discovery.trial.holder import with_token
from harness.discovery.trial.visitor import Trial, Visitor
from harness.profile.loader import load_profile
from harness.profile.profile import People, Profile
from tests.support.discovered_sites import HTML, JSON
from tests.support.local_server import Handler, serving
from tests.unit.discovery.test_attempts import answer as answered

FORM = "<label>Mail <input name=mail type=email></label><label>Word <input name=word type=password></label>"

GONE = "<form method=post action=/gone><button>Delete all</button></form>"


class Club:
    """A site with forms, on which a link leads to the page that asks whether to leave."""

    def __init__(self, link: str, ends: str = "") -> None:
        self.members: dict[str, str] = {}
        self.sessions: dict[str, str] = {}
        self.link, self.ends = link, ends
        self.pressed: list[str] = []

    def __call__(self, handler: Handler) -> None:
        url = urlsplit(handler.path)
        visit = (handler.headers["Cookie"] or "").removeprefix("visit=")
        who = self.sessions.get(visit)
        said = "That was not it." if url.query == "no=1" else "Please."
        form = f"<p>{said}</p><form method=post action={url.path}>{FORM}<button>Go</button></form>"
        pages = {
            "/": '<a href="/enter">Enter</a> <a href="/join">Join</a> <a href="/desk">Desk</a>',
            "/enter": form,
            "/join": form,
            "/way-out": "<form method=post action=/done><button>Really</button></form>",
        } | ({"/desk": f'<p>{who}</p><a href="{self.link}">Log out</a>{GONE}'} if who else {})
        asked = f"{handler.command} {url.path}"
        if asked in ("POST /done", "GET /logout"):
            self.sessions.pop(visit, None)
            self.leads(handler, "/enter")
        elif asked == "DELETE /account" and who is not None and self.ends:
            self.sessions = {key: one for key, one in self.sessions.items() if one != who}
            if self.ends == "the account":
                del self.members[who]
            handler.say(204)
        elif asked == "POST /gone":
            self.pressed.append(who or "")
            handler.say(204)
        elif asked == "GET /auth/session":
            handler.say(200, json.dumps({"mail": who} if who else None).encode(), JSON)
        elif asked in ("POST /enter", "POST /join"):
            self.opened(handler, url.path)
        elif handler.command == "GET" and url.path in pages:
            handler.say(200, pages[url.path].encode(), HTML)
        else:
            self.leads(handler, "/enter") if asked == "GET /desk" else handler.say(404)

    def opened(self, handler: Handler, path: str) -> None:
        given = {key: one[0] for key, one in parse_qs(handler.server.noted.asked[-1].body.decode()).items()}
        mail, word = given.get("mail", ""), given.get("word", "")
        if path == "/join":
            good = mail not in self.members and len(word) > 7
            self.members |= {mail: word} if good else {}
            self.leads(handler, "/enter" if good else "/join")
        elif self.members.get(mail) == word:
            ticket = secrets.token_urlsafe(24)
            self.sessions[ticket] = mail
            self.leads(handler, "/desk", ("Set-Cookie", f"visit={ticket}; Path=/; HttpOnly"))
        else:
            self.leads(handler, "/enter?no=1")

    def leads(self, handler: Handler, to: str, *headers: tuple[str, str]) -> None:
        handler.say(303, b"", ("Location", to), *headers)


def tried(link: str, file: Path, ends: str = "") -> Profile:
    club = Club(link, ends)
    with serving(club) as web:
        assert main(["init", web.url, "--try", "--output", str(file)]) == Exit.CONFORMANT
    assert not club.pressed
    return load_profile(str(file))


def test_a_link_leads_to_the_button_that_signs_out(tmp_path: Path) -> None:
    profile = tried("/way-out", tmp_path / "found.toml")
    assert profile.operations.sign_out is not None
    assert (profile.operations.sign_out.method, profile.operations.sign_out.path) == ("POST", "/done")
    assert profile.pages is not None
    assert (profile.pages.sign_out_steps, profile.pages.sign_out_button) == (["Log out"], "Really")


def test_a_link_that_signs_out_by_itself_ends_no_session_that_is_needed(tmp_path: Path) -> None:
    profile = tried("/logout", tmp_path / "found.toml")
    assert profile.operations.sign_out is not None
    assert (profile.operations.sign_out.method, profile.operations.sign_out.path) == ("GET", "/logout")
    assert profile.pages is not None
    assert (profile.pages.protected, profile.pages.sign_out_steps) == (["/desk"], [])


def test_what_is_said_of_a_wrong_password_is_read_where_the_refusal_leads(tmp_path: Path) -> None:
    pages = tried("/way-out", tmp_path / "found.toml").pages
    assert pages is not None
    assert pages.bad_credentials == "That was not it[.]"


@pytest.mark.parametrize(("ends", "found"), [("the account", "/account"), ("the sessions", None), ("", None)])
def test_the_account_that_was_made_is_deleted(
    ends: str, found: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deletion = tried("/way-out", tmp_path / "found.toml", ends).operations.delete_user
    assert (deletion.path if deletion is not None else None) == found
    assert ("nothing was found that deletes it" in capsys.readouterr().err) is (found is None)


def token_of(content: Any) -> tuple[tuple[str, str], ...] | None:
    """What presents the token of that answer."""
    url = "http://127.0.0.1"
    trial = Trial(None, Addresses(url, url), url)  # type: ignore[arg-type]
    visitor = Visitor(trial, PersonFactory(People(), 1).person("Lee"), "the laptop")
    opener = with_token(visitor, {"kind": "jwt", "pointer": "/token"}, answered(200, content))
    return opener.headers if opener is not None else None


def test_a_token_that_the_session_gives_is_presented() -> None:
    assert token_of({"token": "abc.def.ghi"}) == (("Authorization", "Bearer abc.def.ghi"),)
    assert token_of(None) is None
