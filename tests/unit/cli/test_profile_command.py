"""`auth-conformance profile check` and `profile schema`."""

import json
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from harness.profile.schema import schema_text


def write(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return str(path)


def test_a_profile_that_can_be_used_is_summed_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUTH_CONFORMANCE_JWT_SECRET", raising=False)
    monkeypatch.setenv("AUTH_CONFORMANCE_DATABASE_URL", "postgres://secret@localhost/db")
    file = write(tmp_path, 'extends = "reference"\ntitle = "Mine"\npages = false\noperations.jwks = false\n')
    assert main(["profile", "check", file]) == Exit.CONFORMANT
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"{file} can be used (extends reference.toml (built in), then _shared.toml (built in))."
    facts = [" ".join(line.split()) for line in told[2:]]
    assert facts[0] == "name mine: Mine"
    operations = next(fact for fact in facts if fact.startswith("operations"))
    assert "sign_up, sign_in, session, sign_out, token, refresh" in operations
    assert 'session the cookie "auth.session_token", revoked by sign-out' in facts
    assert "refresh token from sign_in (/refreshToken)" in facts
    assert "variable AUTH_CONFORMANCE_JWT_SECRET, the signing secret: not set here" in facts
    assert "variable AUTH_CONFORMANCE_DATABASE_URL, the session database's URL: set" in facts
    assert [fact for fact in facts if fact.startswith("absent")] == [
        "absent no pages, by the profile: what needs it is not applicable",
        "absent no published keys, by the profile: what needs it is not applicable",
    ]
    assert not any("secret@" in fact for fact in facts)


@pytest.mark.parametrize(
    ("token", "told"),
    [
        (
            'kind = "opaque"\nissued_by = "sign_in"\nresponse_header = "X-Token"\nheader = "X-Token"\nscheme = ""',
            "opaque, from sign_in (X-Token), presented in the header X-Token, revoked by sign-out",
        ),
        (
            'cookie = "jwt"\nin_cookie = "jwt"\nafter_sign_out = "until it ends"\nmax_lifetime = 60',
            "a JWT, from token (jwt), presented in the cookie jwt, outlives sign-out, at most 60 s",
        ),
        (
            'in_body = "key"\nafter_sign_out = "revoked"',
            "a JWT, from token (/token), presented in the body field key, revoked by sign-out",
        ),
    ],
)
def test_credentials_are_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], token: str, told: str
) -> None:
    assert (
        main(["profile", "check", write(tmp_path, f'extends = "reference"\n[credentials.token]\n{token}\n')]) == 0
    )
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("csrf", "told"),
    [
        (
            'kind = "cookie to header"\ncookie = "c"\nheader = "X-C"\nbases = ["web", "api"]',
            "cookie to header, in the header X-C, on web and api",
        ),
        ('kind = "from sign-in"\npointer = "/c"\nfield = "c"', "from sign-in, in the body field c, on web"),
    ],
)
def test_a_csrf_token_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], csrf: str, told: str
) -> None:
    assert main(["profile", "check", write(tmp_path, f'extends = "reference"\n[csrf]\n{csrf}\n')]) == 0
    assert told in capsys.readouterr().out


def test_a_profile_that_can_t_be_used_is_told_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, 'extends = "reference"\npaegs = false\n[jwt]\nleeway = "long"\n')
    assert main(["profile", "check", file]) == Exit.USAGE
    assert capsys.readouterr().err.splitlines() == [
        f'{file}:2: the key "paegs" is not known; write `pages = false`.',
        f"{file}:4: jwt.leeway takes a number from 0 to 3600; write something like `leeway = 15`.",
        "2 problems; the profile can't be used.",
    ]


def test_a_class_that_can_t_be_loaded_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, '# mine\nextends = "reference"\ncustom = "no_such_module:Class"\n')
    assert main(["profile", "check", file]) == Exit.USAGE
    assert capsys.readouterr().err.startswith(f'{file}:3: custom = "no_such_module:Class" can\'t be loaded: ')


def test_a_profile_that_does_not_exist_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "check", "no-such-profile"]) == Exit.USAGE
    assert capsys.readouterr().err.startswith('there is no profile "no-such-profile"')


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "schema"]) == Exit.CONFORMANT
    printed = capsys.readouterr().out
    assert printed == schema_text()
    assert json.loads(printed)["$schema"].startswith("https://json-schema.org/")
