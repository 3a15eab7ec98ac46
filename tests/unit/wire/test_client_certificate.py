"""A server that wants a certificate of its clients gets the suite's, however a request is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from harness.core.exchange import Exchange, NoAnswer
from harness.wire.client import Client
from harness.wire.throttle import ThrottleBudget
from harness.wire.together import Outgoing
from harness.wire.trust import ClientCertificate, Trust, TrustError
from tests.support.certificate import certificate
from tests.support.tls_server import serving_tls

PASSWORD = "password-of-the-key"


def with_password(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate, and its key in a file of its own that has a password."""
    both = certificate(folder, name)
    encryption = BestAvailableEncryption(PASSWORD.encode())
    key = load_pem_private_key(both.read_bytes(), None)
    file = folder / f"{name}.key"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    return both, file


def asked(url: str, trust: Trust) -> list[Exchange | NoAnswer]:
    client = Client(frozenset({url}), ThrottleBudget(0.0), trust=trust)
    came: list[Exchange | NoAnswer] = [*client.send_together([Outgoing("Ann", "GET", f"{url}/", [], None)])]
    ways: tuple[Callable[[], Exchange], ...] = (
        lambda: client.send("Ann", "GET", f"{url}/"),
        lambda: client.send_verbatim("Ann", "GET", f"{url}/", []),
    )
    for way in ways:
        try:
            came.append(way())
        except NoAnswer as silent:
            came.append(silent)
    client.close()
    return came


def test_each_way_of_asking_shows_it(tmp_path: Path) -> None:
    server = certificate(tmp_path, "127.0.0.1")
    own, key = with_password(tmp_path, "client.example")
    with serving_tls(server, own) as url:
        shown = asked(url, Trust(ca=server, own=ClientCertificate(own, key, PASSWORD)))
        nothing = asked(url, Trust(ca=server))
        pins = Trust(ca=server, own=ClientCertificate(own)).pins([url])
    assert [one.body for one in shown if isinstance(one, Exchange)] == [b"<p>Hello</p>"] * 3
    assert all(isinstance(one, NoAnswer) for one in nothing)
    assert len(pins) == 1


@pytest.mark.parametrize("password", [None, "another"])
def test_a_wrong_password_is_shown_and_none_asked_for(password: str | None, tmp_path: Path) -> None:
    own, key = with_password(tmp_path, "client.example")
    with pytest.raises(TrustError) as raised:
        Trust(own=ClientCertificate(own, key, password)).context()
    assert str(raised.value).startswith(
        f"{own} and {key} hold no certificate with its key in PEM, or the key has another password ("
    )


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrustError, match=r"missing\.pem holds no certificate with its key in PEM"):
        Trust(own=ClientCertificate(tmp_path / "missing.pem")).context()
