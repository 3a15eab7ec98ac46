"""The functions of the scripts: what curl really sends, and that shell and Python take the same out of answers."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from harness.core.exchange import Exchange
from harness.core.provenance import CHANGES
from harness.evidence.repro.comparison import cookies_set
from harness.evidence.repro.extraction import captures, cookies_in
from harness.evidence.repro.quotes import quoted
from tests.support.limits import LIMIT_SECONDS
from tests.support.local_server import Handler, serving
from tests.support.shell import HOSTILE, run


def answered(body: str = "", *headers: tuple[str, str]) -> Exchange:
    return Exchange("Ann's laptop", "GET", "http://127.0.0.1/", [], b"", 200, headers, body.encode(), 0.0)


def in_shell(exchange: Exchange, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command where the answer's files are."""
    head = "\r\n".join(["HTTP/1.1 200 OK", *(f"{name}: {value}" for name, value in exchange.headers), "", ""])
    return run(
        f'printf %s {quoted(head)} >"$work/headers"\nprintf %s {quoted(exchange.text)} >"$work/body"\n{command}'
    )


TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
ANSWERS = {
    "a cookie": (answered("", ("Set-Cookie", "sid=the-value%3D; Path=/; HttpOnly")), "the-value%3D"),
    "a cookie in lower case": (answered("", ("set-cookie", "sid=the-value")), "the-value"),
    "a cookie set twice": (
        answered("", ("Set-Cookie", "sid=; Max-Age=0"), ("Set-Cookie", "sid=the-value"), ("Set-Cookie", "sid=")),
        "the-value",
    ),
    "a header": (answered("", ("set-auth-token", TOKEN)), TOKEN),
    "a header with a scheme": (answered("", ("Authorization", f"Bearer {TOKEN}")), TOKEN),
    "JSON": (answered('{"user": {"id": "abc-1"}, "token" : "the value"}'), "the value"),
    "JSON over lines": (answered('{\n  "token":\n    "the-value"\n}'), "the-value"),
    "the second of two in JSON": (answered('[{"id": "id-number-1"}, {"id": "id-number-2"}]'), "id-number-2"),
    "a number in JSON": (answered('{"id":1234567890}'), "1234567890"),
    "after an escaped one in JSON": (answered('{"id": "a\\"b", "more": {"id": "the-value"}}'), "the-value"),
    "HTML": (answered('<p>x</p>\n<input name="csrf" value="the-value">\n'), "the-value"),
    "a cookie that is sent decoded": (answered("", ("Set-Cookie", "sid=the%2Bvalue%3D")), "the+value="),
    "JSON that is sent encoded": (answered('{"token": "the+value/="}'), "the%2Bvalue%2F%3D"),
}


@pytest.mark.parametrize("where", ANSWERS)
def test_a_value_is_found_where_it_was(where: str) -> None:
    exchange, value = ANSWERS[where]
    capture = next(captures(exchange, value))
    assert in_shell(exchange, capture.command).stdout.rstrip("\n") == value


@pytest.mark.parametrize("where", ANSWERS)
def test_no_way_finds_anything_in_another_answer(where: str) -> None:
    exchange, value = ANSWERS[where]
    command = next(captures(exchange, value)).command
    done = in_shell(answered('{"other": "thing"}', ("Set-Cookie", "other=thing")), f"x=$({command}) || missing it")
    assert done.returncode == 2 or "$(" in command
    assert done.stdout == ""


def test_a_value_that_is_nowhere_has_no_capture() -> None:
    assert not list(captures(answered('{"token": "another"}', ("Set-Cookie", "a=b")), "the-value"))


def test_cookies_are_described_alike() -> None:
    exchange = answered(
        "",
        ("Set-Cookie", "sid=x.y; Path=/; Expires=Thu, 01 Jan 2099 00:00:00 GMT; HttpOnly; SameSite=Lax"),
        ("Set-Cookie", "csrf=abc; Max-Age=3600; Path=/"),
        ("Set-Cookie", "gone=; Max-Age=0; Path=/"),
    )
    assert cookies_set(exchange).splitlines() == [
        "csrf=*; Path=/",
        "gone=; Max-Age=0; Path=/",
        "sid=*; Path=/; HttpOnly; SameSite=Lax",
    ]
    assert in_shell(exchange, "cookies").stdout.rstrip("\n") == cookies_set(exchange)
    assert cookies_in(exchange) == {"sid": "x.y", "csrf": "abc"}


