"""Starts a faulty backend, runs the specification against it as a user would, and reads the report."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import json
import multiprocessing
import os
import secrets
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from harness.browser.install import VARIABLE
from harness.browser.pool import REQUIRED
from harness.core.processes import free_port, start
from harness.core.verdict import Verdict
from harness.reference.postgres import PostgresServer
from tests.detection.faulty_backend import TLS_VARIABLE
from tests.detection.registry import Fault
from tests.support.limits import LIMIT_SECONDS

ROOT = Path(__file__).parents[2]
HTTP_SUITE = "not needs-browser"
BROWSER_SUITE = "needs-browser"
CHEAP = {"REFERENCE_ARGON2_MEMORY": "64", "REFERENCE_ARGON2_TIME": "1"}
NO_FAULT = "-"
FORKS = multiprocessing.get_context("forkserver")
"""Starts each run of the suite from one process that has loaded its libraries: that is a third of a short run."""
FORKS.set_forkserver_preload(
    [
        "pytest_bdd",
        "xdist",
        "faker",
        "harness.scenario.world",
        "harness.browser.pool",
        "harness.pytest_plugin.run_target",
        __name__,
    ]
)


class SuiteError(Exception):
    """The specification did not run to its end; the message holds its last output."""


@dataclass(frozen=True)
class Backend:
    """A running backend: its address, and the environment in which the suite knows what its owner gives along.

    ``listens_at`` is where it really is, which is not its address where something stands in front of it.
    """

    url: str
    listens_at: str
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """One line of the report: a scenario (or one of its Examples rows), its verdict and the reason."""

    identity: str
    level: str
    title: str
    verdict: Verdict
    reason: str

    def __str__(self) -> str:
        return f"{self.verdict.value}: {self.title} ({self.identity}): {self.reason}"


@contextlib.contextmanager
def backend(
    server: PostgresServer,
    settings: Mapping[str, str],
    folder: Path,
    fault: Fault | None,
    also: Sequence[Fault] = (),
) -> Iterator[Backend]:
    """Run the reference backend with the fault (or as it is) on a database of its own, for as long as the context.

    ``also`` are further faults, planted on top of it; ``folder`` takes the certificate where the settings ask for
    TLS. Raises ProcessError when it does not start.
    """
    database = server.create_database("fault")
    environment = {
        **_clean_environment(),
        "REFERENCE_DATABASE_URL": database,
        "REFERENCE_SECRET": secrets.token_urlsafe(48),
        "REFERENCE_JWT_SECRET": secrets.token_urlsafe(48),
        **CHEAP,
        **settings,
    }
    known = {"AUTH_CONFORMANCE_DATABASE_URL": database}
    if settings.get("REFERENCE_JWT_ALGORITHM", "HS256") == "HS256":
        known["AUTH_CONFORMANCE_JWT_SECRET"] = environment["REFERENCE_JWT_SECRET"]
    port = 0
    if settings.get("REFERENCE_BASE_URL", "").startswith("https://"):
        port = free_port()
        environment["REFERENCE_BASE_URL"] += f":{port}"
        environment[TLS_VARIABLE] = known["SSL_CERT_FILE"] = str(_certificate(folder))
    planted = [fault, *also] if fault else []
    what = [word for one in planted for word in (one.flow, one.name)] or [NO_FAULT, NO_FAULT]
    try:
        with start(
            [sys.executable, "-m", "tests.detection.faulty_backend", *what, "--port", str(port)],
            name=f"backend with the fault {what[1]}",
            env=environment,
            cwd=ROOT,
            ready="json-line",
            timeout=LIMIT_SECONDS,
        ) as process:
            url = environment.get("REFERENCE_BASE_URL") or str(process.ready_line["url"])
            yield Backend(url, str(process.ready_line["url"]), known)
    finally:
        server.drop_database(database)


def run_suite(target: Backend, expression: str, folder: Path) -> list[Finding]:
    """Run the scenarios that the marker expression chooses; returns what the report says of each.

    Raises SuiteError when there is no report of the run.
    """
    report = folder / "report"
    arguments = ["features", "-q", "-p", "no:cacheprovider", "-m", expression]
    # The doctor would stop many a run; here it is the scenarios that have to notice.
    arguments += ["--skip-doctor", "--base-url", target.url, "--target", "reference", "--report-dir", str(report)]
    output = folder / "output.txt"
    suite = FORKS.Process(target=_suite, args=(arguments, _clean_environment(), target.environment, output))
    suite.start()
    suite.join(LIMIT_SECONDS)
    if suite.is_alive():
        suite.kill()
        suite.join()
        raise SuiteError(f"the suite had not ended after {LIMIT_SECONDS:.0f} s (-m {expression!r}).")
    if not (report / "report.json").exists():
        raise SuiteError(
            f"the suite wrote no report (-m {expression!r}, exit code {suite.exitcode}). Its last output:\n"
            + output.read_text("utf-8", "replace")[-3000:]
        )
    content = json.loads((report / "report.json").read_text("utf-8"))
    return [_finding(entry) for entry in content["results"]]


def _suite(arguments: list[str], clean: dict[str, str], known: Mapping[str, str], output: Path) -> None:
    """Become what `python -m pytest` would be in that environment, with its output in a file."""
    os.environ.clear()
    os.environ.update({**clean, **known})
    os.chdir(ROOT)
    sys.dont_write_bytecode, sys.pycache_prefix = False, clean["PYTHONPYCACHEPREFIX"]
    with output.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.exit(pytest.main(arguments))


def _finding(entry: Mapping[str, str]) -> Finding:
    title = f"{entry['name']} [{entry['row']}]" if entry["row"] else entry["name"]
    return Finding(entry["identity"], entry["level"], title, Verdict(entry["verdict"]), entry["reason"])


def any_of(identities: Sequence[str]) -> str:
    """The marker expression for these scenarios."""
    return " or ".join(dict.fromkeys(identities))


def _clean_environment() -> dict[str, str]:
    """This process's environment without what would configure the backend, the suite or a nested pytest, but
    with the browser that it names.

    All of them share compiled modules: where none may be written to the tree, compiling costs half of the time.
    """
    ours = ("REFERENCE_", "AUTH_CONFORMANCE_", "PYTEST_", "PYTHONDONTWRITEBYTECODE", "GITHUB_STEP_SUMMARY")
    kept = {name: value for name, value in os.environ.items() if name == VARIABLE or not name.startswith(ours)}
    # A scenario that finds no browser is one that did not turn red, and has to say so.
    return {**kept, REQUIRED: "1", "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "pycache")}


def _certificate(folder: Path) -> Path:
    """Write a key and a certificate for 127.0.0.1 that signs itself, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.fromtimestamp(time.time(), dt.UTC)
    day = dt.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "tls.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    path.chmod(0o600)
    return path
