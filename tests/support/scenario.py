"""A scenario of a deployment in memory, in the words of the reference profile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.core.exchange import Exchange
from harness.deployment.deployment import Deployment
from harness.deployment.expiry import Expiry
from harness.deployment.people import PersonFactory
from harness.profile.loader import load_profile, parse_profile
from harness.profile.target import Target
from harness.scenario.cast import Cast
from harness.scenario.world import World
from tests.support.fake_backend import AUTH, SECRET
from tests.support.fake_client import API, WEB, Answer, FakeClient, Server

SIGN_UP, SIGN_IN, SIGN_OUT = f"POST {AUTH}/sign-up/email", f"POST {AUTH}/sign-in/email", f"POST {AUTH}/sign-out"
SESSION, TOKEN, REFRESH = f"GET {AUTH}/get-session", f"GET {AUTH}/token", f"POST {AUTH}/refresh"
PASSWORD, DELETE = f"POST {AUTH}/change-password", f"POST {AUTH}/delete-user"
LIST, CREATE, READ, UPDATE = "GET /api/tasks", "POST /api/tasks", "GET /api/tasks/1", "PATCH /api/tasks/1"
BROKEN = Answer(500, {"message": "Internal Server Error"})


_FACTORY = PersonFactory(load_profile("reference").people, 1)
"""One for all: it takes long to make."""


def world_of(client: FakeClient, changes: str = "", secret: str | None = SECRET) -> World:
    """A scenario in which nobody is yet; the profile is the reference backend's, with ``changes`` as TOML."""
    target = Target(parse_profile(f'extends = "reference"\n{changes}', "changed.toml", Path()), WEB, API, secret)
    deployment = Deployment(target, client)
    return World(Cast(_FACTORY, deployment), deployment, Expiry(target, 0.0))


def with_people(world: World, *aliases: str) -> World:
    """The scenario with these people signed in, each with a task."""
    for alias in aliases:
        world.introduce(world.cast.share(alias))
        world.give_task(alias)
    return world


def answered(status: int = 200, text: str = "", *headers: tuple[str, str], sent: Any = ()) -> Exchange:
    """An exchange as a flow may find it."""
    return Exchange("somebody", "GET", f"{WEB}/x", sent, b"", status, headers, text.encode(), 0.1)


def said(answer: Answer) -> Server:
    """A server that says nothing else."""
    return lambda _: answer
