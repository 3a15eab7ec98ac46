"""Backends on a real Postgres, with hashes that cost next to nothing, and people who use them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from harness.reference.postgres import PostgresServer
from reference_backend.app import create_app
from reference_backend.settings import Settings
from tests.support.reference_person import BASE, JWT_SECRET, SECRET, Person, stranger_of

BackendFactory = Callable[..., FastAPI]


@pytest.fixture(scope="session")
def dsn(server: PostgresServer) -> str:
    return server.create_database("reference")


@pytest.fixture(scope="session")
def backend(dsn: str) -> Iterator[BackendFactory]:
    """Make an application with the given settings; its connections are closed at the end."""
    made: list[FastAPI] = []

    def make(**overrides: Any) -> FastAPI:
        values: dict[str, Any] = {
            "database_url": dsn,
            "secret": SECRET,
            "jwt_secret": JWT_SECRET,
            "base_url": BASE,
            "argon2_memory": 64,
            "argon2_time": 1,
        }
        made.append(create_app(Settings(**(values | overrides))))
        return made[-1]

    yield make
    for app in made:
        app.state.services.engine.dispose()


@pytest.fixture(scope="session")
def app(backend: BackendFactory) -> FastAPI:
    return backend()


@pytest.fixture
def stranger(app: FastAPI) -> Person:
    return stranger_of(app)


@pytest.fixture
def ann(app: FastAPI) -> Person:
    return stranger_of(app).sign_up()


@pytest.fixture
def ben(app: FastAPI) -> Person:
    return stranger_of(app).sign_up()
