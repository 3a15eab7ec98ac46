"""A report names the origins from which pages loaded, and no other."""

from __future__ import annotations

import json
from pathlib import Path

from harness.reference.postgres import PostgresServer
from tests.detection.backend import backend
from tests.detection.variant_registry import all_variants
from tests.support.suite import run


def test_where_a_script_came_from_is_in_the_report(server: PostgresServer, tmp_path: Path) -> None:
    variant = all_variants()["a-script-of-another-port-draws-the-form"]
    with backend(server, variant.settings, tmp_path, variant) as drawn:
        words = (
            "--skip-doctor",
            "--base-url",
            drawn.url,
            "--target",
            "reference",
            "-m",
            "browser-password-is-masked",
        )
        ended = run(tmp_path, "features", *words, env=dict(drawn.environment))
    assert ended.report["verdicts"]["pass"] == 2, ended.output
    (origin,) = ended.report["other_origins"]
    assert origin.startswith("http://localhost:")
    assert [result["other_origins"] for result in ended.report["results"]] == [[origin], [origin]]
    assert f"the pages loaded from other origins too: {origin}" in ended.output
    assert json.dumps(origin) not in json.dumps([result["exchanges"] for result in ended.report["results"]])
