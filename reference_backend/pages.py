"""The pages: server-rendered, working without JavaScript.

A form that fails is shown again with the reason.
"""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates
from pydantic import ValidationError

from reference_backend import accounts, cookies, identity, redirects, sessions, tasks, throttle
from reference_backend.accounts import SignIn, SignUp
from reference_backend.bodies import form
from reference_backend.errors import ApiError, invalid
from reference_backend.identity import UseServices, UseVisitor
from reference_backend.models import Task

HOME = "/tasks"
templates = Jinja2Templates(directory=Path(__file__).parent / "templates")  # autoescapes
router = APIRouter(dependencies=[Depends(identity.trusted_origin)])

UseForm = Annotated[dict[str, str], Depends(form)]


@router.get("/")
def front(request: Request, response: Response, visitor: UseVisitor) -> Response:
    """Show what this is, and the way in."""
    return _page(request, response, "front.html", visitor=visitor)


@router.get("/signup")
def sign_up_page(request: Request, response: Response, visitor: UseVisitor) -> Response:
    """Show the sign-up form.

    Who is signed in already goes on to the tasks.
    """
    if visitor:
        return _go(response, HOME)
    return _page(request, response, "signup.html", fields={})


@router.post("/signup")
def sign_up(request: Request, response: Response, services: UseServices, fields: UseForm) -> Response:
    """Create an account, sign in, and go to the tasks."""
    settings = services.settings
    try:
        wanted = SignUp.model_validate(fields)
        attempt = throttle.Attempt(identity.peer(request))
        with throttle.guarded(services.attempts, settings, attempt), services.database.begin() as db:
            user = accounts.sign_up(db, settings, wanted)
            identity.start(request, response, services, db, user)
    except (ApiError, ValidationError) as error:
        return _again(request, response, "signup.html", error, fields=fields)
    return _go(response, HOME)


@router.get("/signin")
def sign_in_page(
    request: Request,
    response: Response,
    services: UseServices,
    visitor: UseVisitor,
    callbackURL: str = HOME,  # noqa: N803
) -> Response:
    """Show the sign-in form.

    Who is signed in already goes on to where they wanted to go.
    """
    target = _target(services, callbackURL)
    if visitor:
        return _go(response, target)
    return _page(request, response, "signin.html", fields={"callbackURL": target})


@router.post("/signin")
def sign_in(request: Request, response: Response, services: UseServices, fields: UseForm) -> Response:
    """Sign in and go to where the person wanted to go."""
    settings = services.settings
    target = _target(services, fields.get("callbackURL", HOME))
    try:
        given = SignIn.model_validate(fields)
        email = accounts.normalise_email(given.email)
        attempt = identity.attempt(request, settings, email)
        with throttle.guarded(services.attempts, settings, attempt), services.database.begin() as db:
            user = accounts.sign_in(db, settings, email, given.password)
            identity.start(request, response, services, db, user)
    except (ApiError, ValidationError) as error:
        return _again(request, response, "signin.html", error, fields={**fields, "callbackURL": target})
    return _go(response, target)


@router.post("/signout")
def sign_out(response: Response, services: UseServices, visitor: UseVisitor) -> Response:
    """End this device's session."""
    if visitor:
        with services.database.begin() as db:
            sessions.revoke(db, visitor.user.id, visitor.session.id)
    cookies.clear(response, services.settings)
    return _go(response, "/signin")


@router.get("/tasks")
def tasks_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
    """Show the tasks of who is signed in.

    Everybody else goes to sign in and comes back.
    """
    if visitor is None:
        return _to_sign_in(response)
    with services.database.begin() as db:
        rows = db.scalars(tasks.owned_by(visitor.user.id)).all()
    return _page(request, response, "tasks.html", visitor=visitor, tasks=rows)


@router.post("/tasks")
def change_tasks(
    request: Request, response: Response, services: UseServices, visitor: UseVisitor, fields: UseForm
) -> Response:
    """Add, toggle or delete a task, then show the tasks again.

    The form's field `action` says which.
    """
    if visitor is None:
        return _to_sign_in(response)
    user_id, action, task_id = visitor.user.id, fields.get("action", "add"), fields.get("id", "")
    try:
        with services.database.begin() as db:
            if action == "add":
                db.add(Task(user_id=user_id, **tasks.WholeTask(title=fields.get("title", "")).model_dump()))
            elif action == "toggle":
                task = tasks.find(db, user_id, task_id, lock=True)
                task.completed = not task.completed
            elif action == "delete":
                db.delete(tasks.find(db, user_id, task_id, lock=True))
    except (ApiError, ValidationError) as error:
        with services.database.begin() as db:
            rows = db.scalars(tasks.owned_by(user_id)).all()
        return _again(request, response, "tasks.html", error, visitor=visitor, tasks=rows)
    return _go(response, HOME)


def _page(request: Request, response: Response, template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401
    page = templates.TemplateResponse(request, template, {"error": None, "visitor": None} | context, status)
    identity.carry(response, page)
    return page


def _again(
    request: Request,
    response: Response,
    template: str,
    error: ApiError | ValidationError,
    **context: Any,  # noqa: ANN401
) -> Response:
    refusal = error if isinstance(error, ApiError) else invalid(error)
    page = _page(request, response, template, refusal.status, error=refusal.message, **context)
    page.headers.update(refusal.extra)
    return page


def _go(response: Response, target: str) -> Response:
    redirect = RedirectResponse(target, status_code=303)
    identity.carry(response, redirect)
    return redirect


def _to_sign_in(response: Response) -> Response:
    return _go(response, f"/signin?{urlencode({'callbackURL': HOME})}")


def _target(services: identity.Services, wanted: str) -> str:
    try:
        return redirects.validate(services.settings, wanted)
    except ApiError:
        return HOME
