"""The options of a run, as pytest hands them over: what they mean, and what is wrong with them."""

from __future__ import annotations

import pytest

from harness.browser.install import UNSEEN, Display
from harness.core import redaction
from harness.core.redaction import redact
from harness.core.verdict import Strictness
from harness.pytest_plugin.options import Options, add_options, read_options
from harness.pytest_plugin.selection import check_selection
from harness.reference.launch import SUITES_OWN
from harness.specification.renamed import renamed
from harness.wire.listener import Place
from tests.support.bad_input import UNREADABLE, URLS

pytest_plugins = ["pytester"]
URL = "https://app.example.com"
GIVEN = ["--base-url", URL, "--target", "reference"]


class Plugin:
    """Brings the options, and nothing that would run."""

    pytest_addoption = staticmethod(add_options)


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_known", redaction.Secrets())


def configured(pytester: pytest.Pytester, *words: str) -> pytest.Config:
    pytester.plugins = [Plugin()]
    return pytester.parseconfig("-p", "no:harness.pytest_plugin.plugin", *words)


def options(pytester: pytest.Pytester, *words: str) -> Options:
    return read_options(configured(pytester, *words))


def why_not(pytester: pytest.Pytester, *words: str) -> str:
    with pytest.raises(pytest.UsageError) as wrong:
        options(pytester, *words)
    return str(wrong.value)


def test_without_a_word_it_is_the_reference_backend(pytester: pytest.Pytester) -> None:
    found = options(pytester)
    assert (found.profile.name, found.web, found.api, found.postgres) == ("reference", None, None, "auto")
    assert (found.strictness, found.tracing, found.examine) == (Strictness(), True, True)
    assert options(pytester).seed != found.seed


def test_a_deployment_is_its_addresses_and_its_profile(pytester: pytest.Pytester) -> None:
    found = options(pytester, *GIVEN, "--api-url", "https://api.example.com/v1/")
    assert (found.web, found.api) == (URL, "https://api.example.com/v1")


def test_every_switch_is_heard(pytester: pytest.Pytester) -> None:
    words = ("--require-tested", "--no-traces", "--skip-doctor", "--seed", "7", "--max-wait", "0")
    found = options(
        pytester, *GIVEN, *words, "--throttle-budget", "2.5", "--answer-limit", "40", "--page-limit", "30"
    )
    assert (found.strictness.untested, found.tracing, found.examine) == (True, False, False)
    assert (found.seed, found.max_wait, found.throttle_budget) == (7, 0.0, 2.5)
    assert (found.answer_limit, found.page_limit) == (40.0, 30.0)


def test_the_reference_backend_is_not_waited_for(pytester: pytest.Pytester) -> None:
    assert "--wait-for speaks of a deployment" in why_not(pytester, "--wait-for=5")


def test_an_auth_server_of_its_own_needs_a_profile(pytester: pytest.Pytester) -> None:
    auth = "--auth-url=https://auth.example.com"
    assert "--auth-url speaks of a deployment" in why_not(pytester, auth)
    assert "--auth-url needs the profile" in why_not(pytester, f"--base-url={URL}", auth)


def test_the_browser_is_shown_to_those_who_ask(pytester: pytest.Pytester) -> None:
    assert options(pytester).display == UNSEEN
    assert options(pytester, "--headed", "--slowmo", "250").display == Display(headed=True, slow_motion=250)


@pytest.mark.parametrize("flag", ["--answer-limit", "--page-limit"])
def test_a_limit_that_no_answer_can_keep_is_refused(pytester: pytest.Pytester, flag: str) -> None:
    assert f"{flag} 0.5 leaves no time for any answer" in why_not(pytester, f"{flag}=0.5")


@pytest.mark.parametrize(
    "flag", ["--seed", "--max-wait", "--throttle-budget", "--answer-limit", "--page-limit", "--slowmo"]
)
@pytest.mark.parametrize("value", ["²", "many", "-1", "1e999", "nan", ""])
def test_what_is_no_number_is_told_with_its_flag(pytester: pytest.Pytester, flag: str, value: str) -> None:
    assert f'{flag} "{value}" is not a ' in why_not(pytester, f"{flag}={value}")


@pytest.mark.parametrize("flag", ["--max-wait", "--throttle-budget", "--answer-limit", "--page-limit"])
def test_what_takes_longer_than_a_day_is_a_slip(pytester: pytest.Pytester, flag: str) -> None:
    assert f"{flag} 86401 is more than a day" in why_not(pytester, f"{flag}=86401")
    why_not(pytester, f"{flag}={'9' * 5_000}")


