"""A profile's limit on guessing passwords."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from harness.profile.operation import Model, Seconds

INSTANCES = 3
"""How many times as far guessing may get where several instances count each for themselves."""


class RateLimit(Model):
    """How sign-in limits wrong passwords, where it does.

    What is declared here is measured: an account made for it is tried with more wrong passwords than the limit.
    """

    max_attempts: Annotated[int, Field(ge=1, le=1000, examples=[10])]
    """Wrong passwords after which sign-in is throttled, locked, delayed or challenged. More than 25 can't be
    measured: no more than 30 are tried."""
    window: Seconds
    """Seconds after which somebody may try again who waited that long."""
    keyed_by: Literal["account", "client", "account and client"] = "account"
    """Whose wrong passwords count together: those for one account, those of one client (its address), or those of
    one client for one account."""
    lock_seconds: Seconds | None = None
    """Seconds for which an account stays locked once the limit is reached, where that is longer than `window`."""
    ignores_client_headers: bool = False
    """Whether what a client itself writes in `X-Forwarded-For` and the like counts for nothing: no such header is
    read, or the address that the suite is given is that of a proxy which overwrites them."""
    several_instances: bool = False
    """Whether several instances count each for themselves, so that a burst may get three times as far."""

    @property
    def longest(self) -> int:
        """Seconds after which the right password signs in again, whatever came before."""
        return max(self.window, self.lock_seconds or 0)

    @property
    def counted(self) -> int:
        """Wrong passwords after which the limit has to show."""
        return self.max_attempts * (INSTANCES if self.several_instances else 1)
