"""A deployment on three origins: pages, an API, and an auth server of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.core.exits import Exit
from tests.process.sixth_shape.shop_server import Running
from tests.process.sixth_shape.shop_server import serving as serving_shop
from tests.support.local_server import Server, serving
from tests.support.suite import run

SHOP = Path(__file__).parents[1] / "sixth_shape" / "shop.toml"
OPERATIONS = ("sign_up", "sign_in", "session", "sign_out", "refresh", "update_user", "delete_user")


@dataclass(frozen=True)
class Deployment:
    """The front end, which has no operation at all, and the shop behind it."""

    front: Server
    shop: Running
    words: tuple[str, ...]
    environment: dict[str, str]


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("shop")
    bases = "".join(f'[operations.{name}]\nbase = "auth"\n' for name in OPERATIONS)
    mine = folder / "mine.toml"
    mine.write_text(
        f'extends = "{SHOP}"\npublic_origin = "{{env:COUNTER}}"\n{bases}[csrf]\nbases = ["auth", "api"]\n', "utf-8"
    )
    with serving(lambda handler: handler.say(404, b"")) as front, serving_shop(folder) as shop:
        words = ("--api-url", shop.shelf, "--auth-url", shop.counter, "--target", str(mine))
        yield Deployment(front, shop, words, {"COUNTER": shop.counter, "SHOP_DATABASE_URL": shop.database})


def test_the_doctor_has_no_doubt(
    deployment: Deployment, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in deployment.environment.items():
        monkeypatch.setenv(name, value)
    code = main(["doctor", deployment.front.url, *deployment.words, "--no-browser"])
    said = capsys.readouterr().out
    assert code == Exit.CONFORMANT, said
    assert f"{deployment.shop.counter} answers (--auth-url)" in said
    assert "DOUBTFUL" not in said


def test_a_run_asks_each_operation_where_it_is(deployment: Deployment, tmp_path: Path) -> None:
    files = [f"features/{flow}.feature" for flow in ("signin", "tasks", "refresh")]
    words = ("-q", "-n", "2", "--skip-doctor", "--base-url", deployment.front.url, *deployment.words)
    ended = run(tmp_path, *files, *words, env=deployment.environment)
    assert ended.code == Exit.CONFORMANT, ended.output
    assert ended.report["verdicts"]["pass"] > 20
    assert ended.report["target"]["auth_url"] == deployment.shop.counter
    assert json.dumps(deployment.shop.counter) in (tmp_path / "report.json").read_text("utf-8")


def test_without_its_address_the_front_end_is_asked(
    deployment: Deployment, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in deployment.environment.items():
        monkeypatch.setenv(name, value)
    words = [word for word in deployment.words if word not in ("--auth-url", deployment.shop.counter)]
    assert main(["doctor", deployment.front.url, *words, "--no-browser"]) == Exit.TARGET_UNUSABLE