def test_a_pause_of_more_than_a_minute_is_a_slip(pytester: pytest.Pytester) -> None:
    assert '--slowmo "60001" is not a number of milliseconds up to 60000' in why_not(pytester, "--slowmo=60001")


def test_a_seed_of_five_thousand_digits_is_none(pytester: pytest.Pytester) -> None:
    assert "is not a whole number" in why_not(pytester, f"--seed={'9' * 5_000}")


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=list(UNREADABLE))
@pytest.mark.parametrize("flag", ["--target", "--waivers", "--ca"])
def test_a_file_that_is_none_of_its_kind_is_named(
    pytester: pytest.Pytester, flag: str, content: bytes | None
) -> None:
    if content is not None:
        (pytester.path / "given").write_bytes(content)
    assert "given" in why_not(pytester, *GIVEN, flag, "given")


@pytest.mark.parametrize("name", [".", "x" * 5_000, "loop"], ids=["a folder", "too long", "a circle of links"])
@pytest.mark.parametrize("flag", ["--target", "--waivers", "--ca"])
def test_a_name_that_leads_to_no_file_is_refused(pytester: pytest.Pytester, flag: str, name: str) -> None:
    (pytester.path / "loop").symlink_to("loop")
    assert why_not(pytester, *GIVEN, flag, name)


@pytest.mark.parametrize("url", URLS, ids=ascii)
@pytest.mark.parametrize("flag", ["--base-url", "--api-url"])
def test_an_address_that_is_none_is_refused(pytester: pytest.Pytester, flag: str, url: str) -> None:
    assert flag in why_not(pytester, *GIVEN, flag, url)


def test_the_reports_folder_is_named_as_the_user_would_type_it(pytester: pytest.Pytester) -> None:
    inside = options(pytester, "--report-dir", "out/report")
    assert (inside.report_dir, inside.report_shown) == (pytester.path / "out" / "report", "out/report/")
    elsewhere = pytester.path.parent / "elsewhere"
    assert options(pytester, "--report-dir", str(elsewhere)).report_shown == f"{elsewhere}/"


@pytest.mark.parametrize("path", ["file", "file/report"])
def test_a_file_can_not_become_the_reports_folder(pytester: pytest.Pytester, path: str) -> None:
    (pytester.path / "file").write_text("x", "utf-8")
    assert "is not a folder and can't become one" in why_not(pytester, "--report-dir", path)


def test_secrets_of_the_command_line_are_masked(pytester: pytest.Pytester) -> None:
    database, secret = "postgresql://owner:planted-password@db.example.com/app", "planted-secret-0123456789"
    settings = [
        "--reference-setting",
        f"REFERENCE_SECRET={secret}",
        "--reference-setting",
        "REFERENCE_X=plain-value",
    ]
    found = options(pytester, "--postgres-url", database, *settings)
    assert found.reference_settings == {**SUITES_OWN, "REFERENCE_SECRET": secret, "REFERENCE_X": "plain-value"}
    assert redact(f"{database} {secret} plain-value") == "<database URL> <REFERENCE_SECRET> plain-value"


def test_waivers_are_read_where_the_command_was_given(pytester: pytest.Pytester) -> None:
    (pytester.path / "waivers.toml").write_text("", "utf-8")
    assert options(pytester, "--waivers", "waivers.toml").waivers.entries == ()
    assert "none.toml" in why_not(pytester, "--waivers", "none.toml")


@pytest.mark.parametrize("flag", ["-m", "-k"])
def test_an_old_name_is_answered_with_the_new_one(pytester: pytest.Pytester, flag: str) -> None:
    old, new = next(iter(renamed().identities.items()))
    with pytest.raises(pytest.UsageError, match=f"{old} is now called {new}. Write {flag} "):
        check_selection(configured(pytester, flag, f"not {old}"))
    check_selection(configured(pytester, flag, new))


def test_where_to_listen_is_a_host_and_a_port(pytester: pytest.Pytester) -> None:
    assert options(pytester).listening is None
    assert options(pytester, *GIVEN, "--listener", "192.0.2.7:0").listening == Place("192.0.2.7", 0)
    for word in ("here", "192.0.2.7", "http://here:1", "here:99999"):
        assert f'--listener "{word}" is no HOST:PORT' in why_not(pytester, *GIVEN, "--listener", word)
