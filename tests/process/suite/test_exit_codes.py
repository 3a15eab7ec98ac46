"""The table of flags, outcomes, exit codes and conclusions of docs/verdicts.md, row by row."""

import datetime as dt
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomlkit

from harness.browser.install import VARIABLE
from harness.browser.pool import REQUIRED
from harness.core.exits import Exit
from harness.core.processes import free_port
from harness.core.verdict import Conclusion
from harness.reference.postgres import PostgresServer
from harness.specification.renamed import renamed
from tests.support.faulty_backend import FaultyBackend, faulty_backend
from tests.support.limits import LIMIT_SECONDS
from tests.support.local_server import serving
from tests.support.suite import ROOT, Ended, command, environment, run, said

TOKENS_EXPIRE = "expiry-token-has-exp or expiry-token-expires-within-ten-years or expiry-expired-token-is-refused"
TWO = pytest.param(("-n", "2"), marks=pytest.mark.a_third_a_day)
WORKERS = pytest.mark.parametrize("workers", [(), TWO], ids=["one process", "two workers"])
SIGN_OUT = ("features/signout.feature",)
DEAD, NOTHING_NEW = "signout-ends-captured-session", "signout-stops-new-tokens"
ALIKE = "signin-prevents-user-enumeration"
GUESSED = "token-signature-is-verified"
TODAY = dt.datetime.now().astimezone().date()
TOMORROW, YESTERDAY = TODAY + dt.timedelta(days=1), TODAY - dt.timedelta(days=1)
CACHE = ("-p", "cacheprovider", "-o")


@pytest.fixture(scope="module")
def sound(server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyBackend]:
    with faulty_backend(server, tmp_path_factory.mktemp("sound")) as running:
        yield running


@pytest.fixture(scope="module")
def broken(server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyBackend]:
    """Sign-out leaves the session alive (a MUST), and sign-in tells unknown addresses apart (a SHOULD)."""
    faults = ("sign-out-only-clears-the-cookie", "an-unknown-address-is-not-found")
    with faulty_backend(server, tmp_path_factory.mktemp("broken"), *faults) as running:
        yield running


def judged(target: FaultyBackend, folder: Path, *words: str, env: dict[str, str] | None = None) -> Ended:
    return run(folder, *words, *target.words, env={**target.environment, **(env or {})})


# --- a profile that does not fit ---


