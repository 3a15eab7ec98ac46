"""Redirects are followed within the deployment, and nowhere else; a circle has an end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from harness.deployment.credential import ANONYMOUS, Credential
from harness.deployment.deployment import Deployment
from harness.deployment.destination import is_sign_in
from harness.deployment.trail import MOST_REDIRECTS, Trail, follow
from harness.profile.loader import load_profile
from harness.profile.target import Target
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

PROFILE = load_profile("reference")
SESSION = Credential("Ann's session", {"sid": "1"})
PAGE = Answer(200, "<p>Here</p>")


def to(location: str, *cookies: str, status: int = 303) -> Answer:
    return Answer(status, "", [("Location", location), *(("Set-Cookie", cookie) for cookie in cookies)])


def refresh(url: str) -> Answer:
    return Answer(200, f'<meta http-equiv="refresh" content="0;url={url}">')


def target(web: str = WEB, **pages: Any) -> Target:
    assert PROFILE.pages is not None
    return Target(PROFILE.model_copy(update={"pages": PROFILE.pages.model_copy(update=pages)}), web, API)


def followed(
    answers: Mapping[str, Answer] | Callable[[Sent], Answer], credential: Credential = ANONYMOUS, **more: Any
) -> tuple[Trail, FakeClient]:
    def server(sent: Sent) -> Answer:
        return answers(sent) if callable(answers) else answers.get(sent.url.removeprefix(WEB), Answer(404))

    client = FakeClient(server)
    return follow(Deployment(target(), client), "/tasks", "Ann", credential, **more), client


def paths(client: FakeClient) -> list[str]:
    return [sent.url.removeprefix(WEB) for sent in client.sent]


def test_a_page_that_leads_nowhere_is_the_end() -> None:
    trail, client = followed({"/tasks": PAGE})
    assert (trail.end.status, trail.circle, trail.outside, trail.to_sign_in) == (200, (), None, False)
    assert paths(client) == ["/tasks"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/tasks/", "tasks/", f"{WEB}/tasks/", "/tasks/#top", "  /tasks/ "])
def test_a_redirect_is_followed(status: int, location: str) -> None:
    trail, client = followed({"/tasks": to(location, status=status), "/tasks/": PAGE}, SESSION)
    assert (trail.end.status, len(trail.exchanges), paths(client)) == (200, 2, ["/tasks", "/tasks/"])
    assert [sent.cookies for sent in client.sent] == [{"sid": "1"}] * 2


@pytest.mark.parametrize("answer", [to("/signin"), to("signin?next=%2Ftasks"), refresh("/signin")])
def test_the_sign_in_page_is_not_asked_for_unless_the_way_goes_on(answer: Answer) -> None:
    trail, client = followed({"/tasks": answer, "/signin": PAGE})
    assert trail.to_sign_in
    assert paths(client) == ["/tasks"]
    trail, client = followed(
        {"/tasks": answer, "/signin": PAGE, "/signin?next=%2Ftasks": PAGE}, through_sign_in=True
    )
    assert (trail.to_sign_in, trail.end.status, len(client.sent)) == (True, 200, 2)


def test_a_second_redirect_is_followed_too() -> None:
    trail, client = followed({"/tasks": to("/login"), "/login": to("/signin")})
    assert trail.to_sign_in
    assert paths(client) == ["/tasks", "/login"]


def test_whoever_is_led_through_sign_in_is_not_led_to_it() -> None:
    answers = {"/tasks": to("/signin", "fresh=1"), "/signin": to("/home"), "/home": PAGE}
    trail, _ = followed(answers, through_sign_in=True)
    assert (trail.to_sign_in, trail.end.status) == (False, 200)


@pytest.mark.parametrize(
    ("answers", "circles"),
    [
        (
            {"/tasks": to("/signin"), "/signin": to("/tasks")},
            "sent round in circles between /signin and /tasks",
        ),
        ({"/tasks": to("/tasks")}, "sent back to /tasks again and again"),
        ({"/tasks": to("/a"), "/a": to("/b"), "/b": to("/a")}, "sent round in circles between /a and /b"),
        ({"/tasks": refresh("/a"), "/a": refresh("/tasks")}, "sent round in circles between /a and /tasks"),
    ],
)
def test_a_circle_is_found_out(answers: Mapping[str, Answer], circles: str) -> None:
    trail, client = followed(answers, SESSION, through_sign_in=True)
    assert trail.circles == circles
    assert len(client.sent) <= 4


def test_a_way_without_an_end_is_given_up() -> None:
    def server(sent: Sent) -> Answer:
        return to(f"/tasks?round={int(sent.query.get('round', 0)) + 1}")

    trail, client = followed(server)
    assert trail.circles == "sent back to /tasks again and again"
    assert len(client.sent) == MOST_REDIRECTS + 1


def test_a_cookie_that_is_set_on_the_way_ends_a_circle() -> None:
    def server(sent: Sent) -> Answer:
        return PAGE if "seen" in sent.cookies else to("/tasks", "seen=1; Path=/")

    trail, client = followed(server, SESSION)
    assert (trail.end.status, trail.circle) == (200, ())
    assert client.sent[-1].cookies == {"sid": "1", "seen": "1"}


@pytest.mark.parametrize("deletion", ["sid=; Path=/", "sid=x; Max-Age=0"])
def test_a_cookie_that_is_taken_away_on_the_way_is_gone(deletion: str) -> None:
    def server(sent: Sent) -> Answer:
        return to("/tasks", deletion) if sent.cookies else PAGE

    trail, _ = followed(server, SESSION)
    assert (trail.end.status, trail.circle) == (200, ())


@pytest.mark.parametrize(
    ("location", "to_sign_in"),
    [
        ("https://login.example.com/start", False),
        ("https://login.example.com/signin", True),
        ("//evil.invalid/x", False),
    ],
)
def test_a_way_out_is_not_followed(location: str, to_sign_in: bool) -> None:
    trail, client = followed({"/tasks": to(location)})
    assert trail.outside is not None
    assert trail.outside.endswith(location)
    assert trail.to_sign_in is to_sign_in
    assert len(client.sent) == 1


@pytest.mark.parametrize("location", ["http://[::1/x", "http://h:99999999/x", "javascript:alert(1)", ""])
def test_what_is_no_address_leads_nowhere_else(location: str) -> None:
    trail, _ = followed({"/tasks": to(location)})
    assert trail.outside is None
    assert trail.end.status == 303


def test_the_origin_by_which_a_deployment_knows_itself_is_its_own() -> None:
    profile = PROFILE.model_copy(update={"public_origin": "https://app.example.com"})
    client = FakeClient(lambda sent: to("https://app.example.com/home?a=1") if sent.path == "/tasks" else PAGE)
    trail = follow(Deployment(Target(profile, WEB, API), client), "/tasks", "Ann", SESSION)
    assert trail.end.url == f"{WEB}/home?a=1"


def test_a_page_that_loads_itself_again_is_the_end() -> None:
    trail, client = followed({"/tasks": refresh("/tasks")})
    assert (trail.circle, len(client.sent)) == ((), 1)


def test_what_is_no_page_leads_nowhere() -> None:
    answer = Answer(200, refresh("/signin").body, [("Content-Type", "application/json")])
    assert not followed({"/tasks": answer})[0].to_sign_in


def test_further_headers_are_sent_on_the_whole_way() -> None:
    _, client = followed({"/tasks": to("/a"), "/a": PAGE}, extra=(("RSC", "1"),))
    assert [sent.header("rsc") for sent in client.sent] == ["1", "1"]


@pytest.mark.parametrize(
    ("sign_in", "url", "it_is"),
    [
        ("/signin", f"{WEB}/signin", True),
        ("/signin", f"{WEB}/signin/?next=%2F", True),
        ("/signin/", f"{WEB}/signin", True),
        ("/signin", f"{WEB}/en/signin", True),
        ("/signin", f"{WEB}/welcome?next=/signin", False),
        ("/signin", f"{WEB}/signin/help", False),
        ("/signin", f"{WEB}/nosignin", False),
        ("/", f"{WEB}/?next=/tasks", True),
        ("/", f"{WEB}/tasks", False),
        ("/?view=login", f"{WEB}/?view=login&next=1", True),
        ("/?view=login", f"{WEB}/?view=tasks", False),
    ],
)
def test_which_address_is_the_sign_in_page_s(sign_in: str, url: str, it_is: bool) -> None:
    assert is_sign_in(target(sign_in=sign_in), url) is it_is


def test_below_a_base_path_it_is_the_sign_in_page_too() -> None:
    assert is_sign_in(target(f"{WEB}/app"), f"{WEB}/app/signin")
    assert is_sign_in(target(f"{WEB}/app", sign_in="/"), f"{WEB}/app/")
    assert not is_sign_in(target(f"{WEB}/app", sign_in="/"), f"{WEB}/")
