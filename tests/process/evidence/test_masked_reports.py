"""Cookies that are no secrets hide nothing in a report, and one in quotes is masked in it."""

from pathlib import Path

import pytest

from harness.core.text import counted
from harness.reference.postgres import PostgresServer
from tests.detection.backend import Backend, backend
from tests.detection.registry import all_faults
from tests.detection.variant_registry import all_variants
from tests.support.suite import Ended, run

FAULT, CAUGHT_BY = "tasks-are-read-by-id-alone", "idor-task-read-is-refused"


def judged(running: Backend, folder: Path) -> Ended:
    words = ("--skip-doctor", "--base-url", running.url, "--target", "reference", "-m", CAUGHT_BY)
    return run(folder / "report", "features", *words, env=running.environment)


def test_a_cookie_with_the_base_url_hides_no_address_and_costs_no_script(
    server: PostgresServer, tmp_path: Path
) -> None:
    variant = all_variants()["a-cookie-holds-the-base-url"]
    with backend(server, {}, tmp_path, variant, [all_faults()[FAULT]]) as running:
        ended = judged(running, tmp_path)
    assert ended.report["target"]["base_url"] == running.url
    red = [one for one in ended.report["results"] if one["verdict"] == "fail"]
    assert red, ended.output
    for finding in red:
        assert finding["unreproduced"] == ""
        assert all(exchange["url"].startswith(running.url + "/") for exchange in finding["exchanges"])


def test_a_session_cookie_in_quotes_is_masked_and_nothing_is_removed(
    server: PostgresServer, tmp_path: Path
) -> None:
    variant = all_variants()["the-session-cookie-is-quoted"]
    with backend(server, {}, tmp_path, variant, [all_faults()[FAULT]]) as running:
        ended = judged(running, tmp_path)
    assert ended.report["reasons"] == [f"{counted(ended.report['verdicts']['fail'], 'scenario')} did not hold"]
    assert ended.report["notices"] == []
    exchanges = [exchange for one in ended.report["results"] for exchange in one["exchanges"]]
    told = [value for exchange in exchanges for name, value in exchange["headers"] if name == "set-cookie"]
    assert {value.partition(";")[0] for value in told} == {"auth.session_token=<cookie>", "auth.device=<cookie>"}


@pytest.mark.parametrize("name", ["a-cookie-holds-the-base-url", "the-session-cookie-is-quoted"])
def test_a_sound_deployment_with_such_a_cookie_is_not_red(
    name: str, server: PostgresServer, tmp_path: Path
) -> None:
    with backend(server, {}, tmp_path, all_variants()[name]) as running:
        ended = judged(running, tmp_path)
    assert ended.code == ended.report["exit_code"] == 0, ended.output
    assert ended.report["notices"] == []
