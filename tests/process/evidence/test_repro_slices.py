"""A script sends what a finding takes and no more."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.core.decisions import Decision, Growing, Holding, Lasting, Matching
from harness.core.redaction import register
from harness.deployment.people import new_canary
from harness.evidence.repro import write_repro
from tests.support.limits import LIMIT_SECONDS
from tests.support.local_server import Handler, serving
from tests.support.scripts import SESSION, TOKEN, requests_in, script_of, signed_up, why_none
from tests.support.story import JSON, Story, finding

pytestmark = pytest.mark.usefixtures("nothing_known")


def test_what_an_earlier_scenario_did_is_repeated_only_where_it_is_needed(tmp_path: Path) -> None:
    story = Story()
    signed_up(story, "Bob", "another-session-0001")
    body = signed_up(story)
    story.before("POST", "/tasks", [JSON, ("Cookie", f"sid={SESSION}")], {"title": "an old one"})
    attack = story.here("When it is tried", "GET", "/me", [("Cookie", f"theme=dark; sid={SESSION}")], answer=body)
    script = script_of(story, tmp_path, attack)
    assert requests_in(script) == ["POST \"$BASE_URL\"'/sign-up'", "GET \"$BASE_URL\"'/me'"]
    assert "--header 'Cookie: theme=dark; sid='\"$ann_sid\"" in script
    assert "ann_sid=\"$(cookie 'sid')\"" in script
    assert "holds 'ann email' \"$ann_email\"" in script


def test_what_was_answered_by_asking_to_wait_is_not_sent_again(tmp_path: Path) -> None:
    story = Story()
    ann = story.person("Ann")
    body = {"email": ann.email, "password": ann.password, "name": ann.name}
    story.before("POST", "/sign-up", [JSON], body, "Too many requests", status=429)
    story.before("POST", "/sign-up", [JSON], body, {"user": {}}, [("Set-Cookie", f"sid={SESSION}; Path=/")])
    attack = story.here("When it is tried", "GET", "/me", [("Cookie", f"sid={SESSION}")], answer=body)
    script = script_of(story, tmp_path, attack)
    assert requests_in(script) == ["POST \"$BASE_URL\"'/sign-up'", "GET \"$BASE_URL\"'/me'"]
    assert "prepared 200" in script
    assert "prepared 429" not in script


def test_a_token_leads_back_to_the_account_that_it_is_of(tmp_path: Path) -> None:
    story = Story()
    body = signed_up(story)
    credentials = {"email": body["email"], "password": body["password"]}
    story.before("POST", "/sign-in", [JSON], credentials, {"data": {"token": TOKEN, "expires": 300}})
    attack = story.here("When it is tried", "GET", "/tasks", [("Authorization", f"Bearer {TOKEN}")], answer="[]")
    script = script_of(story, tmp_path, attack)
    assert [line.split("'")[1] for line in requests_in(script)] == ["/sign-up", "/sign-in", "/tasks"]
    assert "--header 'Authorization: Bearer '\"$ann_token\"" in script
    assert "json 'token' 1" in script


def test_everything_that_changes_something_is_repeated_and_no_other_look(tmp_path: Path) -> None:
    story = Story()
    signed_up(story)
    cookie = ("Cookie", f"sid={SESSION}")
    story.here("Given it is prepared", "GET", "/not-needed", [cookie])
    story.here("Given it is prepared", "POST", "/throttled", [cookie], status=429)
    story.here("When it is tried", "POST", "/sign-out", [cookie])
    attack = story.here("Then it is refused", "GET", "/me", [cookie])
    script = script_of(story, tmp_path, attack)
    assert [line.split("'")[1] for line in requests_in(script)] == ["/sign-up", "/sign-out", "/me"]


def test_of_what_is_prepared_only_that_is_sent_which_can_be_seen(tmp_path: Path) -> None:
    story = Story()
    lea = signed_up(story, "Lea", "session-of-lea-0001")
    ann = signed_up(story)
    given, cookie = "Given it is prepared", ("Cookie", f"sid={SESSION}")
    story.here(given, "POST", "/sign-in", [JSON], {"email": lea["email"], "password": lea["password"]}, status=401)
    story.here(given, "POST", "/api/tasks", [JSON, cookie], {"title": f"x {new_canary()}"}, {"id": "task-id-0001"})
    story.here(given, "POST", "/theme", [JSON, cookie], {"dark": True})
    story.here(given, "GET", "/me", [cookie, ("X-Another", "way")], answer=ann)
    story.here(given, "GET", "/me", [cookie], answer=ann)
    attack = story.here("Then it is refused", "GET", "/me", [cookie], answer=ann)
    script = script_of(story, tmp_path, attack)
    assert [line.split("'")[1] for line in requests_in(script)] == ["/sign-up", "/theme", "/me", "/me"]


def test_a_prepared_task_that_is_shown_is_made(tmp_path: Path) -> None:
    story = Story()
    signed_up(story)
    canary, cookie = new_canary(), ("Cookie", f"sid={SESSION}")
    story.here(
        "Given it is prepared", "POST", "/api/tasks", [JSON, cookie], {"title": canary}, {"id": "task-id-0001"}
    )
    attack = story.here("Then it is refused", "GET", "/api/tasks", [cookie], answer=[{"title": canary}])
    script = script_of(story, tmp_path, attack)
    assert [line.split("'")[1] for line in requests_in(script)] == ["/sign-up", "/api/tasks", "/api/tasks"]


def test_the_comparison_that_decided_is_repeated(tmp_path: Path) -> None:
    story = Story()
    body = signed_up(story)
    cookie = ("Cookie", f"sid={SESSION}")
    before = story.here("Given it is prepared", "GET", "/sessions", [cookie], answer=[{"id": 1}])
    after = story.here("Then it is refused", "GET", "/sessions", [cookie, ("X-Now", "1")], answer=[{"id": 1}] * 2)
    decisions: list[Decision] = [
        Growing(before, after, "id"),
        Lasting(after, 5.0),
        Holding(after, body["email"], "her address"),
        Holding(after, "x", "a text", is_encoded=True),
        Matching(after, r"\$2[ab]\$", "a hash"),
        Matching(after, r"^$", "a code", is_encoded=True),
    ]
    path = tmp_path / "repro.sh"
    assert write_repro(path, story.world, [after], finding(), decisions) is None
    script = path.read_text("utf-8").partition("--- before this scenario")[2]
    assert script.index("counted 'id'") < script.index("more_than_before 'id'") < script.index("longer_than 5")
    assert "holds 'her address' \"$ann_email\"" in script
    assert "holds_encoded 'a text' 'x'" in script
    assert r"matches 'a hash' '\$2[ab]\$'" in script
    assert "matches_encoded 'a code' '^$'" in script
    assert "readings() {" in path.read_text("utf-8")


def test_an_id_of_few_digits_is_the_one_that_the_path_speaks_of(tmp_path: Path) -> None:
    story = Story()
    signed_up(story)
    story.before("POST", "/notes/", [JSON], {"title": "x"}, {"id": 7})
    story.before("POST", "/tasks/", [JSON], {"title": "x"}, {"id": 7})
    attack = story.here("When it is tried", "DELETE", "/tasks/7/", status=204)
    script = script_of(story, tmp_path, attack)
    assert requests_in(script) == [
        "POST \"$BASE_URL\"'/tasks/'",
        "DELETE \"$BASE_URL\"'/tasks/'\"$ann_id\"'/'",
    ]
    story.before("POST", "/users/7/tasks/", [JSON], {"title": "x"}, {"id": 7})
    below = story.here("When it is tried", "GET", "/users/7/tasks/7/")
    *_, made, asked = requests_in(script_of(story, tmp_path, below))
    assert made == "POST \"$BASE_URL\"'/users/7/tasks/'"
    assert re.fullmatch(r"GET \"\$BASE_URL\"'/users/7/tasks/'\"\$ann_id\w*\"'/'", asked), asked
    other = story.here("When it is tried", "GET", "/v/7?page=7&user_id=7")
    assert "'/v/7?page=7&user_id=7'" in script_of(story, tmp_path, other)


def test_what_came_after_the_answer_that_tells_is_not_sent(tmp_path: Path) -> None:
    story = Story()
    signed_up(story)
    cookie = ("Cookie", f"sid={SESSION}")
    attack = story.here("When it is tried", "GET", "/me", [cookie])
    story.here("When it is tried", "GET", "/me", [cookie, ("X-Another", "way")])
    story.here("When it is tried", "POST", "/sign-out", [cookie])
    script = script_of(story, tmp_path, attack)
    assert [line.split("'")[1] for line in requests_in(script)] == ["/sign-up", "/me"]


def test_a_look_at_the_verdict_s_own_step_is_sent(tmp_path: Path) -> None:
    story = Story()
    signed_up(story)
    cookie = ("Cookie", f"sid={SESSION}")
    attack = story.here("When it is tried", "POST", "/tasks", [cookie])
    story.here("Then it is refused", "GET", "/tasks", [cookie])
    script = script_of(story, tmp_path, attack)
    assert [line.split("'")[1] for line in requests_in(script)] == ["/sign-up", "/tasks", "/tasks"]


@pytest.mark.parametrize("shown", [True, False], ids=["her name is shown", "nothing of hers is shown"])
def test_others_look_only_where_something_of_theirs_is_shown(shown: bool, tmp_path: Path) -> None:
    """A deployment that keeps answers shows one person what another asked for."""
    story = Story()
    lea = signed_up(story, "Lea", "session-of-lea-0001")
    body = signed_up(story)
    story.here("Given it is prepared", "GET", "/me", [("Cookie", "sid=session-of-lea-0001")], answer=lea)
    answer = lea if shown else body
    attack = story.here("When it is tried", "GET", "/me", [("Cookie", f"sid={SESSION}")], answer=answer)
    asked = [line.split("'")[1] for line in requests_in(script_of(story, tmp_path, attack))]
    assert asked == (["/sign-up", "/sign-up", "/me", "/me"] if shown else ["/sign-up", "/me"])


WITHOUT = {
    "a browser": ({"needs": ["needs-browser"]}, "It takes a browser"),
    "a database": ({"notes": ["age: the session's end was set one hour back"]}, "deployment's database"),
}


@pytest.mark.parametrize("what", WITHOUT)
def test_what_curl_can_not_do_has_no_script(what: str, tmp_path: Path) -> None:
    changes, words = WITHOUT[what]
    story = Story()
    assert words in why_none(story, tmp_path, story.here("When it is tried", "GET", "/"), **changes)


def test_requests_at_the_same_moment_have_no_script(tmp_path: Path) -> None:
    story = Story()
    attack = replace(story.here("When it is tried", "POST", "/refresh"), together=True)
    assert "several requests at the same moment" in why_none(story, tmp_path, attack)


def test_a_finding_without_an_answer_has_no_script(tmp_path: Path) -> None:
    assert "no single answer" in why_none(Story(), tmp_path)


def test_a_request_that_no_shell_can_send_has_no_script(tmp_path: Path) -> None:
    story = Story()
    attack = story.here("When it is tried", "GET", "/", [("X-Odd", "a\0b")])
    assert "NUL byte" in why_none(story, tmp_path, attack)


def test_too_many_requests_have_no_script(tmp_path: Path) -> None:
    story = Story()
    for _ in range(100):
        attack = story.here("When it is tried", "POST", "/tasks", [JSON], {"title": "x"})
    assert "more than 60 requests" in why_none(story, tmp_path, attack)


def test_a_script_with_a_secret_in_it_is_not_written(tmp_path: Path) -> None:
    story = Story()
    secret = register("a-secret-where-nobody-looks-for-one-1", "token")
    attack = story.here("When it is tried", "GET", "/", [("Accept", f"text/{secret}")])
    assert why_none(story, tmp_path, attack) == "A secret of this run would stand in the script."


# --- a made-up scenario, executed ---


def test_a_script_tells_the_same_answer_from_another(tmp_path: Path) -> None:
    story = Story()
    body = signed_up(story)
    attack = story.here("When it is tried", "GET", "/me", [("Cookie", f"sid={SESSION}")], answer=body)
    script_of(story, tmp_path, attack)
    ended = [executed(tmp_path, answers) for answers in (leaking, hiding, other_status, broken)]
    assert [done.returncode for done in ended] == [0, 1, 1, 2], ended
    assert ended[0].stdout.endswith("the suite saw 200, this run saw 200: reproduced\n")
    assert "different: ann email is not in the answer" in ended[1].stdout
    assert ended[2].stdout.endswith("the suite saw 200, this run saw 404: not reproduced\n")
    assert "it was answered 503, and 200 when the suite ran (Ann's laptop: POST /sign-up)" in ended[3].stderr
    assert not (tmp_path / "hacked").exists()


def executed(tmp_path: Path, answer: Callable[[Handler, bytes], None]) -> subprocess.CompletedProcess[str]:
    said: list[bytes] = []

    def answering(handler: Handler) -> None:
        asked = server.asked[-1]
        if asked.path == "/sign-up" and answer is not broken:
            said.append(asked.body)
            handler.say(200, b'{"user": {"id": "another-id"}}', ("Set-Cookie", "sid=another-session; Path=/"))
        else:
            answer(handler, b"".join(said))

    with serving(answering) as server:
        return subprocess.run(
            [str(tmp_path / "repro.sh")],
            cwd=tmp_path,
            env={**os.environ, "BASE_URL": server.url + "/"},
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )


def leaking(handler: Handler, body: bytes) -> None:
    assert handler.headers["Cookie"] == "sid=another-session"
    handler.say(200, body)


def hiding(handler: Handler, body: bytes) -> None:
    handler.say(200, b"null")


def other_status(handler: Handler, body: bytes) -> None:
    handler.say(404, body)


def broken(handler: Handler, body: bytes) -> None:
    handler.say(503)
