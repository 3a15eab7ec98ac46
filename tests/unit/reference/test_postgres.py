"""A source of a Postgres that was asked for and can't be had is told in one sentence."""

from pathlib import Path

import pytest

from harness.reference.postgres import PostgresUnavailable, open_server

NOT_UNDERSTOOD = "The Postgres URL could not be understood: expected postgresql://"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTH_CONFORMANCE_POSTGRES_URL", "AUTH_CONFORMANCE_POSTGRES_IMAGE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "postgresql://me:hunter2@127.0.0.1:1/db",
            "Expected a Postgres server at 127.0.0.1:1, but ",
        ),
        (
            "postgresql://me:hunter2@127.0.0.1:port/db",
            NOT_UNDERSTOOD,
        ),
        ("mysql://me:hunter2@127.0.0.1/db", NOT_UNDERSTOOD),
        ("postgresql://me:hunter2@127.0.0.1/db?nonsense=1", NOT_UNDERSTOOD),
        (None, "--postgres url needs the URL of a server: set AUTH_CONFORMANCE_POSTGRES_URL"),
    ],
)
def test_a_forced_url_without_a_server_is_one_sentence(url: str | None, sentence: str) -> None:
    with pytest.raises(PostgresUnavailable) as error, open_server("url", url=url):
        pass
    assert str(error.value).startswith(sentence)
    assert "hunter2" not in str(error.value)


def test_a_forced_container_without_an_engine_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing.sock")
    with pytest.raises(PostgresUnavailable, match=r"^No Docker engine answers at unix:.*--postgres embedded"):
        open_server("docker").__enter__()
