"""No artefact of a run that fails in every flow, with traces, holds a secret; one that would is removed."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.core.exits import Exit
from harness.core.redaction import register
from harness.core.verdict import Conclusion
from harness.evidence.captures import mask_archive
from harness.evidence.leaks import remove_leaks
from harness.reference.postgres import open_server
from harness.specification.catalogue import requirements
from tests.detection.registry import all_faults
from tests.detection.running import backend
from tests.support.suite import Ended, run
from tests.support.wiretap import Wiretap, spellings, tapping

EVERYWHERE = {
    "account-deletion": "deletion-forgets-the-sessions",
    "browser-secrets": "the-page-s-cookie-is-readable",
    "browser-signin": "a-wrong-password-is-not-told",
    "caching": "the-page-is-public",
    "cookies": "scripts-can-read-the-session-cookie",
    "cross-site": "every-site-may-read-the-session",
    "errors": "bad-base64-is-not-expected",
    "expiry": "end-of-a-token-is-not-verified",
    "isolation": "tasks-are-read-by-id-alone",
    "password-change": "change-of-password-leaves-other-sessions",
    "passwords": "session-endpoint-tells-the-hash",
    "protected-pages": "the-redirect-carries-the-page",
    "refresh": "reuse-ends-nothing",
    "session": "missing-signature-is-no-problem",
    "session-management": "revoked-session-still-gets-tokens",
    "signin": "any-password-signs-in",
    "signout": "sign-out-only-clears-the-cookie",
    "signup": "minimum-is-six",
    "tasks": "updating-a-task-changes-a-copy",
    "token-verification": "delete-only-decodes-the-token",
}
"""One fault for each flow; the flow's own scenarios must catch it."""
LOUD = ("-n", "2", "-v", "--showlocals", "--tb=long")
RED = ("fail", "warn")


@pytest.fixture(scope="module")
def tapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ended, Wiretap]]:
    """A run against a backend with all of these faults, and all that went over the wire."""
    first, *others = (all_faults()[name] for name in EVERYWHERE.values())
    folder = tmp_path_factory.mktemp("everywhere")
    with tapping() as tap, open_server() as server:
        settings = {"REFERENCE_BASE_URL": tap.url}
        with backend(server, settings, folder, first, others) as running:
            tap.upstream = running.listens_at
            words = ("--skip-doctor", "--base-url", tap.url, "--target", "reference", *LOUD)
            yield run(folder / "report", "features", *words, env=running.environment), tap


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text of a run's artefacts, by its place; an archive's members are texts of their own."""
    for path in folder.rglob("*"):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path.name}!{name}", archive.read(name).decode("utf-8", "replace")
        elif path.is_file():
            yield path.name, path.read_bytes().decode("utf-8", "replace")


def test_every_flow_fails(tapped: tuple[Ended, Wiretap]) -> None:
    ended, _ = tapped
    red = {result["feature"] for result in ended.report["results"] if result["verdict"] in RED}
    assert red == set(EVERYWHERE) == {one.feature for one in requirements().values()}, ended.output[-3000:]


def test_every_finding_of_a_browser_has_a_picture_and_a_trace(tapped: tuple[Ended, Wiretap]) -> None:
    ended, _ = tapped
    results = ended.report["results"]
    shown = [one for one in results if one["feature"] == "browser-signin" and one["verdict"] in RED]
    assert shown
    for result in shown:
        assert {artefact["kind"] for artefact in result["artefacts"]} >= {"screenshot", "trace"}
        for artefact in result["artefacts"]:
            assert (ended.folder / artefact["path"]).is_file()
    traces = [artefact["path"] for one in shown for artefact in one["artefacts"] if artefact["kind"] == "trace"]
    with zipfile.ZipFile(ended.folder / traces[0]) as archive:
        events = [json.loads(line) for line in archive.read("trace.trace").decode("utf-8").splitlines()]
    assert {"before", "after"} <= {event["type"] for event in events}, "it is still a trace"


def test_no_secret_is_in_any_artefact(tapped: tuple[Ended, Wiretap]) -> None:
    ended, tap = tapped
    secrets = tap.secrets()
    assert len(secrets) > 100, "the wire was listened to"
    spelt = {spelling for secret in secrets for spelling in spellings(secret)}
    written = {**dict(texts(ended.folder)), "the terminal": ended.output}
    assert len(written) > 10
    found = {place: [one for one in spelt if one in text] for place, text in written.items()}
    assert {place: hits for place, hits in found.items() if hits} == {}


# --- the last look ---


@pytest.mark.parametrize("spelling", ["raw", "percent-encoded", "base64", "inside an archive"])
def test_a_planted_leak_is_found_and_removed(tmp_path: Path, spelling: str) -> None:
    secret = register("a/planted secret+of-26-characters", "password")
    forms = sorted(spellings(secret), key=len)
    clean, leaky = tmp_path / "clean.txt", tmp_path / "leaky"
    clean.write_text("nothing to see", "utf-8")
    if spelling == "inside an archive":
        with zipfile.ZipFile(leaky, "w") as archive:
            archive.writestr("trace.network", f'{{"value": "{secret}"}}')
    else:
        leaky.write_text({"raw": secret, "percent-encoded": forms[1], "base64": forms[2]}[spelling], "utf-8")
    [leak] = remove_leaks([clean, leaky])
    assert str(leak) == "leaky held a secret (password) and was removed"
    assert clean.exists()
    assert not leaky.exists()


def test_an_archive_is_masked_name_by_name(tmp_path: Path) -> None:
    secret = register("another planted secret of ours", "password")
    path = tmp_path / "trace.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("trace.trace", f'{{"value": "{secret}"}}')
        archive.writestr("resources/picture", b"\x89PNG\r\n\xff\xfe")
    mask_archive(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("trace.trace") == b'{"value": "<password>"}'
        assert archive.read("resources/picture") == b"\x89PNG\r\n\xff\xfe"
    assert remove_leaks([path]) == []


LEAKY_PLUGIN = '''
"""Writes the run's secrets into its report, as a defect of the suite would."""

from harness.core.redaction import registered
from harness.pytest_plugin import report_files


def _careless(report):
    return "\\n".join(value for value, _ in registered())


report_files.FORMS["report.md"] = _careless
'''


def test_a_run_whose_report_leaks_is_broken_and_the_file_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "careless.py").write_text(LEAKY_PLUGIN, "utf-8")
    words = ("features/signin.feature", "-k", "password", "--postgres", "embedded", "-p", "careless")
    ended = run(tmp_path / "report", *words, env={"PYTHONPATH": str(tmp_path)})
    assert ended.code == ended.report["exit_code"] == Exit.HARNESS_ERROR, ended.output
    assert ended.report["conclusion"] == Conclusion.BROKEN
    assert "red: report.md held a secret (" in ended.output
    assert not (tmp_path / "report" / "report.md").exists()
    assert (tmp_path / "report" / "report.json").exists()
