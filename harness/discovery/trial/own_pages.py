"""What a signed-in person's pages name: paths, buttons, and the way out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness.deployment.quotation import is_html
from harness.discovery.forms import Page, read_page
from harness.discovery.shapes import conventions
from harness.discovery.trial.account import sign_in_again
from harness.discovery.trial.attempts import destination
from harness.discovery.trial.collection import paths_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.core.exchange import Exchange
    from harness.discovery.trial.account import SignedIn
    from harness.discovery.trial.clues import Clues
    from harness.discovery.trial.holder import Holder

_MOST_FOLLOWED = 3
_MOST_WAYS_OUT = 2


def look_around(account: SignedIn, clues: Clues) -> None:
    """Note what the page where sign-in leads names.

    The pages that it links, too, but for those that lead out.
    """
    first = destination(account.answer) or "/"
    followed = [first]
    for path in followed:
        answer = account.device.get("web", path, as_json=False)
        if answer is None or not is_html(answer):
            continue
        page = read_page(answer.text)
        out = dict(_ways_out(page, clues, answer))
        named = [one for one in paths_named(answer.text) if one != "/" and one not in clues.seen]
        clues.seen += [one for one in named if one not in out]
        clues.buttons |= dict(_buttons(page, clues, answer))
        for way_out, said in out.items():
            clues.ways_out.setdefault(way_out, said)
        if path == first:
            linked = (clues.addresses.path_of("web", address, path) for address, _ in page.links)
            known = {first, *out, *(shown.path for shown in (clues.pages.sign_in, clues.pages.sign_up) if shown)}
            plain = dict.fromkeys(one for one in linked if one is not None and one not in known)
            followed += list(plain)[:_MOST_FOLLOWED]


def look_out(account: SignedIn, holder: Holder, clues: Clues) -> None:
    """Note the buttons of pages on which a person confirms to leave.

    They are opened on a device of its own, which that may sign out.
    """
    words = conventions().words.sign_out
    if any(re.search(words, f"{path} {said}", re.IGNORECASE) for path, said in clues.buttons.items()):
        return
    device = sign_in_again(account, holder.presented) if clues.ways_out else None
    for path, said in list(clues.ways_out.items())[:_MOST_WAYS_OUT]:
        answer = device.get("web", path, as_json=False) if device is not None else None
        if answer is None or not is_html(answer):
            continue
        for sends, button in _buttons(read_page(answer.text), clues, answer):
            clues.buttons.setdefault(sends, button)
            clues.steps.setdefault(sends, said)


def _ways_out(page: Page, clues: Clues, answer: Exchange) -> Iterator[tuple[str, str]]:
    """Paths of links whose words say sign-out, with their text."""
    words = conventions().words.sign_out
    for address, text in page.links:
        path = clues.addresses.path_of("web", address, urlsplit(answer.url).path)
        if path is not None and re.search(words, f"{path} {text}", re.IGNORECASE):
            yield path, text


def _buttons(page: Page, clues: Clues, answer: Exchange) -> Iterator[tuple[str, str]]:
    """Where forms without a field send, and what their buttons say."""
    for form in page.forms:
        if form.method == "post" and form.buttons and len(form.fields) == len(form.hidden):
            path = clues.addresses.path_of("web", form.action, urlsplit(answer.url).path)
            if path is not None:
                yield path, form.buttons[0]
