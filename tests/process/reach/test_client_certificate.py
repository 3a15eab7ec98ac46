"""A deployment that wants a certificate of its clients, end to end: over HTTP and in the browser."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from harness.browser.install import find_executable
from harness.cli.main import main
from harness.core.exits import Exit
from tests.process.server_rendered.board import Board
from tests.process.sixth_shape.shop_server import listening
from tests.support.certificate import certificate
from tests.support.limits import LIMIT_SECONDS

BOARD = Path(__file__).parents[1] / "server_rendered" / "board.toml"


@contextlib.contextmanager
def serving(server: Path, of_clients: Path) -> Iterator[str]:
    """The board over TLS, for clients with that certificate: its URL."""
    with listening() as at:
        config = uvicorn.Config(
            Board().app(),
            lifespan="off",
            log_level="critical",
            access_log=False,
            ssl_certfile=str(server),
            ssl_cert_reqs=ssl.CERT_REQUIRED,
            ssl_ca_certs=str(of_clients),
        )
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [at]}, daemon=True)
        thread.start()
        try:
            yield f"https://127.0.0.1:{at.getsockname()[1]}"
        finally:
            running.should_exit = True
            thread.join(LIMIT_SECONDS)


def test_the_doctor_gets_in_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server, own = certificate(tmp_path, "127.0.0.1"), certificate(tmp_path, "client.example")
    mine = tmp_path / "mine.toml"
    mine.write_text(f'extends = "{BOARD}"\n[reach]\ncertificate = {{ file = "{own.name}" }}\n', "utf-8")
    browser = [] if find_executable() is not None else ["--no-browser"]
    with serving(server, own) as url:
        code = main(["doctor", url, "--target", str(mine), "--ca", str(server), *browser])
        told = capsys.readouterr().out
        drafted = main(["init", url, "--reach", str(mine), "--ca", str(server)])
        draft = capsys.readouterr().out
        without = main(["doctor", url, "--target", str(BOARD), "--ca", str(server), "--no-browser"])
    assert code == Exit.CONFORMANT, told
    assert "DOUBTFUL" not in told
    assert drafted == Exit.CONFORMANT
    assert f'certificate = {{ file = "{own}" }}' in draft
    assert without == Exit.TARGET_UNUSABLE


def test_a_file_without_a_certificate_is_a_fault_of_the_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(f'extends = "{BOARD}"\n[reach]\ncertificate = {{ file = "client.pem" }}\n', "utf-8")
    assert main(["doctor", "https://127.0.0.1:1", "--target", str(mine)]) == Exit.USAGE
    assert f"reach.certificate: {tmp_path / 'client.pem'} holds no certificate" in capsys.readouterr().err
