"""A profile's class that verifies addresses by a route which a deployment has for tests."""

from __future__ import annotations

import json

from auth_conformance import Custom
from harness.core.exchange import origin_of
from harness.wire.client import Client

VERIFY = "/test/verify"


class Verifier(Custom):
    """Asks the deployment to take an address for verified."""

    def verify(self, email: str, client: Client) -> None:
        """As the owner does who follows the link in the message."""
        web = origin_of(client.history[-1].url)
        client.send(
            "verification",
            "POST",
            web + VERIFY,
            [("Content-Type", "application/json")],
            json.dumps(email).encode(),
        )
