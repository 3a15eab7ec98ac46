"""A tasks page that a script draws: what the server sends is the same for every user."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from reference_backend import identity, pages
from reference_backend.identity import Services, UseServices, UseVisitor
from tests.detection.routes import serve
from tests.detection.seams import allow_any_script

SHELL = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Your tasks</title><link rel="icon" href="data:,"></head>
<body>
<header><a href="/">Tasks</a> <span id="who"></span>
<form method="post" action="/signout"><button type="submit">Sign out</button></form></header>
<main><h1>Your tasks</h1><p>Everything that is still to be done stands here.</p><ul id="tasks"></ul></main>
<script>
const draw = async () => {
  const session = await (await fetch("/api/auth/get-session")).json();
  if (!session) { location.replace("/signin"); return; }
  document.getElementById("who").textContent = session.user.name;
  for (const task of await (await fetch("/api/tasks")).json()) {
    const item = document.createElement("li");
    item.textContent = task.title;
    document.getElementById("tasks").append(item);
  }
};
draw();
</script>
</body>
</html>"""

Admits = Callable[[Request, Services], bool]


def drawn_by_a_script(admits: Admits = lambda *_: False) -> None:
    """Serve the tasks page as a shell to who is signed in, or whom ``admits`` lets in; others go to sign-in."""

    def tasks_page(request: Request, response: Response, services: UseServices, visitor: UseVisitor) -> Response:
        if visitor is None and not admits(request, services):
            return pages._to_sign_in(response)
        return shell(response)

    allow_any_script()
    serve(pages.router, "tasks_page", tasks_page, identity.trusted_origin)


def shell(response: Response) -> Response:
    """The page before its script has run."""
    page = HTMLResponse(SHELL)
    identity.carry(response, page)
    return page
