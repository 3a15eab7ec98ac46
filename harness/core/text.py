"""Small texts: words in a row, counted nouns, what was probably meant."""

from __future__ import annotations

import difflib
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# C0 without tab and line feed, DEL, C1, and what reorders or hides text (Unicode Standard Annex 9).
_STEERING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_SEPARATED = re.compile(r"[^a-z0-9]+")


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant; case does not count."""
    by_folded = {one.casefold(): one for one in known}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1)
    return by_folded[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str], *, form: str = '"{}"', otherwise: str = "") -> str:
    """The question whether the closest known word was meant.

    It begins with a space, to follow a sentence. ``form`` is how the word is written, ``otherwise`` what is said
    where no word is close.
    """
    meant = closest(word, known)
    return f" Did you mean {form.format(meant)}?" if meant is not None else otherwise


def listed(words: Iterable[str], last: str = "or") -> str:
    """Words in a row: ``a, b or c``."""
    *head, tail = [*words] or [""]
    return f"{', '.join(head)} {last} {tail}" if head else tail


def abridged(words: Sequence[str], most: int) -> str:
    """The first ``most`` words in a row; ``...`` stands for the rest."""
    return ", ".join([*words[:most], *(["..."] if len(words) > most else [])])


def counted(count: int, noun: str, plural: str = "") -> str:
    """A number with its noun: ``1 scenario``, ``2 scenarios``."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"


def tally(counts: Mapping[Any, int], order: Iterable[str], otherwise: str = "nothing") -> str:
    """The counts above 0, in that order: ``5 pass, 1 fail``."""
    return ", ".join(f"{counts[word]} {word}" for word in order if counts.get(word)) or otherwise


def encodable(text: str) -> str:
    """The text with U+FFFD for what no encoding can write.

    JSON may escape half of a surrogate pair (RFC 8259 section 8.2).
    """
    return _LONE_SURROGATE.sub("\ufffd", text)


def printable(text: str) -> str:
    """The text with what steers a terminal or hides text written out.

    Lines and tabs stay; an escape character becomes a backslash, ``x1b``.
    """
    return _STEERING.sub(lambda found: ascii(found[0])[1:-1], text)


def one_line(text: str) -> str:
    """The text with single spaces for white space, none at its ends."""
    return " ".join(text.split())


def shortened(text: str, most: int) -> str:
    """The text's first ``most`` characters; ``...`` stands for the rest."""
    return text if len(text) <= most else f"{text[:most]}..."


def as_pattern(text: str) -> str:
    """A regular expression that the text alone fits.

    Signs stand in brackets, which TOML need not escape; those that mean something in brackets have a backslash.
    """
    return re.sub(
        r"[].*+?(){}|$^\\[]", lambda sign: f"\\{sign[0]}" if sign[0] in "[]^\\" else f"[{sign[0]}]", text
    )


def slug(text: str, separator: str = "-") -> str:
    """The text's letters a to z and digits, as a name."""
    return _SEPARATED.sub(separator, text.lower()).strip(separator)


def json_text(data: Any) -> str:  # noqa: ANN401 - JSON is any
    """Data as indented JSON with a newline at its end."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
