"""What a browser showed at the end: a screenshot and a trace.

Without secrets.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from harness.core import private
from harness.core.redaction import redact
from harness.core.text import listed
from harness.evidence.leaks import mask_archive
from harness.results.result import Artefact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.browser.window import Window

_TEXTS = """() => {
    const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    window.conformanceShown = [...nodes, ...document.querySelectorAll("input, textarea")];
    return window.conformanceShown.map(shown => shown.value ?? shown.data);
}"""
_REPLACE = """texts => {
    for (const [index, text] of texts) {
        const shown = window.conformanceShown[index];
        if ("data" in shown) shown.data = text; else shown.value = text;
    }
}"""


def keep_windows(windows: Sequence[Window], folder: Path) -> list[Artefact]:
    """Write a screenshot of the last window, and a trace of each.

    Paths are relative to the folder.
    """
    if not windows:
        return []
    from playwright.sync_api import Error  # Playwright takes as long to import as a whole scenario

    kept: list[Artefact] = []
    for number, window in enumerate(windows, 1):
        # A browser that is gone shows nothing more; the finding says so.
        with contextlib.suppress(Error):
            kept += _kept(window, folder, number, is_last=window is windows[-1])
    return kept


def _kept(window: Window, folder: Path, number: int, *, is_last: bool) -> list[Artefact]:
    kept = []
    private.make_folder(folder)
    trace = folder / f"trace-{number}.zip"
    if window.save_trace(trace):
        private.protect(trace)
        about = f"What {window.who} did, as a Playwright trace"
        if emptied := mask_archive(trace):
            about = f"{about}, without {listed(emptied, 'and')}: no text, and held a secret"
        kept.append(Artefact(kind="trace", path=trace.name, about=about))
    if is_last:
        picture = folder / "screenshot.png"
        _hide_secrets(window)
        private.make_file(picture)
        window.page.screenshot(path=picture, animations="disabled")
        kept.append(Artefact(kind="screenshot", path=picture.name, about=f"What {window.who} showed at the end"))
    return kept


def _hide_secrets(window: Window) -> None:
    """Mask secrets on the page itself, where a picture would show them."""
    texts: list[str] = window.page.evaluate(_TEXTS)
    masked = [(index, redact(text)) for index, text in enumerate(texts)]
    window.page.evaluate(_REPLACE, [pair for pair, text in zip(masked, texts, strict=True) if pair[1] != text])
