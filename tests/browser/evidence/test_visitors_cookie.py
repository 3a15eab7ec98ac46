"""The signed cookie of a visitor is no secret: what a browser showed of it stays in the trace."""

import zipfile
from pathlib import Path

from harness.reference.postgres import PostgresServer
from tests.detection.backend import backend
from tests.detection.registry import all_faults
from tests.detection.variant_registry import all_variants
from tests.detection.variants.evidence import FLASHES
from tests.support.suite import run

FAULT = "who-signed-in-is-left-on-the-form"
SCENARIOS = "browser-returns-after-signin or page-requires-authentication"
"""The first leaves a trace with a visitor in it; the second sees the same cookie over HTTP afterwards."""


def test_a_trace_with_a_visitors_cookie_is_kept(server: PostgresServer, tmp_path: Path) -> None:
    variant = all_variants()["visitors-get-a-signed-flash-cookie"]
    with backend(server, {}, tmp_path, variant, [all_faults()[FAULT]]) as running:
        words = ("--skip-doctor", "--base-url", running.url, "--target", "reference", "-m", SCENARIOS)
        ended = run(tmp_path / "report", "features", *words, env=running.environment)
    report = ended.report
    assert (report["exit_code"], report["reasons"], report["notices"]) == (0, [], []), ended.output
    [finding] = [one for one in report["results"] if one["verdict"] == "warn"]
    assert [one["kind"] for one in finding["artefacts"]].count("trace") == 1
    [trace] = [one["path"] for one in finding["artefacts"] if one["kind"] == "trace"]
    with zipfile.ZipFile(ended.folder / trace) as archive:
        network = archive.read("trace.network").decode("utf-8")
    assert FLASHES in network
    assert running.url in network
