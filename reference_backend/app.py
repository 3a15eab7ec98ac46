"""Putting the parts together."""

from pathlib import Path

from fastapi import FastAPI
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from reference_backend import auth, errors, headers, models, pages, tasks, throttle, tokens
from reference_backend.identity import Services
from reference_backend.settings import Settings

ROUTERS = (auth.router, tasks.router, pages.router)


def create_app(settings: Settings) -> FastAPI:
    """Return the application on its database, with tables made if missing.

    `settings.base_url` must be set. Raises SQLAlchemyError if the database can't be reached and SettingsError
    if its signing key can't be opened.
    """
    engine = models.connect(settings)
    # Rows outlive their transaction as copies, see `identity.visitor`.
    database = sessionmaker[Database](engine, expire_on_commit=False)
    # No generated documentation; and a redirect to add or drop a slash would be built from the Host header.
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.state.settings = settings
    app.state.services = Services(settings, engine, database, tokens.signer(settings, engine), throttle.Counters())
    for router in ROUTERS:
        app.include_router(router)
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, Route)]
    errors.install(app, routes)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    app.add_middleware(headers.SecurityHeaders, settings=settings)
    return app
