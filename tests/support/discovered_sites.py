"""Deployments for discovery to look at: answers of well-known shapes, served by `local_server`."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from harness.cli.main import main
from harness.core.exits import Exit
from harness.profile.loader import load_profile
from harness.profile.profile import Profile
from tests.support.local_server import Answer, Handler

Route = Callable[[Handler], None]

HTML = ("Content-Type", "text/html; charset=utf-8")
JSON = ("Content-Type", "application/json")


def discovered(file: Path, *words: str) -> tuple[Profile, str]:
    """The profile that `auth-conformance init` writes, and its text."""
    assert main(["init", *words, "--output", str(file)]) == Exit.CONFORMANT
    return load_profile(str(file), draft=True), file.read_text("utf-8")


def says(status: int, content: Any = None, *headers: tuple[str, str]) -> Route:
    """Answer with JSON."""
    body = json.dumps(content).encode()
    return lambda handler: handler.say(status, body, JSON, *headers)


def page(html: str) -> Route:
    """Answer with a page."""
    return lambda handler: handler.say(200, html.encode(), HTML)


def goes_to(target: str) -> Route:
    """Redirect."""
    return lambda handler: handler.say(302, b"", ("Location", target))


def site(routes: Mapping[str, Route]) -> Answer:
    """Answer by "METHOD /path", everything else with 404."""

    def answer(handler: Handler) -> None:
        # Header and body are written apart; without this each answer waits 40 ms for an acknowledgement.
        handler.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        found = routes.get(f"{handler.command} {handler.path.split('?')[0]}")
        (found or says(404, {"detail": "Not Found"}))(handler)

    return answer


SIGN_IN_PAGE = """<form><label for=e>Email</label><input id=e name=email type=email>
<label for=p>Password</label><input id=p type=password name=password><button>Sign in</button></form>
<a href="/signup">Sign up</a>"""
SIGN_UP_PAGE = """<form><label>Name <input name=name></label><label for=e>Email</label>
<input id=e name=email type=email><label for=p>Password</label><input id=p type=password name=password>
<button>Sign up</button></form>"""


def _sign_out(trusted: Callable[[Handler], str], names: tuple[str, ...]) -> Route:
    def answer(handler: Handler) -> None:
        if handler.headers["Origin"] != trusted(handler):
            return says(403, {"code": "INVALID_ORIGIN"})(handler)
        cleared = [("Set-Cookie", f"{name}=; Max-Age=0; Path=/; HttpOnly") for name in names]
        return says(200, {"success": True}, *cleared)(handler)

    return answer


def own_origin(handler: Handler) -> str:
    """The origin that was asked."""
    return f"http://{handler.headers['Host']}"


def better_auth(
    *,
    jwt: bool = True,
    prefix: str = "better-auth",
    trusted: Callable[[Handler], str] = own_origin,
    proxy_items: bool = True,
) -> dict[str, Route]:
    """Better Auth with pages and a proxy, as `shared/wire` and `examples/` have it."""
    unauthorized = says(401, {"message": "Unauthorized", "code": "UNAUTHORIZED"})
    cookies = (f"__Secure-{prefix}.session_token", f"__Secure-{prefix}.session_data")
    routes = {
        "GET /": page("<a href=/signin>Sign in</a>"),
        "GET /api/auth/ok": says(200, {"ok": True}),
        "GET /api/auth/get-session": says(200, None),
        "POST /api/auth/sign-out": _sign_out(trusted, cookies),
        "GET /api/tasks": unauthorized,
        "GET /tasks": goes_to("/signin"),
        "GET /signin": page(SIGN_IN_PAGE),
        "GET /signup": page(SIGN_UP_PAGE),
    }
    if proxy_items:
        routes["GET /api/tasks/00000000-0000-0000-0000-000000000000"] = unauthorized
    if jwt:
        routes["GET /api/auth/token"] = unauthorized
        routes["GET /api/auth/jwks"] = says(200, {"keys": [{"alg": "EdDSA", "kty": "OKP", "kid": "k"}]})
    return routes


def schema(required: str = "", **kinds: str) -> dict[str, Any]:
    """An object's schema: names and their types."""
    properties = {name: {"type": kind} for name, kind in kinds.items()}
    return {"type": "object", "properties": properties, "required": required.split()}


def operation(
    body: Mapping[str, Any] | None = None,
    answer: Mapping[str, Any] | None = None,
    *,
    media: str = "application/json",
    **more: Any,
) -> dict[str, Any]:
    """One operation of an OpenAPI document."""
    described: dict[str, Any] = {"responses": {"200": {"description": "", "content": {}}}, **more}
    if body is not None:
        described["requestBody"] = {"content": {media: {"schema": body}}}
    if answer is not None:
        described["responses"]["200"]["content"] = {"application/json": {"schema": answer}}
    return described


