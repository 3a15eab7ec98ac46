"""What the tasks page answers people who are not signed in."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request, Response
from sqlalchemy import select

from reference_backend import identity, pages
from reference_backend.identity import Services, UseServices, UseVisitor
from reference_backend.models import Task
from tests.detection.routes import serve

Answer = Callable[[Request, Response, Services], Response | None]


def everybodys_page(request: Request, response: Response, services: Services) -> Response:
    """The page as it renders without a user to filter by: with every task there is."""
    with services.database.begin() as db:
        rows = db.scalars(select(Task)).all()
    return pages._page(request, response, "tasks.html", tasks=rows)


def guests_page(request: Request, response: Response, _services: Services) -> Response:
    """The page's frame with an empty list, as it renders for nobody."""
    return pages._page(request, response, "tasks.html", tasks=[])


def answer_strangers(answer: Answer) -> None:
    """Give people without a session what ``answer`` makes; None sends them to sign-in as before."""

    def tasks_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        made = answer(request, response, services) if visitor is None else None
        return made or pages.tasks_page(request, response, services, visitor)

    serve(pages.router, "tasks_page", tasks_page, identity.trusted_origin)
