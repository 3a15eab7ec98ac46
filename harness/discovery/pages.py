"""The deployment's pages: sign-in, sign-up, protected ones, and their forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.discovery.forms import Form, FormField, Page, read_page
from harness.discovery.shapes import conventions

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.discovery.asker import Addresses, Asker
    from harness.discovery.openapi import Described

_MOST_LINKED = 5
"""Links of a page that are followed."""
_MOST_GATES = 6
"""Linked and documented pages of which it is asked where they send an anonymous client."""
_REDIRECTS = (301, 302, 303, 307, 308)
_NOWHERE = "/auth-conformance/no-such-page"
_SIGN_OUT_GUESSES = {"log": "Log out", "sign": "Sign out"}


@dataclass(frozen=True)
class Shown:
    """A page with its form for a password.

    ``form`` is None where a script draws it.
    """

    path: str
    page: Page
    form: Form | None


@dataclass
class Pages:
    """The pages that were found.

    ``gates`` are those that send strangers to another, and to which.
    """

    sign_in: Shown | None = None
    sign_up: Shown | None = None
    gates: dict[str, str] = field(default_factory=dict)


def find_pages(asker: Asker, described: Sequence[Described] = ()) -> Pages:
    """Look for the pages on the base URL.

    By where pages lead, by usual paths, by what the front page links, and by what documents describe.
    """
    paths, words = conventions().paths, conventions().words
    gates = [_gate(asker, path) for path in [*paths.protected, "/"]]
    leads = {path: target for path, target in gates if target is not None}
    front = asker.get("web", "/")
    linked = [path for path, _ in _links(asker, "/", read_page(front.text))] if _is_page(front) and front else []
    named = sorted(linked, key=lambda path: re.search(words.sign_up, path, re.IGNORECASE) is not None)
    pages = Pages(sign_in=_first_form(asker, _once([*leads.values(), *paths.sign_in, *named[:_MOST_LINKED]])))
    if pages.sign_in is None:
        return pages
    pages.gates = {path: target for path, target in leads.items() if target == pages.sign_in.path}
    there = list(_links(asker, pages.sign_in.path, pages.sign_in.page))
    by_words = [path for path, said in there if re.search(words.sign_up, said, re.IGNORECASE)]
    others = [*(path for path, _ in there), *linked][:_MOST_LINKED]
    pages.sign_up = _first_form(asker, _once([*by_words, *paths.sign_up]), but=pages.sign_in.path)
    if pages.sign_up is None or pages.sign_up.form is None:
        pages.sign_up = _first_form(asker, _once(others), but=pages.sign_in.path, drawn=False) or pages.sign_up
    if not pages.gates:
        documented = [one.path for one in described if one.base == "web" and one.is_page]
        pages.gates = _gates(asker, pages, [*documented, *linked, *(path for path, _ in there)])
    return pages


def _gates(asker: Asker, pages: Pages, paths: Iterable[str]) -> dict[str, str]:
    """Those that send an anonymous client to the sign-in page.

    A sign-out does so too, and no form is asked for.
    """
    forms = [shown.path for shown in (pages.sign_in, pages.sign_up) if shown is not None]
    leaves = conventions().words.sign_out
    others = [one for one in _once(paths) if one not in forms and not re.search(leaves, one, re.IGNORECASE)]
    leads = dict(_gate(asker, path) for path in others[:_MOST_GATES])
    return {path: target for path, target in leads.items() if target is not None and target == forms[0]}


def _once(paths: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(paths))


def _gate(asker: Asker, path: str) -> tuple[str, str | None]:
    """A page's address and where it redirects an anonymous client to.

    A redirect that adds or drops the last slash leads to the page itself.
    """
    target = _redirect(asker, path)
    if target is not None and target.rstrip("/") == path.rstrip("/"):
        return target, _redirect(asker, target)
    return path, target


def _redirect(asker: Asker, path: str) -> str | None:
    """Where the page redirects an anonymous client to, on the same base."""
    answer = asker.get("web", path)
    if answer is None or answer.status not in _REDIRECTS:
        return None
    target = asker.addresses.path_of("web", answer.header("location") or "", path)
    return target if target != path else None


def _first_form(asker: Asker, paths: Iterable[str], but: str = "", *, drawn: bool = True) -> Shown | None:
    """The first page with a password form, otherwise the first page.

    Unless only what is ``drawn`` by the server counts.
    """
    drawn_by_script: Shown | None = None
    for path in paths:
        shown = _open(asker, path) if path != but else None
        if shown is not None and shown.form is not None and shown.path != but:
            return shown
        drawn_by_script = drawn_by_script or shown
    if not drawn:
        return None
    # A front end that answers everything with one page does not say so which of its pages exist.
    return None if drawn_by_script is None or _is_page(asker.get("web", _NOWHERE)) else drawn_by_script


def _open(asker: Asker, path: str) -> Shown | None:
    if (target := _redirect(asker, path)) is not None:
        path = target
    answer = asker.get("web", path)
    if answer is None or not _is_page(answer):
        return None
    page = read_page(answer.text)
    return Shown(path, page, page.asking_for_password)


def _is_page(answer: Exchange | None) -> bool:
    return answer is not None and answer.status == 200 and "html" in (answer.header("content-type") or "")


def _links(asker: Asker, path: str, page: Page) -> Iterator[tuple[str, str]]:
    """The paths of the base that a page links.

    Each with its address and text.
    """
    for address, text in page.links:
        there = asker.addresses.path_of("web", address, path)
        if there is not None and there != path:
            yield there, f"{address} {text}"


def pages_table(pages: Pages, signed_in: Shown) -> tuple[dict[str, Any], list[str]]:
    """The profile's ``[pages]``, and its guesses.

    ``signed_in`` is the sign-in page.
    """
    guesses: list[str] = []
    sign_up = pages.sign_up or Shown("/signup", signed_in.page, None)
    if pages.sign_up is None:
        guesses.append("sign_up: no such page was found; write `false` where there is none")
    forms = [shown.form for shown in (signed_in, sign_up) if shown.form is not None]
    if len(forms) < 2:
        guesses.append(
            "fields and buttons: a page without a form in its HTML is drawn by a script; open it and read"
        )
    email = _field(forms, "{email}", "sign_in")
    seen = {
        "email": email,
        "sign_in_button": signed_in.form is None or signed_in.form.buttons,
        "sign_up_button": sign_up.form is None or sign_up.form.buttons,
    }
    if len(forms) == 2 and (unseen := [key for key, one in seen.items() if not one]):
        guesses.append(f"{', '.join(unseen)}: no such thing was seen in the forms; open the pages and read")
    protected = [path for path in pages.gates if path != "/"] or ["/" if pages.gates else "/tasks"]
    if not pages.gates:
        guesses.append(
            f"protected and after_sign_in: none of the pages tried sends strangers to {signed_in.path}; name one"
        )
    in_button, up_button = _button(signed_in.form, "Sign in"), _button(sign_up.form, "Sign up")
    leaving = "log" if in_button.lower().startswith("log") else "sign"
    table: dict[str, Any] = {
        "sign_up": sign_up.path,
        "sign_in": signed_in.path,
        "protected": protected,
        "after_sign_in": protected[0],
    }
    if (name := _field(forms, "{name}", "sign_up")) is not None:
        table["name"] = _found_by(name, "Name")
    if sign_up.form is not None and len(sign_up.form.passwords) > 1:
        table["confirm"] = _found_by(sign_up.form.passwords[1], "Confirm password")
    return {
        **table,
        "email": _found_by(email, "Email"),
        "password": _found_by(next((one for form in forms for one in form.passwords), None), "Password"),
        "sign_up_button": up_button,
        "sign_in_button": in_button,
        "sign_out_button": _SIGN_OUT_GUESSES[leaving],
        "bad_credentials": "(?i)invalid|incorrect|wrong|not correct|did not match",
    }, guesses


def _button(form: Form | None, default: str) -> str:
    return next(iter(form.buttons), default) if form is not None else default


def _field(forms: list[Form], placeholder: str, operation: str) -> FormField | None:
    """The field for it, by its name, its kind or its label."""
    for form in forms:
        for one in form.fields:
            words = [one.name, one.label.replace(" ", ""), one.placeholder.replace(" ", ""), one.identifier]
            if placeholder == "{email}" and one.kind == "email":
                return one
            if one.kind in ("text", "email") and any(
                conventions().placeholder(operation, word) == placeholder for word in words if word
            ):
                return one
    return None


def _found_by(one: FormField | None, default: str) -> dict[str, str]:
    """How a browser finds the field: by its label, if any."""
    if one is None:
        return {"value": default}
    ways = {"label": one.label, "placeholder": one.placeholder, "role": one.accessible, "name": one.name}
    by, value = next(((by, value) for by, value in ways.items() if value), ("label", default))
    return {"value": value} if by == "label" else {"by": by, "value": value}


def form_operation(name: str, shown: Shown, addresses: Addresses) -> dict[str, Any] | None:
    """The operation that the page's form submits.

    None if a script submits it.
    """
    form = shown.form
    if form is None or form.method != "post":
        return None
    path = addresses.path_of("web", form.action, shown.path) if form.action else shown.path
    fields = [one for one in form.fields if one.name]
    has_email = any(_takes(name, one, beside_email=True) == "{email}" for one in fields)
    content = {
        one.name: value for one in fields if (value := _takes(name, one, beside_email=has_email)) is not None
    }
    return {"method": "POST", "path": path, "form": content} if path and content else None


def _takes(operation: str, one: FormField, *, beside_email: bool) -> str | None:
    """What a form's field takes, by its kind or its name."""
    by_kind = {"password": "{password}", "email": "{email}"}.get(one.kind)
    return by_kind or conventions().placeholder(operation, one.name, beside_email=beside_email)


def csrf_table(shown: Shown) -> dict[str, Any] | None:
    """The profile's ``[csrf]``, if the form has a hidden CSRF token."""
    word = conventions().words.csrf_field
    for one in shown.form.hidden if shown.form else []:
        if re.search(word, one.name, re.IGNORECASE):
            name = re.escape(one.name)
            pattern = f"""name=["']{name}["'][^>]*?value=["']([^"']+)"""
            return {"kind": "fetched", "fetch": shown.path, "pattern": pattern, "field": one.name}
    return None
