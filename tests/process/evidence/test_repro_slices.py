"""A script sends what a finding takes and no more, with values of its own in the place of the run's."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.core.exchange import Exchange
from harness.core.redaction import register
from harness.evidence.repro import write_repro
from tests.support.limits import LIMIT_SECONDS
from tests.support.local_server import Handler, serving
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


def test_values_are_spelled_as_their_place_wants(tmp_path: Path) -> None:
    story = Story()
    token = "abc+def/ghi=token-of-ann"
    story.before("GET", "/csrf", answer=f'<input name="csrf" value="{token}">')
    form = "csrf=abc%2Bdef%2Fghi%3Dtoken-of-ann&next=%2F"
    attack = story.here("When it is tried", "POST", "/sign-in", body=form)
    script = script_of(story, tmp_path, attack)
    assert "--data-raw 'csrf='\"$(percent \"$ann_value\")\"'&next=%2F'" in script
    assert token not in script


def test_what_the_suite_made_up_is_made_up_anew(tmp_path: Path) -> None:
    story = Story()
    wrong = register("Aa1!a-wrong-password_1", "password")
    body = {"email": "nobody.0123456789ab@example.com", "password": wrong, "id": "chosen-0123456789abcdef"}
    attack = story.here("When it is tried", "POST", "/sign-in", [JSON], body)
    script = script_of(story, tmp_path, attack)
    assert "'Aa1!'\"$(random 18)\"" in script
    assert not any(known in script for known in ("0123456789ab", wrong))


ALTERED: dict[str, tuple[Callable[[str], str], str]] = {
    "its first character": (lambda value: "A" + value[1:], 'damaged "$(segment 1 "$ann_sid")"'),
    "its signature left out": (lambda value: value.partition(".")[0], 'segment 1 "$ann_sid"'),
    "its last characters": (lambda value: value[:-8], '"${ann_sid%????????}"'),
    "more at its beginning": (lambda value: " " + value, 'sid= \'"$ann_sid"'),
    "a character doubled": (lambda value: value[:12] + value[11:], 'printf %s "$ann_sid" | cut -c1-12'),
    "capitals for small letters": (str.swapcase, 'swapped "$ann_sid"'),
    "more at its end": (lambda value: value + "x", "\"$ann_sid\"'x'"),
}


@pytest.mark.parametrize("how", ALTERED)
def test_what_the_suite_altered_is_altered_anew(how: str, tmp_path: Path) -> None:
    alter, words = ALTERED[how]
    story = Story()
    signed_up(story)
    altered = alter(SESSION)
    register(altered, "cookie")
    attack = story.here("When it is tried", "GET", "/me", [("Cookie", f"sid={altered}")])
    script = script_of(story, tmp_path, attack)
    assert words in script
    assert SESSION.partition(".")[0] not in script


PARTS: dict[str, tuple[Callable[[str], str], str]] = {
    "two segments": (lambda token: token.rpartition(".")[0], "segment 2"),
    "an empty third segment": (lambda token: token.rpartition(".")[0] + ".", "segment 2"),
}


@pytest.mark.parametrize("what", PARTS)
def test_a_part_of_a_token_is_not_taken_for_what_was_handed_out(what: str, tmp_path: Path) -> None:
    shorten, words = PARTS[what]
    story = Story()
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4tMDAxIn0.c2lnbmF0dXJlLW9mLWFubg"
    story.before("GET", "/token", answer={"token": token})
    forged = register(shorten(token), "forged token")
    attack = story.here("When it is tried", "GET", "/tasks", [("Authorization", f"Bearer {forged}")])
    script = script_of(story, tmp_path, attack)
    assert "json 'token' 1" in script
    assert words in script
    assert "between '" not in script


def test_of_two_sessions_the_parts_are_told_apart(tmp_path: Path) -> None:
    story = Story()
    signed_up(story, "Ann", "session-of-ann.signature-of-hers")
    signed_up(story, "Bob", "session-of-bob.signature-of-his")
    mixed = register("session-of-ann.signature-of-his", "cookie")
    attack = story.here("When it is tried", "GET", "/me", [("Cookie", f"sid={mixed}")])
    script = script_of(story, tmp_path, attack)
    assert re.search(r'segment 1 "\$ann_sid"', script)
    assert re.search(r'segment 2 "\$ann_sid_\d"', script)


WITHOUT = {
    "a browser": ({"needs": ["needs-browser"]}, "It takes a browser"),
    "a database": ({"notes": ["age: the session's end was set one hour back"]}, "deployment's database"),
}


@pytest.mark.parametrize("what", WITHOUT)
def test_what_curl_can_not_do_has_no_script(what: str, tmp_path: Path) -> None:
    changes, words = WITHOUT[what]
    story = Story()
    assert words in why_none(story, tmp_path, story.here("When it is tried", "GET", "/"), **changes)


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
