"""Whether a page could be operated: the one place that decides it.

What can't be operated says nothing about its deployment. It is not tested, with its cause, until somebody got
through that page once in this run; from then on the same is a failure. From the start it is a failure that a page
which was reached, and of which nothing is pending, shows no field at all, or its fields as the profile says and
then does not work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from harness.browser.forms import key_of
from harness.core.blocker import Blocker
from harness.core.errors import Misfit, Unavailable
from harness.core.exchange import origin_of
from harness.core.text import abridged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from playwright.sync_api import Locator

    from harness.browser.elements import Elements
    from harness.browser.forms import Form
    from harness.core.findings import Unmet
    from harness.profile.pages import FormField

_NAMED = 8
"""So many fields, buttons or addresses a sentence names."""
_NOT_THERE = (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED, httpx.codes.GONE)
_GATES = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.PROXY_AUTHENTICATION_REQUIRED)


@dataclass(frozen=True)
class Cause:
    """Why a page could not be operated, and what to do.

    ``passes`` says that it may be so for a while only, also where somebody got through before.
    """

    why: str
    remedy: str
    blocker: Blocker = Blocker.UNFIT
    passes: bool = False


def cannot_fill(window: Elements, field: FormField, found: Locator) -> Unmet | Unavailable:
    """The finding that a field could not be found or written to.

    ``found`` is what was found for it, if anything.
    """
    key = key_of(window.deployment.pages, field)
    cause = _of_window(window) or _of_document(window) or _of_fields(window, found, key) or _of_absent_form(window)
    what = f'no field "{field.value}" (by {field.by}) can be filled in on {window.path}'
    return _finding(window, cause, what, f'that the field "{field.value}" can be filled in')


def cannot_press(window: Elements, name: str, found: Locator, form: Form | None) -> Unmet | Unavailable:
    """The finding that a button could not be found or pressed.

    ``found`` is what was found for it, if anything; ``form`` is the one that it sends, if any.
    """
    key = key_of(window.deployment.pages, name)
    cause = _of_window(window) or _of_document(window) or _of_button(window, found, key, form)
    what = f'no button "{name}" can be pressed on {window.path}'
    return _finding(window, cause, what, f'that the button "{name}" can be pressed')


def cannot_submit(window: Elements, form: Form, path: str, since: float) -> Unavailable | None:
    """Why the form of a page, filled in and sent, led nowhere.

    None where the deployment is to be judged for it. ``since`` is when its button was pressed.
    """
    cause = _of_window(window, since) or (_of_unfilled(window, form) if window.path == path else None)
    if cause is None or not _excuses(window, cause, path):
        return None
    return _unavailable(window, cause, f'pressing "{form.button}" on {path} leads nowhere')


def not_shown(window: Elements, expected: str) -> Unmet | Unavailable:
    """The finding that what a page was to show did not come."""
    return _finding(window, _of_window(window), f"expected {expected}", expected)


def _finding(window: Elements, cause: Cause | None, what: str, expected: str) -> Unmet | Unavailable:
    if cause is None or not _excuses(window, cause, window.path):
        return window.unmet(expected)
    return _unavailable(window, cause, what)


def _excuses(window: Elements, cause: Cause, path: str) -> bool:
    return not window.circle and (cause.passes or path not in window.shared.operated)


def _unavailable(window: Elements, cause: Cause, what: str) -> Unavailable:
    window.cookies()
    if cause.blocker is Blocker.UNFIT:
        window.shared.unfit.add(window.path)
        return Misfit(f"{what}: {cause.why}.", cause.remedy, window.exchanges[-1:])
    return Unavailable(f"{what}: {cause.why}.", cause.remedy, window.exchanges[-1:], blocker=cause.blocker)


# --- the causes ---


def _of_window(window: Elements, since: float = 0.0) -> Cause | None:
    if window.left_for is not None:
        return Cause(
            f"the browser was sent to {origin_of(window.left_for)}, outside the deployment, and stopped",
            "Only pages at --base-url are judged; give its address, or leave the pages out with `pages = false`.",
        )
    if pending := window.pending(since):
        return Cause(
            f"a request of the page is pending, and was for {window.shared.limit:.0f} s ({_addresses(pending)})",
            "Run it again when the deployment answers faster, or give it more with --page-limit SECONDS.",
            blocker=Blocker.STATE,
            passes=True,
        )
    if window.not_loaded:
        return Cause(
            f"the page's script could not be loaded ({_addresses(window.not_loaded)})",
            "Run the suite where this address can be reached.",
            blocker=Blocker.MISSING,
        )
    return None


def _of_document(window: Elements) -> Cause | None:
    """What the page's own answer tells, where that is an error."""
    document = window.document
    if document is None or not httpx.codes.is_error(document.status) or urlsplit(document.url).path != window.path:
        return None
    if document.status in _GATES and (challenge := document.header("www-authenticate")) is not None:
        scheme = challenge.partition(" ")[0]
        return Cause(
            f"{document.status} `WWW-Authenticate: {scheme}` was answered, so a gate stands in front of the pages",
            "Let the suite's browser through, or leave the pages out with `pages = false`.",
            blocker=Blocker.MISSING,
        )
    if document.status in _NOT_THERE:
        return Cause(
            f"it was answered {document.status}, so the page is not there",
            "Correct the path in [pages] of the profile.",
        )
    return Cause(
        f"it was answered {document.status}, so there is no page to operate",
        "Find out why; or correct the path in [pages] of the profile.",
        blocker=Blocker.STATE if httpx.codes.is_server_error(document.status) else Blocker.UNFIT,
    )


