"""The suite listens beside the deployment, or where the user says."""

from __future__ import annotations

import httpx
import pytest

from harness.core.errors import Absent, Unavailable
from harness.deployment.callback import listener_for
from harness.profile.loader import load_profile
from harness.profile.target import Target
from harness.wire.listener import Listener, Place


def target(api: str) -> Target:
    return Target(load_profile("reference"), "https://app.example", api)


def where(listener: Listener) -> str:
    url = listener.url("/")
    listener.close()
    return httpx.URL(url).host


@pytest.mark.parametrize(
    ("api", "host"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("http://127.5.0.1", "127.0.0.1"),
        ("https://localhost/api", "127.0.0.1"),
        ("http://app.localhost:3000", "127.0.0.1"),
        ("http://[::1]:3000", "::1"),
    ],
)
def test_beside_a_local_deployment_it_is_local(api: str, host: str) -> None:
    assert where(listener_for(target(api), "api", None)) == host


@pytest.mark.parametrize("api", ["https://api.example", "http://192.0.2.7", "https://localhost.example"])
def test_elsewhere_the_user_has_to_say_where(api: str) -> None:
    with pytest.raises(Absent, match=r"is on another machine, and --listener names no .* --listener HOST:PORT"):
        listener_for(target(api), "api", None)
    assert where(listener_for(target(api), "api", Place("127.0.0.1", 0))) == "127.0.0.1"


def test_the_base_that_verifies_tokens_decides() -> None:
    with pytest.raises(Absent, match=r"at app\.example"):
        listener_for(target("http://127.0.0.1"), "web", None)


def test_where_nothing_can_listen_nothing_is_judged() -> None:
    with pytest.raises(Unavailable, match=r"can't listen on 192\.0\.2\.7, port 0: .*free port in --listener"):
        listener_for(target("https://api.example"), "api", Place("192.0.2.7", 0))
