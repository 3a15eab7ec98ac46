"""The public API: `__version__` and `Custom`.

`Custom` is for what a profile can't say in TOML.

Nothing is imported before it is needed: `python -m auth_conformance` reads this file while the current folder is
still the first that Python imports from.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from harness.profile.custom import Request
    from harness.profile.operation import Operation
    from harness.wire.client import Client

    __version__: str

__all__ = ["Custom", "__version__"]


class Custom:
    """Derive from this class and name yours in the profile.

    As ``custom = "module:Class"``.
    """

    def prepare(self, operation: Operation, request: Request) -> Request:  # noqa: ARG002 - for those who derive
        """Return the request to send instead, signed for instance; `dataclasses.replace` makes it."""
        return request

    def verify(self, email: str, client: Client) -> None:  # noqa: ARG002 - for those who derive
        """Verify a new address, so that it can sign in.

        Called after each sign-up that is answered as ``outcomes.pending_verification`` of ``sign_up`` says.
        ``client.send(who, method, url, headers, body)`` reaches the deployment's own addresses.

        Raises Unavailable: the suite reads no mail.
        """
        from harness.core.errors import Unavailable

        raise Unavailable(
            f"the account of {email} waits for its address to be verified.",
            "Switch verification off for the suite, or give the profile a class whose verify() does it (custom).",
        )


def __getattr__(name: str) -> str:
    """The version, from the installed package's metadata."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version("auth-conformance")
