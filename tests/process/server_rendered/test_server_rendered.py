"""A server-rendered application is judged by its profile alone, and found out when faulty."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.cli.main import main
from harness.core.exits import Exit
from tests.detection.first_rows import environment
from tests.process.server_rendered.board import COOKIE, Board, Member, serving
from tests.support.suite import Ended, run

PROFILE = str(Path(__file__).parent / "board.toml")
LIFETIME = {"expiry-expired-session-is-refused"}
"""What needs a shorter session than an hour."""


class ShowsAnyNote(Board):
    """Whoever is signed in reads and changes any note."""

    def owner_of(self, number: int, member: Member) -> Member | None:
        return next((one for one in self.members.values() if number in one.notes), None)


class KeepsSessions(Board):
    """Sign-out takes the cookie away and ends nothing."""

    def end(self, request: Request) -> None:
        pass


class AsksForNoForm(Board):
    """A form is taken from any page."""

    def from_own_page(self, request: Request, given: dict[str, str]) -> bool:
        return True


class KnowsNoPassword(Board):
    """Any password opens an account."""

    def password_fits(self, member: Member | None, password: str) -> bool:
        return True


class ServesGuests(Board):
    """Who has no session gets the notes of the first member."""

    def member(self, request: Request) -> Member | None:
        first = next(iter(self.members.values()), None) if request.url.path == "/notes" else None
        return super().member(request) or first


class LastVisitorIsEverybody(Board):
    """Every session, and none, is that of whoever sent a form last."""

    async def _given(self, request: Request) -> dict[str, str]:
        given = dict(parse_qsl((await request.body()).decode()))
        if "email" in given:
            known = self.members.get("all") or Member(1, "", "", b"")
            known.email, known.name = given["email"], given.get("name", known.name)
            self.members["all"] = known
        return given

    def member(self, request: Request) -> Member | None:
        return self.members.get("all")

    async def join(self, request: Request) -> Response:
        await self._given(request)
        return self._opened(request, self.members["all"])

    enter = join


class EveryAddressIsItsOwnKey(Board):
    """The cookie is the address in Base64, and any password opens any address."""

    def member(self, request: Request) -> Member | None:
        try:
            email = base64.b64decode(request.cookies.get(COOKIE, "").strip('"')).decode()
        except ValueError:
            return None
        return self.members.get(email)

    async def join(self, request: Request) -> Response:
        given = await self._given(request)
        email = given.get("email", "")
        member = self.members.setdefault(email, Member(self._next(), email, given.get("name", ""), b""))
        opened = RedirectResponse("/notes", 303)
        opened.set_cookie(COOKIE, base64.b64encode(member.email.encode()).decode(), httponly=True)
        return opened

    enter = join


def judged(board: Board, folder: Path, *options: str, env: dict[str, str] | None = None) -> Ended:
    words = ("features", "-q", "-m", "not needs-browser", "--target", PROFILE, *options)
    with serving(board) as url:
        return run(folder, *words, "--base-url", url, env=env)


def by_verdict(ended: Ended, verdict: str) -> set[str]:
    """The requirements of that verdict, without their rows."""
    return {one["identity"] for one in ended.report["results"] if one["verdict"] == verdict}


def test_the_doctor_has_no_doubt(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Board()) as url:
        code = main(["doctor", url, "--target", PROFILE])
    told = capsys.readouterr().out
    assert code == Exit.CONFORMANT, told
    assert {line.split()[0] for line in told.splitlines()[:-1]} == {"ok", "absent"}


def test_all_that_applies_passes(tmp_path: Path) -> None:
    ended = judged(Board(), tmp_path)
    assert by_verdict(ended, "fail") | by_verdict(ended, "warn") | by_verdict(ended, "error") == set(), (
        ended.output
    )
    assert by_verdict(ended, "not tested") <= LIFETIME, ended.output
    assert len(by_verdict(ended, "pass")) >= 45, "most of what is about cookies and tasks applies"


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (
            ShowsAnyNote,
            {"idor-task-read-is-refused", "idor-task-change-is-refused", "idor-task-delete-is-refused"},
        ),
        (KeepsSessions, {"signout-ends-captured-session", "page-signed-out-session-is-refused"}),
        (AsksForNoForm, {"csrf-simple-request-changes-nothing"}),
        (KnowsNoPassword, {"signin-wrong-password-refused"}),
        (ServesGuests, {"token-missing-is-refused", "page-requires-authentication"}),
    ],
)
def test_a_fault_is_found(kind: type[Board], found: set[str], tmp_path: Path) -> None:
    ended = judged(kind(), tmp_path, "--skip-doctor", env=environment(tuple(found)))
    assert found <= by_verdict(ended, "fail"), ended.output
    assert ended.code == Exit.NOT_CONFORMANT


@pytest.mark.parametrize("kind", [LastVisitorIsEverybody, EveryAddressIsItsOwnKey])
def test_no_must_passes_where_nobody_is_told_apart(kind: type[Board], tmp_path: Path) -> None:
    ended = judged(kind(), tmp_path, "--skip-doctor")
    passed = [
        one["identity"] for one in ended.report["results"] if (one["verdict"], one["level"]) == ("pass", "must")
    ]
    assert passed == []
    assert ended.code in (Exit.NOT_CONFORMANT, Exit.TARGET_UNUSABLE)