def document(paths: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """An OpenAPI document."""
    return {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": dict(paths), **more}


def task_paths(path: str = "/api/tasks", title: str = "title", **more: Any) -> dict[str, Any]:
    """What a task API documents."""
    task = schema(f"id {title}", id="string", **{title: "string"}, completed="boolean")
    write, change = schema(title, **{title: "string"}, completed="boolean"), schema(**{title: "string"})
    one = path.rstrip("/") + "/{id}" + ("/" if path.endswith("/") else "")
    return {
        path: {
            "get": operation(answer={"type": "array", "items": task}, **more),
            "post": operation(write, task, **more),
        },
        one: {
            "get": operation(answer=task, **more),
            "put": operation(write, task, **more),
            "patch": operation(change, task, **more),
            "delete": operation(**more),
        },
    }


BEARER = {"components": {"securitySchemes": {"b": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}}}
GUARDED: dict[str, Any] = {"security": [{"b": []}]}


def fastapi_users(backend: str, *, cookie: bool = False) -> dict[str, Any]:
    """The document of fastapi-users with one authentication backend."""
    scheme = (
        {"type": "apiKey", "in": "cookie", "name": "fastapiusersauth"}
        if cookie
        else {"type": "oauth2", "flows": {"password": {"tokenUrl": f"auth/{backend}/login", "scopes": {}}}}
    )
    token = None if cookie else schema("access_token token_type", access_token="string", token_type="string")
    user = schema("id email", id="string", email="string", is_active="boolean")
    login = schema("username password", grant_type="string", username="string", password="string")
    paths = {
        f"/auth/{backend}/login": {
            "post": operation(
                login,
                token,
                media="application/x-www-form-urlencoded",
                operationId=f"auth_{backend}_login_auth_{backend}_login_post",
            )
        },
        f"/auth/{backend}/logout": {
            "post": operation(operationId=f"auth_{backend}_logout_auth_{backend}_logout_post", **GUARDED)
        },
        "/auth/register": {
            "post": operation(
                schema("email password", email="string", password="string", is_active="boolean"),
                user,
                operationId="register_register_auth_register_post",
            )
        },
        "/users/me": {
            "get": operation(answer=user, operationId="users_current_user_users_me_get", **GUARDED),
            "patch": operation(
                schema(password="string", email="string"),
                user,
                operationId="users_patch_current_user_users_me_patch",
                **GUARDED,
            ),
        },
        **task_paths("/tasks", **GUARDED),
    }
    return document(paths, components={"securitySchemes": {"b": scheme}})


def posts(view: str, /, **fields: dict[str, Any]) -> Route:
    """What Django REST framework says of a view when asked by OPTIONS."""
    return says(200, {"name": view, "actions": {"POST": fields}})


TEXT = {"type": "string", "required": True, "read_only": False}


def simplejwt() -> dict[str, Route]:
    """The tokens' views of djangorestframework-simplejwt, without a document."""
    unauthorized = says(401, {"detail": "Authentication credentials were not provided."})
    return {
        "OPTIONS /api/token/": posts("Token Obtain Pair", email=TEXT, password=TEXT),
        "OPTIONS /api/token/refresh/": posts(
            "Token Refresh", refresh=TEXT, access={"type": "string", "required": False, "read_only": True}
        ),
        "OPTIONS /api/token/blacklist/": posts("Token Blacklist", refresh=TEXT),
        "OPTIONS /api/register/": posts("Register", email=TEXT, name=TEXT, password=TEXT),
        "GET /api/me/": unauthorized,
        "GET /api/users/1/tasks/": unauthorized,
    }


def dj_rest_auth() -> dict[str, Route]:
    """What dj-rest-auth says of itself, without a document."""
    optional = {"type": "string", "required": False, "read_only": False}
    return {
        "OPTIONS /dj-rest-auth/login/": posts("Login", username=optional, email=optional, password=TEXT),
        "OPTIONS /dj-rest-auth/registration/": posts("Register", email=TEXT, password1=TEXT, password2=TEXT),
        "GET /dj-rest-auth/user/": says(401, {"detail": "Authentication credentials were not provided."}),
    }


def allauth_headless(client: str) -> dict[str, Route]:
    """django-allauth's headless API for one kind of client."""
    nobody = {"status": 401, "data": {"flows": []}, "meta": {"is_authenticated": False}}
    token = ("Set-Cookie", "csrftoken=abcdef; Path=/; SameSite=Lax")
    return {
        f"GET /_allauth/{client}/v1/config": says(200, {"data": {"account": {"login_methods": ["email"]}}}, token),
        f"GET /_allauth/{client}/v1/auth/session": says(401, nobody),
    }


ALLAUTH_PAGE = """<form method="post" action="/accounts/login/">
<input type="hidden" name="csrfmiddlewaretoken" value="abcdef">
<label for="l">Email:</label><input type="email" name="login" id="l"><label for="p">Password:</label>
<input type="password" name="password" id="p"><button type="submit">Sign In</button></form>
<a href="/accounts/signup/">sign up</a>"""


def same(profile: Profile, other: Profile) -> bool:
    """Whether two profiles say the same, their names apart."""
    return profile.model_copy(update={"name": other.name, "title": other.title}) == other
