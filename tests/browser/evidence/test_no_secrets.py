"""No artefact of a run that fails in every flow, with traces, holds a secret."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from ahocorasick_rs import AhoCorasick

from harness.reference.postgres import PostgresServer
from harness.specification.catalogue import requirements
from tests.detection.backend import backend
from tests.detection.registry import all_faults
from tests.support.suite import Ended, run
from tests.support.wiretap import Wiretap, spellings, tapping

EVERYWHERE = {
    "account-deletion": "deletion-forgets-the-sessions",
    "availability": "an-address-of-many-at-signs-backtracks",
    "browser-forms": "the-field-switches-managers-off",
    "browser-secrets": "the-page-s-cookie-is-readable",
    "browser-session": "the-page-says-goodbye-whatever-was-answered",
    "browser-signin": "a-wrong-password-is-not-told",
    "caching": "the-page-is-public",
    "cookies": "scripts-can-read-the-session-cookie",
    "cross-site": "every-site-may-read-the-session",
    "ended-sessions": "a-cached-session-changes-the-name",
    "enumeration": "a-documented-route-finds-an-address",
    "errors": "bad-base64-is-not-expected",
    "expiry": "end-of-a-token-is-not-verified",
    "exposure": "the-sign-in-page-shows-an-error-from-its-address",
    "guessing": "no-wrong-password-is-counted",
    "isolation": "tasks-are-read-by-id-alone",
    "malformed-requests": "a-title-is-taken-for-text",
    "observations": "a-refusal-shows-where-it-was-raised",
    "password-change": "change-of-password-leaves-other-sessions",
    "passwords": "session-endpoint-tells-the-hash",
    "profile-update": "an-update-of-the-profile-takes-a-date",
    "protected-pages": "the-redirect-carries-the-page",
    "refresh": "reuse-ends-nothing",
    "session": "missing-signature-is-no-problem",
    "session-management": "revoked-session-still-gets-tokens",
    "signin": "any-password-signs-in",
    "signout": "sign-out-only-clears-the-cookie",
    "signup": "minimum-is-six",
    "tasks": "updating-a-task-changes-a-copy",
    "token-claims": "a-time-that-is-null-is-compared",
    "token-keys": "a-key-set-is-fetched-and-then-compared",
    "token-transport": "downloads-take-the-token-from-the-address",
    "token-verification": "delete-only-decodes-the-token",
}
"""One fault for each flow; the flow's own scenarios must catch it."""
UNTRIED = "browser-markup"
"""What can't be judged beside all of these faults."""
LOUD = ("-n", "2", "-v", "--showlocals", "--tb=long")
RED = ("fail", "warn")


@pytest.fixture(scope="module")
def tapped(server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ended, Wiretap]]:
    """A run against a backend with all of these faults, and all that went over the wire."""
    first, *others = (all_faults()[name] for name in EVERYWHERE.values())
    folder = tmp_path_factory.mktemp("everywhere")
    with tapping() as tap:
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
    flows = {one.feature for one in requirements().values()} - {UNTRIED}
    assert red == set(EVERYWHERE) == flows, ended.output[-3000:]


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
    sought = AhoCorasick(spelt)
    found = {place: set(sought.find_matches_as_strings(text)) for place, text in written.items()}
    assert {place: hits for place, hits in found.items() if hits} == {}