def _of_fields(window: Elements, found: Locator, key: str) -> Cause | None:
    shown = window.shown_fields()
    if not shown:
        return None
    if found.count() and found.is_visible():
        return None
    hidden = "it is there and can't be seen, and " if found.count() else ""
    return Cause(f"{hidden}the page has: {abridged([*map(str, shown)], _NAMED)}", f"Correct {key} in the profile.")


def _of_absent_form(window: Elements) -> Cause | None:
    """Why a page without fields says nothing of its deployment."""
    if window.shown_fields():
        return None
    for url, fields in window.framed_fields().items():
        has = abridged([*map(str, fields)], _NAMED)
        return Cause(
            f"its fields are in a frame of {origin_of(url)}: {has}",
            "The suite does not operate frames; name a page that has the form itself.",
        )
    if window.path.rstrip("/") != window.opened.rstrip("/"):
        return Cause(
            f"{window.opened} led to {window.path}, which shows no field",
            "Correct the path in [pages] of the profile.",
        )
    return None


def _of_button(window: Elements, found: Locator, key: str, form: Form | None) -> Cause | None:
    if found.count() and found.is_visible():
        if not found.is_enabled():
            return _of_unfilled(window, form, disabled=True) if form is not None else None
        return Cause(
            "something lies over it and takes the click",
            "Switch it off for the suite, such as a notice that asks for consent.",
        )
    shown = [button.as_button for button in window.shown_buttons(links=form is None)]
    if not shown:
        return None
    steps = " or say in pages.sign_out_steps what is pressed first," if key == "pages.sign_out_button" else ""
    return Cause(
        f"the page has: {abridged(shown, _NAMED)}", f"Correct {key} in the profile,{steps}".rstrip(",") + "."
    )


def _of_unfilled(window: Elements, form: Form, *, disabled: bool = False) -> Cause | None:
    """What the form asks for and the profile does not name.

    A button that is disabled may wait for any field.
    """
    fields = window.shown_fields([window.field(field) for field, _ in form.entries])
    empty = [one for one in fields if one.empty and not one.named and (one.asked or disabled)]
    if not empty:
        return None
    asked = [f'{one} ("{one.message}")' if one.message else str(one) for one in empty]
    waits = "the button is disabled, and " if disabled else ""
    return Cause(
        f"{waits}fields that the profile does not name stay empty: {abridged(asked, _NAMED)}",
        "Name them in the profile: pages.name, pages.confirm, or a table of [[pages.fields]].",
    )


def _addresses(urls: Iterable[str]) -> str:
    return abridged(_unique(url.partition("?")[0] for url in urls), _NAMED)


def _unique(words: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(words))
