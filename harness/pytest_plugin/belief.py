"""Whether what a scenario found may be believed.

Only of a deployment that still answers as it did.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import httpx

from harness.core.blocker import Blocker
from harness.core.errors import Unavailable
from harness.core.exchange import NoAnswer, is_safe
from harness.core.findings import NotApplicable, Unmet
from harness.core.verdict import finding
from harness.deployment.quotation import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.core.exchange import Exchange
    from harness.scenario.world import World
    from harness.wire.client import Client

_GATEWAY = (httpx.codes.BAD_GATEWAY, httpx.codes.GATEWAY_TIMEOUT)


@contextlib.contextmanager
def believable(scene: Callable[[], World | None]) -> Iterator[None]:
    """Look at the deployment before a scenario's finding stands.

    Raises Outage in its place where the deployment is down, and Unavailable where the answer that decides can't be
    had again.
    """
    try:
        yield
    except Exception as found:
        if (world := scene()) is not None and _is_about_deployment(found):
            client = world.deployment.client
            client.heartbeat.must_beat()
            if isinstance(found, Unmet):
                _must_be_certain(client, found)
        raise
    else:
        if (world := scene()) is not None and _ended_in_trouble(world.deployment.client):
            world.deployment.client.heartbeat.must_beat()


def _is_about_deployment(found: Exception) -> bool:
    said = finding(found)
    return not isinstance(said, NotApplicable) and getattr(said, "blocker", None) is not Blocker.MISSING


def _ended_in_trouble(client: Client) -> bool:
    return any(httpx.codes.is_server_error(exchange.status) for _, exchange in client.transcript.entries[-1:])


def _must_be_certain(client: Client, found: Unmet) -> None:
    """Raise Unavailable where a connection or a gateway may be what failed."""
    for _, exchange in client.transcript.entries:
        if exchange.resent and not is_safe(exchange.method):
            raise Unavailable(
                f"the answer to {_asked(exchange)} was lost and it was sent again, so that it may have been done "
                f"twice, and what came then says nothing for certain: {found}.",
                "Find out what cuts connections, and run again.",
                found.exchanges,
            ) from found
    for decisive in found.exchanges[-1:]:
        if decisive.status in _GATEWAY and not is_safe(decisive.method):
            raise Unavailable(
                f"{_asked(decisive)} was answered {quoted(decisive)} by what stands in front of the deployment.",
                "Find out why it could not reach it, and run again.",
                found.exchanges,
            ) from found
        # What meets others breaks for that, and alone it does not.
        alone = is_safe(decisive.method) and not decisive.together
        if httpx.codes.is_server_error(decisive.status) and alone:
            _must_come_again(client, decisive, found)


def _must_come_again(client: Client, decisive: Exchange, found: Unmet) -> None:
    headers = [(name, value.encode("latin-1", "replace")) for name, value in decisive.request_headers]
    with client.transcript.aside("whether it is answered so again"):
        try:
            again = client.send_verbatim(decisive.who, decisive.method, decisive.url, headers)
        except NoAnswer:
            return
    if again.status < httpx.codes.INTERNAL_SERVER_ERROR:
        raise Unavailable(
            f"{_asked(decisive)} was answered {quoted(decisive)}, and asked again {quoted(again)}: the deployment "
            "breaks now and then, and not by what was sent.",
            "Look at its log for what broke, and run again.",
            [*found.exchanges, again],
        ) from found


def _asked(exchange: Exchange) -> str:
    return f"{exchange.method} {exchange.url}"
