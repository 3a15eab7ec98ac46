"""A script has values of its own in the place of the run's, made as the suite made them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.core import provenance
from harness.core.provenance import Changed, Given, Joined, Part, Provenance, Random, Segments, Taken, made
from harness.core.redaction import register
from tests.support.limits import LIMIT_SECONDS
from tests.support.scripts import SESSION, requests_in, script_of, signed_up
from tests.support.story import JSON, Story

pytestmark = pytest.mark.usefixtures("nothing_known")


def test_values_are_spelled_as_their_place_wants(tmp_path: Path) -> None:
    story = Story()
    token = "abc+def/ghi=token-of-ann"
    story.before("GET", "/csrf", answer=f'<input name="csrf" value="{token}">')
    form = "csrf=abc%2Bdef%2Fghi%3Dtoken-of-ann&next=%2F"
    attack = story.here("When it is tried", "POST", "/sign-in", body=form)
    script = script_of(story, tmp_path, attack)
    assert "--data-raw 'csrf='\"$(percent \"$ann_value\")\"'&next=%2F'" in script
    assert token not in script


def test_what_the_suite_drew_is_drawn_again(tmp_path: Path) -> None:
    story = Story()
    wrong = register(made("wrong password", Joined(("Aa1!", Random("a-wrong-password_1")))), "password")
    email = made("Zoe email", Joined(("zoe.", Random("0123456789ab"), "@example.com")))
    chosen = made("chosen id", Joined(("chosen-", Random("0123456789abcdef"))))
    body = {"email": email, "password": wrong, "id": chosen}
    attack = story.here("When it is tried", "POST", "/sign-in", [JSON], body)
    script = script_of(story, tmp_path, attack)
    assert 'wrong_password=\'Aa1!\'"$(random 18)"\nsecret "$wrong_password"\n' in script
    assert "zoe_email='zoe.'\"$(random 12)\"'@example.com'\n" in script
    assert "chosen_id='chosen-'\"$(random 16)\"\n" in script
    assert not any(value in script for value in ("0123456789ab", wrong))


ALTERED: dict[str, tuple[Callable[[str], Provenance], str]] = {
    "its first character": (lambda value: Changed("damaged", value), '"$(damaged "$ann_sid")"'),
    "its signature left out": (lambda value: Segments(value, 1, 1), '"$(segment 1 "$ann_sid")"'),
    "its last characters": (lambda value: Part(value, end=-8), '"$(part 1 -8 "$ann_sid")"'),
    "more at its beginning": (lambda value: Joined((" ", Part(value))), "' '\"$ann_sid\""),
    "a character doubled": (
        lambda value: Joined((Part(value, end=12), Part(value, 11))),
        '"$(part 1 12 "$ann_sid")""$(part 12 0 "$ann_sid")"',
    ),
    "capitals for small letters": (lambda value: Changed("swapped", value), '"$(swapped "$ann_sid")"'),
    "more at its end": (lambda value: Joined((Part(value), "x")), "\"$ann_sid\"'x'"),
    "another end": (
        lambda value: Joined((Part(value, end=12), Changed("another", Part(value, 12)))),
        '"$(part 1 12 "$ann_sid")""$(another "$(part 13 0 "$ann_sid")")"',
    ),
}


@pytest.mark.parametrize("how", ALTERED)
def test_what_the_suite_altered_is_altered_again(how: str, tmp_path: Path) -> None:
    alter, word = ALTERED[how]
    story = Story()
    signed_up(story)
    altered = register(made("altered session", alter(SESSION)), "cookie")
    attack = story.here("When it is tried", "GET", "/me", [("Cookie", f"sid={altered}")])
    script = script_of(story, tmp_path, attack)
    assert f'\naltered_session={word}\nsecret "$altered_session"\n' in script
    assert "--header 'Cookie: sid='\"$altered_session\"" in script
    assert SESSION.partition(".")[0] not in script


PARTS: dict[str, tuple[Callable[[str], Provenance], str]] = {
    "two segments": (lambda token: Segments(token, 1, 2), '"$(segment 1-2 "$ann_token")"'),
    "an empty third segment": (
        lambda token: Joined((Segments(token, 1, 2), ".")),
        '"$(segment 1-2 "$ann_token")"\'.\'',
    ),
}


@pytest.mark.parametrize("what", PARTS)
def test_a_part_of_a_token_is_not_taken_for_what_was_handed_out(what: str, tmp_path: Path) -> None:
    shorten, word = PARTS[what]
    story = Story()
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4tMDAxIn0.c2lnbmF0dXJlLW9mLWFubg"
    story.before("GET", "/token", answer={"token": token})
    forged = register(made("shorter token", shorten(token)), "forged token")
    attack = story.here("When it is tried", "GET", "/tasks", [("Authorization", f"Bearer {forged}")])
    script = script_of(story, tmp_path, attack)
    assert "json 'token' 1" in script
    assert f"shorter_token={word}\n" in script
    assert "between '" not in script


def test_of_two_sessions_the_parts_are_told_apart(tmp_path: Path) -> None:
    story = Story()
    hers, his = "session-of-ann.signature-of-hers", "session-of-bob.signature-of-his"
    signed_up(story, "Ann", hers)
    signed_up(story, "Bob", his)
    pieces = Segments(hers, 1, 1), ".", Segments(his, 2, 2)
    mixed = register(made("altered session", Joined(pieces)), "cookie")
    attack = story.here("When it is tried", "GET", "/me", [("Cookie", f"sid={mixed}")])
    script = script_of(story, tmp_path, attack)
    word = '"$(segment 1 "$ann_sid")"\'.\'"$(segment 2 "$ann_sid_2")"'
    assert f"\naltered_session={word}\n" in script


def test_what_a_text_holds_of_the_suite_s_is_made_again(tmp_path: Path) -> None:
    story = Story()
    ann = story.person("Ann")
    attack = story.here("When it is tried", "POST", "/sign-up", body=f"--x\r\n\r\n{ann.name}\r\n--x {ann.email}")
    script = script_of(story, tmp_path, attack)
    assert '"$ann_name_canary"' in script
    assert '--x \'"$ann_email"' in script
    assert not any(value in script for value in (ann.canary, ann.email))


def test_the_username_holds_the_random_part_of_the_address(tmp_path: Path) -> None:
    story = Story()
    ann = story.person("Ann")
    attack = story.here("When it is tried", "POST", "/sign-up", [JSON], {"username": ann.values["username"]})
    script = script_of(story, tmp_path, attack)
    assert 'ann_tag="$(part 5 16 "$ann_email")"\n' in script
    assert '{"username": "ann\'"$ann_tag"\'"}' in script


def test_what_the_environment_gives_is_taken_from_it(tmp_path: Path) -> None:
    story = Story()
    key = register(made("API_KEY", Given("the-key-of-the-deployment-1", "API_KEY")), "API_KEY")
    attack = story.here("When it is tried", "GET", "/me", [("X-Key", key), ("X-Other", f"Key {key}")])
    script = script_of(story, tmp_path, attack)
    assert "# Takes API_KEY from the environment" in script
    assert "--header 'X-Key: '\"$API_KEY\"" in script
    assert "--header 'X-Other: Key '\"$API_KEY\"" in script
    assert key not in script
    command, nothing_set = [str(tmp_path / "repro.sh")], {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        command, env=nothing_set, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    assert done.returncode == 2
    assert "set API_KEY to what the suite was given in it" in done.stderr


def test_a_value_is_taken_from_the_place_where_the_suite_took_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story()
    both = {"session_token": SESSION}
    answer = story.before("POST", "/sign-in", answer=both, set_headers=[("Set-Cookie", f"sid={SESSION}; Path=/")])
    attack = story.here("When it is tried", "GET", "/me", [("Cookie", f"sid={SESSION}")])
    assert "cookie 'sid'" in script_of(story, tmp_path, attack)
    monkeypatch.setattr(provenance, "_ledger", provenance.Ledger())
    made("session", Taken(SESSION, answer, "/session_token"))
    assert "json 'session_token' 1" in script_of(story, tmp_path, attack)


def test_an_answer_of_another_run_hands_out_nothing(tmp_path: Path) -> None:
    signed_up(Story())
    story = Story()
    story.before("GET", "/start", answer="", set_headers=[("Set-Cookie", f"sid={SESSION}; Path=/")])
    attack = story.here("When it is tried", "GET", "/me", [("Cookie", f"sid={SESSION}")])
    assert requests_in(script_of(story, tmp_path, attack)) == [
        "GET \"$BASE_URL\"'/start'",
        "GET \"$BASE_URL\"'/me'",
    ]