@WORKERS
def test_a_page_with_other_fields_than_named_is_not_green(
    sound: FaultyBackend, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text('extends = "reference"\n[pages]\npassword = { value = "Passphrase" }\n', "utf-8")
    chosen = "browser-password-is-masked or cookie-session-is-http-only"
    words = ("features", "-m", chosen, "--target", str(profile), *workers)
    ended = run(tmp_path, *words, *sound.words[:-2], env=dict(sound.environment))
    assert (ended.report["verdicts"]["pass"], ended.report["verdicts"]["not tested"]) == (1, 2), ended.output
    assert said(ended) == (Exit.TARGET_UNUSABLE, Conclusion.PARTIAL)
    assert "red: 1 MUST could not be judged, for the profile does not fit: " in ended.output
    assert "the page has: Name, Email, Password. Correct pages.password in the profile." in ended.output


# --- what ran, held ---


@WORKERS
@pytest.mark.parametrize("selection", [("-k", "cookie"), ("-m", "must")], ids=["-k", "-m"])
def test_a_part_that_holds_is_green_and_not_called_conformant(
    sound: FaultyBackend, tmp_path: Path, selection: tuple[str, str], workers: tuple[str, ...]
) -> None:
    ended = judged(sound, tmp_path, *SIGN_OUT, *selection, *workers)
    assert said(ended) == (Exit.CONFORMANT, Conclusion.PARTIAL)
    assert ended.report["ran"] < ended.report["specified"]
    assert not re.search(r"^conformant", ended.output, re.MULTILINE)


# --- a MUST that does not hold ---


@WORKERS
@pytest.mark.parametrize("flags", [(), ("-x",), ("--strict", "--require-tested")], ids=" ".join)
def test_a_must_that_fails_is_red(
    broken: FaultyBackend, tmp_path: Path, flags: tuple[str, ...], workers: tuple[str, ...]
) -> None:
    ended = judged(broken, tmp_path, *SIGN_OUT, *flags, *workers)
    assert said(ended) == (Exit.NOT_CONFORMANT, Conclusion.NOT_CONFORMANT)
    assert ("-x" in flags) <= (ended.report["ran"] < ended.report["expected"])


def test_what_failed_last_and_holds_now_is_green_and_not_called_conformant(
    broken: FaultyBackend, sound: FaultyBackend, tmp_path: Path
) -> None:
    cache = (*CACHE, f"cache_dir={tmp_path / 'cache'}")
    first = judged(broken, tmp_path / "first", "features", "-m", "not needs-browser", "-k", "sign", *cache)
    assert said(first) == (Exit.NOT_CONFORMANT, Conclusion.NOT_CONFORMANT)
    again = judged(broken, tmp_path / "again", "features", "--lf", *cache)
    assert said(again) == (Exit.NOT_CONFORMANT, Conclusion.NOT_CONFORMANT)
    assert again.report["expected"] == first.report["verdicts"]["fail"]
    mended = judged(sound, tmp_path / "mended", "features", "--lf", *cache)
    assert said(mended) == (Exit.CONFORMANT, Conclusion.PARTIAL)


# --- a SHOULD that does not hold, and what could not be judged ---


@WORKERS
@pytest.mark.parametrize(("flags", "code"), [((), Exit.CONFORMANT), (("--strict",), Exit.NOT_CONFORMANT)])
def test_a_should_is_red_with_strict(
    broken: FaultyBackend, tmp_path: Path, flags: tuple[str, ...], code: Exit, workers: tuple[str, ...]
) -> None:
    ended = judged(broken, tmp_path, "features/signin.feature", *flags, *workers)
    assert ended.report["verdicts"]["warn"] == 1
    assert said(ended) == (code, Conclusion.NOT_CONFORMANT if flags else Conclusion.PARTIAL)


@pytest.mark.parametrize(("flags", "code"), [((), Exit.CONFORMANT), (("--require-tested",), Exit.NOT_CONFORMANT)])
def test_what_was_not_tested_is_red_where_all_must_be(tmp_path: Path, flags: tuple[str, ...], code: Exit) -> None:
    """Tokens that a key signs which nobody gave, and that outlive the longest wait."""
    eddsa = ("--reference-setting", "REFERENCE_JWT_ALGORITHM=EdDSA", "--max-wait", "0", "--postgres", "embedded")
    ended = run(tmp_path, "features", "-m", TOKENS_EXPIRE, *eddsa, *flags)
    assert (ended.report["verdicts"]["pass"], ended.report["verdicts"]["not tested"]) == (2, 1), ended.output
    assert ("red: 1 scenario could not be tested and --require-tested is on" in ended.output) is bool(flags)
    assert said(ended) == (code, Conclusion.NOT_CONFORMANT if flags else Conclusion.PARTIAL)


@WORKERS
def test_a_run_that_could_judge_nothing_is_red(tmp_path: Path, workers: tuple[str, ...]) -> None:
    with serving(lambda handler: handler.say(404)) as server:
        words = ("--skip-doctor", "--base-url", server.url, "--target", "reference")
        ended = run(tmp_path, "features/signin.feature", *workers, *words)
    assert (
        ended.report["verdicts"]["not tested"] + ended.report["verdicts"]["not applicable"] == ended.report["ran"]
    )
    assert said(ended) == (Exit.TARGET_UNUSABLE, Conclusion.PARTIAL)
    assert "red: nothing could be judged, so nothing is known about this deployment." in ended.output


# --- a scenario that another plugin repeats ---


# Which sign-out is the other one is not to be known where two workers sign out.
@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["one process", "one worker"])
def test_what_failed_and_held_on_repetition_is_no_pass(
    server: PostgresServer, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    words = (*SIGN_OUT, "-m", DEAD, "-p", "rerunfailures", "--reruns", "1", *workers)
    with faulty_backend(server, tmp_path / "site", "every-other-sign-out-leaves-the-session-alive") as unsteady:
        ended = judged(unsteady, tmp_path, *words)
    assert said(ended) == (Exit.NOT_CONFORMANT, Conclusion.NOT_CONFORMANT)
    reasons = [one["reason"] for one in ended.report["results"] if one["verdict"] == "fail"]
    assert any(one.startswith("Failed, then held on repetition: Expected that") for one in reasons), reasons


# --- waivers ---


def waived(folder: Path, *entries: tuple[str, str, dt.date]) -> tuple[str, str]:
    """The flag with a file of these entries: requirement, row, last day."""
    signed = {"reason": "Known.", "owner": "Team Door", "issue": "https://issues.example.com/1"}
    tables = [
        {"requirement": requirement, **({"row": row} if row else {}), **signed, "expires": expires}
        for requirement, row, expires in entries
    ]
    file = folder / "waivers.toml"
    file.write_text(tomlkit.dumps({"waiver": tables}), "utf-8")
    return "--waivers", str(file)


@WORKERS
def test_waived_failures_are_green(broken: FaultyBackend, tmp_path: Path, workers: tuple[str, ...]) -> None:
    flag = waived(tmp_path, (DEAD, "", TOMORROW), (NOTHING_NEW, "", TOMORROW))
    ended = judged(broken, tmp_path, *SIGN_OUT, *flag, *workers)
    assert said(ended) == (Exit.CONFORMANT, Conclusion.PARTIAL)
    assert ended.report["verdicts"]["waived"] > 0
    assert f"the waiver of {DEAD} expires on {TOMORROW} (Team Door, https://issues.example.com/1)" in ended.output
    waivers = [result["waiver"] for result in ended.report["results"] if result["verdict"] == "waived"]
    assert {waiver["owner"] for waiver in waivers} == {"Team Door"}


def test_a_failure_beside_the_waived_one_is_red(broken: FaultyBackend, tmp_path: Path) -> None:
    ended = judged(broken, tmp_path, *SIGN_OUT, *waived(tmp_path, (DEAD, "place: protected page", TOMORROW)))
    assert said(ended) == (Exit.NOT_CONFORMANT, Conclusion.NOT_CONFORMANT)
    verdicts = {
        result["row"]: result["verdict"] for result in ended.report["results"] if result["identity"] == DEAD
    }
    assert verdicts == {"place: protected page": "waived", "place: session endpoint": "fail"}
    assert f'[[waiver]]\nrequirement = "{DEAD}"\nrow = "place: session endpoint"\nreason = ""' in ended.output


def test_an_expired_waiver_waives_nothing(broken: FaultyBackend, tmp_path: Path) -> None:
    ended = judged(broken, tmp_path, *SIGN_OUT, *waived(tmp_path, (DEAD, "", YESTERDAY)))
    assert said(ended) == (Exit.NOT_CONFORMANT, Conclusion.NOT_CONFORMANT)
    assert f"red: the waiver of {DEAD} expired on {YESTERDAY}: fix the deployment, or renew it." in ended.output
    assert ended.report["verdicts"]["waived"] == 0


@WORKERS
@pytest.mark.parametrize("expires", [TOMORROW, YESTERDAY], ids=["in force", "expired"])
def test_a_waiver_of_what_holds_is_red(
    sound: FaultyBackend, tmp_path: Path, expires: dt.date, workers: tuple[str, ...]
) -> None:
    ended = judged(sound, tmp_path, *SIGN_OUT, *waived(tmp_path, (DEAD, "", expires)), *workers)
    assert said(ended) == (Exit.NOT_CONFORMANT, Conclusion.NOT_CONFORMANT)
    wanted = "is stale: the requirement holds; remove it" if expires > YESTERDAY else f"expired on {expires}"
    assert f"red: the waiver of {DEAD} {wanted}" in ended.output


def test_a_waiver_of_what_was_not_selected_is_no_matter(sound: FaultyBackend, tmp_path: Path) -> None:
    flag = waived(tmp_path, (DEAD, "", TOMORROW), (ALIKE, "", TOMORROW))
    ended = judged(sound, tmp_path, *SIGN_OUT, "-k", "cookie", *flag)
    assert said(ended) == (Exit.CONFORMANT, Conclusion.PARTIAL)


UNUSABLE = {
    "an unknown requirement": ([("signout-ends-captured-sesion", "", TOMORROW)], f'Did you mean "{DEAD}"?'),
    "an unknown row": ([(DEAD, "place: protected pages", TOMORROW)], 'Did you mean "place: protected page"?'),
    "one entry twice": (
        [(DEAD, "", TOMORROW), (DEAD, "", TOMORROW)],
        f"{DEAD} is waived twice; keep one of the two.",
    ),
    "a critical one": ([(GUESSED, "", TOMORROW)], "it can be waived only with --allow-critical-waivers."),
}


@WORKERS
@pytest.mark.parametrize(("entries", "sentence"), UNUSABLE.values(), ids=list(UNUSABLE))
def test_waivers_that_can_not_be_used_stop_the_run(
    tmp_path: Path, entries: list[tuple[str, str, dt.date]], sentence: str, workers: tuple[str, ...]
) -> None:
    ended = run(tmp_path, *SIGN_OUT, *waived(tmp_path, *entries), *workers)
    assert ended.code == Exit.USAGE, ended.output
    assert f"{tmp_path}/waivers.toml:" in ended.output
    assert sentence in ended.output
    assert "Traceback" not in ended.output
    assert not (tmp_path / "report.json").exists()


def test_a_critical_requirement_can_be_waived_knowingly(sound: FaultyBackend, tmp_path: Path) -> None:
    flag = waived(tmp_path, (GUESSED, "", TOMORROW))
    ended = judged(sound, tmp_path, *SIGN_OUT, "-k", "cookie", *flag, "--allow-critical-waivers")
    assert said(ended) == (Exit.CONFORMANT, Conclusion.PARTIAL)


# --- everything else ---


@WORKERS
def test_an_error_of_the_suite_is_told_from_a_failure(
    sound: FaultyBackend, broken: FaultyBackend, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    """A browser that does not start where one is required."""
    env = {REQUIRED: "1", VARIABLE: "/bin/true"}
    features = ("features/browser-signin.feature", "-k", "shows_an_error")
    ended = judged(sound, tmp_path / "error", *features, *workers, env=env)
    assert said(ended) == (Exit.HARNESS_ERROR, Conclusion.BROKEN)
    words = (*features, *SIGN_OUT, "-k", "shows_an_error or captured", *workers)
    both = judged(broken, tmp_path / "both", *words, env=env)
    assert both.report["verdicts"]["error"] > 0
    assert said(both) == (Exit.NOT_CONFORMANT, Conclusion.NOT_CONFORMANT)


def test_a_report_that_can_not_be_written_is_an_error_of_the_suite(sound: FaultyBackend, tmp_path: Path) -> None:
    (tmp_path / "report.html").symlink_to("/dev/full")
    ended = judged(sound, tmp_path, *SIGN_OUT, "-k", "cookie")
    assert ended.code == Exit.HARNESS_ERROR, ended.output
    assert (
        f"red: the report could not be written in {tmp_path}: No space left on device. Free space" in ended.output
    )
    assert "Traceback" not in ended.output
    assert "broken: " in ended.output


@pytest.mark.parametrize("broken_too", [False, True], ids=["green", "red"])
def test_a_reader_that_has_seen_enough_changes_nothing(
    sound: FaultyBackend, broken: FaultyBackend, tmp_path: Path, *, broken_too: bool
) -> None:
    """As `auth-conformance run ... | head -1` is one."""
    target = broken if broken_too else sound
    words = ("run", *target.words, *SIGN_OUT, "--report-dir", str(tmp_path))
    with subprocess.Popen(
        (sys.executable, "-m", "auth_conformance", *words),
        cwd=ROOT,
        env=environment(target.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
        code = process.wait(LIMIT_SECONDS)
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert code == report["exit_code"] == (Exit.NOT_CONFORMANT if broken_too else Exit.CONFORMANT), errors
    assert errors == ""


@WORKERS
def test_a_wrong_flag_is_told_before_anything_runs(tmp_path: Path, workers: tuple[str, ...]) -> None:
    ended = run(tmp_path, *SIGN_OUT, "--seed", "many", *workers)
    assert ended.code == Exit.USAGE, ended.output


@pytest.mark.parametrize("flag", ["-m", "-k"])
def test_an_old_name_is_answered_with_the_new_one(tmp_path: Path, flag: str) -> None:
    old, new = next(iter(renamed().identities.items()))
    ended = run(tmp_path, "features", flag, old)
    assert ended.code == Exit.USAGE, ended.output
    assert f"{old} is now called {new}" in ended.output


@WORKERS
def test_nothing_selected_is_no_success(sound: FaultyBackend, tmp_path: Path, workers: tuple[str, ...]) -> None:
    ended = judged(sound, tmp_path, *SIGN_OUT, "-k", "nothing_of_that_name", *workers)
    assert ended.code == Exit.NOTHING_SELECTED, ended.output
    assert not (tmp_path / "report.json").exists()


@WORKERS
def test_a_deployment_that_does_not_answer_is_unusable(tmp_path: Path, workers: tuple[str, ...]) -> None:
    words = ("--base-url", f"http://127.0.0.1:{free_port()}", "--target", "reference")
    (old := tmp_path / "report.json").write_text("{}", "utf-8")
    ended = run(tmp_path, *SIGN_OUT, *words, *workers)
    assert said(ended) == (Exit.TARGET_UNUSABLE, Conclusion.PARTIAL)
    assert old.read_text("utf-8") != "{}"
    [reason] = ended.report["reasons"]
    assert reason.startswith(f"The target can't be tested: {words[1]} (--base-url) ")
    junit = (tmp_path / "junit.xml").read_text("utf-8")
    assert re.search(r'<testsuites [^>]*tests="1" failures="0" errors="1"', junit), junit
    assert words[1] in (tmp_path / "report.html").read_text("utf-8")


@WORKERS
def test_a_feature_file_that_is_wrong_is_an_error_of_the_suite(tmp_path: Path, workers: tuple[str, ...]) -> None:
    feature = tmp_path / "wrong.feature"
    feature.write_text("Feature: A door\n\n  @a-door @must @high @cwe-287\n  Scenario: It opens\n", "utf-8")
    words = ("--rootdir", ".", "-c", "pyproject.toml", "-p", "conftest")
    ended = run(tmp_path, str(feature), *workers, *words)
    assert ended.code == Exit.HARNESS_ERROR, ended.output


@WORKERS
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_says_so(
    sound: FaultyBackend, tmp_path: Path, sent: signal.Signals, workers: tuple[str, ...]
) -> None:
    words = command(tmp_path, "features", "-m", "not needs-browser", *workers, *sound.words)
    env = environment(sound.environment)
    with subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if " pass" in line:
                break
        process.send_signal(sent)
        output = process.communicate(timeout=LIMIT_SECONDS)[0]
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert process.returncode == report["exit_code"] == Exit.INTERRUPTED, output
    assert report["conclusion"] == Conclusion.PARTIAL
    assert report["ran"] < report["expected"]
    assert "red: the run was interrupted." in output


@WORKERS
def test_a_signal_that_python_loses_ends_the_run_all_the_same(
    sound: FaultyBackend, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    ended = judged(sound, tmp_path, *SIGN_OUT, "-p", "tests.support.lost_signal", *workers)
    assert said(ended) == (Exit.INTERRUPTED, Conclusion.PARTIAL), ended.output
    assert ended.report["ran"] < ended.report["expected"]


def test_a_look_at_what_would_run_leaves_the_last_report(sound: FaultyBackend, tmp_path: Path) -> None:
    judged(sound, tmp_path, *SIGN_OUT, "-k", "cookie")
    before = (tmp_path / "report.json").read_bytes()
    ended = judged(sound, tmp_path, *SIGN_OUT, "--collect-only", "-q")
    assert ended.code == Exit.CONFORMANT, ended.output
    assert (tmp_path / "report.json").read_bytes() == before