@pytest.mark.parametrize(
    ("function", "python", "texts"),
    [
        ("percent", lambda text: quote(text, safe=""), ("a b+c/d=e&f", "Az09-_.~", "100%", "Łódź")),
        ("unpercent", unquote, ("%2B%3d%", "100%", "%zz%41", "plain", "%C5%81")),
        ("damaged", CHANGES["damaged"], ("Axy", "Bxy", "%2B", "x")),
        ("upper", CHANGES["upper"], ("0af9", "ann.0af9")),
        ("swapped", CHANGES["swapped"], ("Aa1! x", "zZ")),
        ("another", CHANGES["another"], ("Aa1! x", "aaa")),
        ("part 1 0", lambda text: text, ("abcdef", "a b")),
        ("part 3 5", lambda text: text[2:5], ("abcdefgh", "abcd")),
        ("part 3 0", lambda text: text[2:], ("abcdefgh", "a b c ")),
        ("part 1 -2", lambda text: text[:-2], ("abcdefgh", "a\\nb")),
        ("segment 1", lambda text: text.split(".")[0], ("a.b.c", "abc")),
        ("segment 2-3", lambda text: ".".join(text.split(".")[1:3]), ("a.b.c", "a.b.c.d")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_values_are_changed_alike(function: str, python: Callable[[str], str], texts: tuple[str, ...]) -> None:
    for text in texts:
        assert run(f'printf %s "$({function} {quoted(text)})"').stdout == python(text), text


def test_random_values_have_their_length_and_differ() -> None:
    drawn = run("random 7; random 20; random 20").stdout.split()
    assert [len(word) for word in drawn] == [7, 20, 20]
    assert drawn[1] != drawn[2]


@pytest.mark.parametrize("shell", [shell for shell in ("dash", "bash") if shutil.which(shell)])
def test_curl_sends_hostile_values_as_they_are(shell: str) -> None:
    bodies = [text for text in HOSTILE if text]
    with serving(lambda handler: handler.say(200, b"{}")) as server:
        commands = [
            f"ask POST {quoted(server.url)}/a/../b?x=[1-3]{{y}} --header 'Content-Type:' --data-raw {quoted(body)}"
            for body in bodies
        ]
        done = run("\n".join(commands), server.url, shell)
    assert done.stderr == ""
    assert [asked.body for asked in server.asked] == [body.encode() for body in bodies]
    assert {asked.path for asked in server.asked} == {"/a/../b?x=[1-3]{y}"}
    assert "content-type" not in server.asked[0].headers


def test_a_redirect_is_not_followed_and_no_cookie_kept() -> None:
    def lead_on(handler: Handler) -> None:
        handler.say(302, b"", ("Location", "/elsewhere"), ("Set-Cookie", "sid=1"))

    with serving(lead_on) as server:
        done = run(f'ask GET {server.url}/a\nask GET {server.url}/b\nsay "$status"', server.url)
    assert done.stdout == "302\n"
    assert [asked.path for asked in server.asked] == ["/a", "/b"]
    assert "cookie" not in server.asked[1].headers


def test_being_told_to_wait_is_obeyed() -> None:
    def throttle(handler: Handler) -> None:
        first = len(server.asked) == 1
        handler.say(429 if first else 200, b"", *([("X-Retry-After", "0")] if first else []))

    with serving(throttle) as server:
        done = run(f'ask POST {server.url}/ --data-raw x\nsay "$status"', server.url)
    assert done.stdout.endswith("200\n")
    assert len(server.asked) == 2


def test_no_answer_is_no_verdict() -> None:
    done = run("ask GET http://127.0.0.1:9/\nconclude")
    assert done.returncode == 2
    assert "could not be run" in done.stderr


def test_a_command_that_fails_is_no_verdict() -> None:
    assert run("false\nconclude").returncode == 2


def test_passwords_and_tokens_are_masked() -> None:
    shown = in_shell(
        answered(
            f'{{"accessToken": "opaque1", "echo": "pa$$.word", "jwt": "{TOKEN}"}}',
            ("Set-Cookie", "sid=abc; Path=/"),
        ),
        "secret 'pa$$.word'\nmethod=GET url=http://127.0.0.1/x\nshow",
    ).stdout
    assert "<token>" in shown
    assert "Set-Cookie: sid=<cookie>; Path=/" in shown
    assert not any(secret in shown for secret in ("opaque1", "pa$$.word", TOKEN, "abc"))


def test_the_functions_are_sound_shell(tmp_path: Path) -> None:
    functions = files("harness.evidence.repro").joinpath("functions.sh").read_text("utf-8")
    for shell in ("sh", "dash", "bash"):
        if shutil.which(shell):
            subprocess.run([shell, "-n", "-c", functions], check=True, timeout=LIMIT_SECONDS)


def test_headers_of_one_name_are_read_alike() -> None:
    exchange = answered("", ("Vary", "Origin"), ("Other", "x"), ("vary", " Accept "), ("Empty", ""))
    commands = "header vary; headers VARY; header empty; headers empty; headers none; header none || say nothing"
    assert in_shell(exchange, commands).stdout == "Origin\nOrigin, Accept\n\n\n\nnothing\n"
