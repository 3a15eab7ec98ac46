"""Why no answer came is said in a sentence of its own, with what to do."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from harness.core.exchange import NoAnswer
from harness.core.processes import free_port
from harness.wire import client as wire_client
from harness.wire.client import Client
from harness.wire.silence import explained
from harness.wire.throttle import ThrottleBudget
from tests.support.certificate import certificate
from tests.support.local_server import serving


def said(url: str) -> str:
    """What is said of an address that gives no answer."""
    client = Client(frozenset({url}), ThrottleBudget(0))
    with pytest.raises(NoAnswer) as silent:
        client.send("the doctor", "GET", f"{url}/")
    client.close()
    why = explained(silent.value)
    return f"{why.what}. {why.remedy}"


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A server that speaks TLS only, with a certificate for another name: its port, and the certificate."""
    file = certificate(tmp_path, "other.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    class Quiet(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server.server_port, file
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_unknown_authority_is_named_with_the_variable(tls: tuple[int, Path]) -> None:
    text = said(f"https://127.0.0.1:{tls[0]}")
    assert text.startswith(
        "has a TLS certificate of an authority that is not known here ([SSL: CERTIFICATE_VERIFY"
    )
    assert text.endswith("in the environment variable SSL_CERT_FILE.")


def test_a_certificate_for_another_name_is_told(tls: tuple[int, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    text = said(f"https://127.0.0.1:{tls[0]}")
    assert text.startswith("has a TLS certificate for another name (")
    assert text.endswith("Give the host name that it is made for.")


def test_http_at_a_port_that_speaks_tls_is_told(tls: tuple[int, Path]) -> None:
    assert said(f"http://127.0.0.1:{tls[0]}").startswith(
        "closed the connection without an answer, as a server does"
    )


def test_tls_at_a_port_that_speaks_none_is_told() -> None:
    with serving(lambda handler: handler.say(200)) as server:
        text = said(server.url.replace("http:", "https:"))
    assert text.startswith("speaks no TLS (")
    assert text.endswith("Write http://, or the port at which it speaks TLS.")


def test_a_port_where_nothing_listens_is_told() -> None:
    text = said(f"http://127.0.0.1:{free_port()}")
    assert text.startswith("refuses connections: nothing listens there (")
    assert text.endswith("Start the deployment, or correct the address (scheme, host name, port).")


def test_an_answer_that_does_not_come_is_told_with_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_client, "ANSWER_LIMIT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        text = said(f"http://127.0.0.1:{listening.getsockname()[1]}")
    assert text.startswith("gave no whole answer within 0 s. Look at what it does for so long.")


@pytest.mark.parametrize(
    ("why", "timed_out", "what"),
    [
        ("[Errno -2] Name or service not known", False, "has a host name that nobody knows here"),
        (
            "[Errno 8] nodename nor servname provided, or not known",
            False,
            "has a host name that nobody knows here",
        ),
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate has expired (_ssl.c:1)",
            False,
            "a TLS certificate that has exp",
        ),
        ("[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert", False, "does not agree on TLS"),
        ("no connection within 5 s", True, "gave no connection within 5 s"),
        ("no whole answer within 15 s", True, "gave no whole answer within 15 s"),
        *(
            (why, False, "answered, and what came is no whole answer of HTTP")
            for why in (
                "illegal status line: bytearray(b'hello')",
                "illegal chunk header: bytearray(b'zz')",
                "conflicting Content-Length headers",
                "peer closed connection without sending complete message body (received 5 bytes, expected 9)",
                "the answer has more than 8 MB on the wire",
                "Error -3 while decompressing data: incorrect header check",
            )
        ),
        ("what nobody foresaw", False, "gave no answer (what nobody foresaw)"),
    ],
)
def test_each_kind_has_its_sentence(why: str, timed_out: bool, what: str) -> None:
    found = explained(NoAnswer("GET", "https://app.example/", why, timed_out=timed_out))
    assert what in found.what
    assert found.remedy.endswith((".", "?"))
