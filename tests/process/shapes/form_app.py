"""A plain FastAPI application with forms: sign-up, sign-in, a page, and notes in JSON behind a session cookie."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import os
import secrets
import sys
from dataclasses import dataclass, field
from typing import Annotated

import uvicorn
from fastapi import Cookie, Depends, FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from tests.support.security_headers import SecurityHeaders

COOKIE = "visit"
MIN_PASSWORD, MAX_PASSWORD = 8, 200


@dataclass
class Member:
    """One account."""

    number: str
    email: str
    password: bytes
    notes: dict[str, str] = field(default_factory=dict)


class Note(BaseModel):
    """What is put in."""

    text: str = Field(min_length=1, max_length=500)


FAULT = os.environ.get("FORM_APP_FAULT", "")
"""What is wrong with it: a name of `FAULTS` in the tests, or nothing."""

app = FastAPI(title="Notes", docs_url="/help", openapi_url="/api/v3/described.json")
app.add_middleware(SecurityHeaders)
members: dict[str, Member] = {}
sessions: dict[str, Member] = {}


def _hashed(password: str) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=b"notes", n=2, r=8, p=1)


def _page(body: str, status: int = 200) -> HTMLResponse:
    page = f"<!doctype html><html lang=en><title>Notes</title><main>{body}</main></html>"
    return HTMLResponse(page, status, {"Cache-Control": "no-store"})


def _form(action: str, button: str, problem: str = "") -> str:
    said = f"<p role=alert>{problem}</p>" if problem else ""
    return (
        f"{said}<form method=post action={action}><label>Mail <input name=mail type=email required></label>"
        f"<label>Secret <input name=secret type=password required></label><button>{button}</button></form>"
    )


def _ticket() -> str:
    """A session's number, by one fault as a signed token in which it stands."""
    number = secrets.token_urlsafe(32)
    if FAULT != "KEEPS_SIGNED_SESSIONS":
        return number
    content = base64.urlsafe_b64encode(json.dumps({"visit": number}).encode()).decode().rstrip("=")
    return f"{content}.{hmac.new(b'notes', content.encode(), 'sha256').hexdigest()}"


def _opened(member: Member, before: str | None) -> RedirectResponse:
    sessions.pop(before or "", None)
    ticket = _ticket()
    sessions[ticket] = member
    answer = RedirectResponse("/desk", 303)
    answer.set_cookie(COOKIE, ticket, httponly=True, samesite="lax", max_age=3600)
    return answer


def _from_own_page(request: Request) -> None:
    origin = request.headers.get("origin")
    if origin is not None and origin != f"http://{request.headers['host']}":
        raise HTTPException(403)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403)


def member(visit: Annotated[str | None, Cookie()] = None) -> Member:
    """Who is signed in."""
    if (found := sessions.get(visit or "")) is None:
        raise HTTPException(401)
    return found


Signed = Annotated[Member, Depends(member)]
Own = Depends(_from_own_page)
Visit = Annotated[str | None, Cookie(alias=COOKIE)]


@app.get("/", include_in_schema=False)
def front() -> Response:
    return _page('<a href="/enter">Enter</a> <a href="/join">Join</a> <a href="/help">Help</a>')


@app.get("/join", response_class=HTMLResponse)
def joining() -> Response:
    return _page(_form("/join", "Join"))


@app.get("/enter", response_class=HTMLResponse)
def entry() -> Response:
    return _page(_form("/enter", "Enter") + '<a href="/join">Join</a>')


@app.post("/join", dependencies=[Own])
def join(mail: Annotated[str, Form()], secret: Annotated[str, Form()], visit: Visit = None) -> Response:
    address = mail.strip().casefold()
    good = "@" in address and address.split() == [address] and len(address) < 200
    if not good or address in members or not MIN_PASSWORD <= len(secret) <= MAX_PASSWORD:
        return _page(_form("/join", "Join", "This can't be used."), 422)
    members[address] = Member(secrets.token_hex(8), address, _hashed(secret))
    return _opened(members[address], visit)


@app.post("/enter", dependencies=[Own])
def enter(mail: Annotated[str, Form()], secret: Annotated[str, Form()], visit: Visit = None) -> Response:
    found = members.get(mail.strip().casefold())
    kept = found.password if found is not None else bytes(32)
    fits = hmac.compare_digest(_hashed(secret), kept) or FAULT == "ANY_PASSWORD"
    if not fits or found is None:
        return _page(_form("/enter", "Enter", "That does not open anything."), 401)
    return _opened(found, visit)


@app.post("/leave", dependencies=[Own])
def leave(visit: Visit = None) -> Response:
    if FAULT not in ("KEEPS_SESSIONS", "KEEPS_SIGNED_SESSIONS"):
        sessions.pop(visit or "", None)
    answer = RedirectResponse("/enter", 303)
    answer.delete_cookie(COOKIE)
    return answer


@app.get("/desk", response_class=HTMLResponse)
def desk(visit: Visit = None) -> Response:
    found = sessions.get(visit or "")
    if found is None:
        return RedirectResponse("/enter", 303)
    rows = "".join(f"<li>{html.escape(text)}</li>" for text in found.notes.values())
    leaving = "<form method=post action=/leave><button>Leave</button></form>"
    return _page(f"<p>{html.escape(found.email)}</p><ul>{rows}</ul>{leaving}")


@app.get("/whose")
def whose(found: Signed) -> dict[str, str]:
    return {"number": found.number, "mail": found.email}


def _shown(number: str, text: str) -> dict[str, str]:
    return {"key": number, "text": text}


@app.get("/archive/pieces")
def listed(found: Signed) -> list[dict[str, str]]:
    return [_shown(number, text) for number, text in found.notes.items()]


@app.post("/archive/pieces", status_code=201, dependencies=[Own])
def put_in(note: Note, found: Signed) -> dict[str, str]:
    number = secrets.token_hex(8)
    found.notes[number] = note.text
    return _shown(number, note.text)


def _text_of(key: str, found: Member) -> str:
    everybody = members.values() if FAULT == "SHOWS_EVERYTHING" else [found]
    return next(one.notes[key] for one in everybody if key in one.notes)


def _owned(key: str, found: Signed) -> str:
    is_anyones = FAULT == "SHOWS_EVERYTHING" and any(key in one.notes for one in members.values())
    if key not in found.notes and not is_anyones:
        raise HTTPException(404)
    return key


Owned = Annotated[str, Depends(_owned)]


@app.get("/archive/pieces/{key}")
def one(key: Owned, found: Signed) -> dict[str, str]:
    return _shown(key, _text_of(key, found))


@app.put("/archive/pieces/{key}", dependencies=[Own])
def change(key: Owned, note: Note, found: Signed) -> dict[str, str]:
    found.notes[key] = note.text
    return _shown(key, note.text)


@app.delete("/archive/pieces/{key}", status_code=204, dependencies=[Own])
def remove(key: Owned, found: Signed) -> None:
    del found.notes[key]


@app.middleware("http")
async def not_stored(request: Request, call_next):  # type: ignore[no-untyped-def]
    answer = await call_next(request)
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


@app.exception_handler(UnicodeError)
async def unreadable(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"detail": "unreadable"}, 400)


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="error", server_header=False)
