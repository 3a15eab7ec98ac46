"""`auth-conformance profile check` and `profile schema`."""

import json
import tomllib
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from harness.profile.loader import chain_of
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
        "absent no further route or resource, by the profile: what needs it is not applicable",
        "absent no published keys, by the profile: what needs it is not applicable",
        (
            "absent no way to change the signing key (operations.rotate_keys), by the profile: what needs it is "
            "not applicable"
        ),
        (
            "absent no request for a reset of the password (operations.request_reset), by the profile: what needs "
            "it is not applicable"
        ),
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


# --- show ---


def test_what_a_profile_amounts_to_is_shown_with_the_place_of_each_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, 'extends = "reference"\npages = false\n[jwt]\nissuer = "{env:ISSUER}"\n')
    assert main(["profile", "show", file]) == Exit.CONFORMANT
    shown = capsys.readouterr().out
    assert tomllib.loads(shown) == chain_of(file).content()
    assert 'issuer = "{env:ISSUER}"\n' in shown, "what differs by stage is shown as it is written"
    assert "[pages]" not in shown
    assert 'path = "/api/auth/sign-up/email"  # _shared.toml:6\n' in shown
    assert "list = {" not in shown
    assert "\n[tasks.list]\n" in shown


def test_what_can_t_be_read_is_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, 'extends = "refrence"\n')
    assert main(["profile", "show", file]) == Exit.USAGE
    assert 'write `extends = "reference"`' in capsys.readouterr().err


def test_nothing_is_revoked_by_a_sign_out_that_there_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for said in ("revoked", "until it ends"):
        session = f'[credentials.session]\nafter_sign_out = "{said}"\n'
        file = write(tmp_path, f'extends = "reference"\noperations.sign_out = false\n{session}')
        assert main(["profile", "check", file]) == Exit.CONFORMANT
        told = capsys.readouterr().out
        assert 'the cookie "auth.session_token", and there is no sign-out' in told
        assert "by sign-out" not in told.replace("by the profile", "")
        assert "outlives sign-out" not in told


@pytest.mark.parametrize(
    "left",
    [
        'title = "FILL IN"',
        'people.domain = "example.com"  # FILL IN',
        'operations.sign_up.json = { plan = "FILL IN" }',
    ],
)
def test_a_profile_with_a_place_to_fill_in_can_t_be_used(
    left: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, f'extends = "reference"\n{left}\n')
    assert main(["profile", "check", file]) == Exit.USAGE
    assert capsys.readouterr().err.startswith(f"{file}:2: this line still says FILL IN; write what")
