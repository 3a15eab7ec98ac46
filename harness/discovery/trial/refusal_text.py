"""What a page says of a wrong password."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from harness.core.text import as_pattern
from harness.deployment.quotation import is_html
from harness.discovery.trial.attempts import destination
from harness.wire.html import parse

if TYPE_CHECKING:
    from harness.core.exchange import Exchange
    from harness.discovery.pages import Shown
    from harness.discovery.trial.account import SignedIn

_SHORTEST, _LONGEST = 6, 120
_UNSEEN = ("script", "style", "title", "option")


def refusal_said(account: SignedIn, shown: Shown) -> str | None:
    """A pattern of the text that only the refused form has.

    None where the server draws no such page.
    """
    answer = account.wrong
    if answer is not None and httpx.codes.is_redirect(answer.status):
        # The address may hold what the page is to say.
        query = urlsplit(answer.header("location") or "").query if destination(answer) == shown.path else ""
        said = f"?{query}" if query and not set("{}") & set(query) else ""
        answer = account.guesser.get("web", shown.path + said, as_json=False)
    before = account.guesser.stranger().get("web", shown.path, as_json=False)
    if answer is None or before is None or not is_html(answer):
        return None
    new = [text for text in _texts(answer) if text not in _texts(before)]
    fitting = [text for text in new if _SHORTEST <= len(text) <= _LONGEST and account.person.email not in text]
    return as_pattern(fitting[0]) if fitting else None


def _texts(answer: Exchange) -> list[str]:
    """The texts of a page, each on one line."""
    page = parse(answer.text)
    if page is None:
        return []
    texts = (
        " ".join(str(text).split())
        for element in page.iter()
        if element.tag not in _UNSEEN
        for text in (element.text, element.tail)
        if text is not None
    )
    return [text for text in texts if text]
