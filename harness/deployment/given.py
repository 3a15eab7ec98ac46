"""A deployment that the user names: its target, and a client."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from harness.core.extras import ExtraMissing, require
from harness.core.redaction import register
from harness.deployment.answer import throttling
from harness.deployment.reach import gate_of, proxy_of, trust_for
from harness.profile.custom import CustomError, load_custom
from harness.profile.target import Target, TargetError, base_url
from harness.wire.client import ANSWER_LIMIT, Client
from harness.wire.throttle import ThrottleBudget
from harness.wire.trust import SYSTEM, Trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.profile.profile import Profile


def given_target(profile: Profile, web: str, api: str | None, auth: str | None = None) -> Target:
    """A deployment at these addresses, with the secrets of the environment.

    The secrets are masked from now on.

    Raises TargetError where an address is none, or where the profile asks for what isn't there.
    """
    unset = [name for name in profile.variables() if not os.environ.get(name)]
    if unset:
        raise TargetError(f"the profile takes {', '.join(unset)} from the environment: set it and run again.")
    know_secrets_of(profile)
    gate_of(profile.reach)
    proxy_of(profile.reach)
    trust_for(profile.reach)
    database = _database_of(profile)
    try:
        load_custom(profile.custom)
        if database is not None:
            require("ageing", "age_session")
    except (CustomError, ExtraMissing) as error:
        raise TargetError(str(error)) from error
    address = base_url(web, "--base-url")
    api_address = base_url(api, "--api-url") if api is not None else address
    auth_address = base_url(auth, "--auth-url") if auth is not None else None
    return Target(profile, address, api_address, _secret_of(profile), database, auth_address)


def know_secrets_of(profile: Profile) -> None:
    """Mask what the profile holds or takes from the environment.

    From now on, and in each process.
    """
    mask_secrets_of(profile)
    for name in profile.variables():
        if value := os.environ.get(name):
            register(value, name)


def client_for(
    target: Target,
    throttle_budget: float,
    announce: Callable[[str], None],
    answer_limit: float = ANSWER_LIMIT,
    trust: Trust = SYSTEM,
) -> Client:
    """A client that waits where the deployment throttles.

    It does so in the profile's words, for ``throttle_budget`` seconds in all, and ``answer_limit`` for one answer.
    """
    budget = ThrottleBudget(throttle_budget, announce=announce)
    is_throttled = throttling(target.profile)
    return Client(
        target.origins,
        budget,
        is_throttled=is_throttled,
        answer_limit=answer_limit,
        trust=trust_for(target.profile.reach, trust),
        gate=gate_of(target.profile.reach),
        proxy=proxy_of(target.profile.reach),
        clear_origin=target.profile.plain_http,
    )


def mask_secrets_of(profile: Profile) -> None:
    """Register the signing secret and the database's URL as secrets.

    Every process of a run has to mask them.
    """
    for value, label in ((_secret_of(profile), "signing secret"), (_database_of(profile), "database URL")):
        if value is not None:
            register(value, label)


def _secret_of(profile: Profile) -> str | None:
    return (os.environ.get(profile.jwt.secret_env) or None) if profile.jwt.secret_env else None


def _database_of(profile: Profile) -> str | None:
    return (os.environ.get(profile.age_session.database_env) or None) if profile.age_session else None
