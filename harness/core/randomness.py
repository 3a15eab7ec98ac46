"""How many random bits a series of values has.

What is estimated is the most that it can be: what a series of values shows to be no random part is not counted,
and all the rest is taken for random. So values that were drawn well are never found short, and a hash of
something that can be guessed looks random.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import string
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from harness.core.spellings import unquoted

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 8
"""Values from which on a series says something: two of random digits may be alike at their beginning."""
_ORDERED = 12
"""Values from which on it is no accident that each is greater than the one before: 1 in 479,001,600."""
_DAY = 86_400

_HEX = string.hexdigits[:16]
_ALPHABETS = {
    "digits": string.digits,
    "hexadecimal digits": _HEX,
    "hexadecimal digits in upper case": _HEX.upper(),
    "base32": "234567" + string.ascii_lowercase,
    "base32 in upper case": "234567" + string.ascii_uppercase,
    "lower-case letters and digits": string.digits + string.ascii_lowercase,
    "upper-case letters and digits": string.digits + string.ascii_uppercase,
    "letters and digits": string.digits + string.ascii_letters,
    "base64": string.digits + string.ascii_letters + "-_",
    "base64 with + and /": string.digits + string.ascii_letters + "+/=",
    "printable characters": string.printable,
}
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SIGNATURES = frozenset((27, 28, 40, 43, 44, 64, 86, 88, 128))
"""Characters of an HMAC with SHA-1, SHA-256 or SHA-512, in base64 and in hexadecimal digits."""


@dataclass(frozen=True)
class Estimate:
    """The most random bits that values can have, and why.

    ``why`` is the end of a sentence.
    """

    bits: float
    why: str


@dataclass(frozen=True)
class Signed:
    """Values that end in what looks like a signature, without that.

    ``surely`` says that it is one, and no second secret: by a mark of signed cookies, or by its padding.
    """

    tokens: list[str]
    surely: bool


def estimated(values: Sequence[str]) -> Estimate:
    """The most random bits that these values can have.

    They come in the order of their issue.
    """
    values = [unquote(unquoted(value)) for value in values]
    estimates = [_of_texts(values)]
    if (known := _of_known_kind(values)) is not None:
        return known if known.bits < estimates[0].bits else Estimate(estimates[0].bits, known.why)
    if (texts := _decoded(values)) is not None:
        decoded = _of_texts(texts)
        estimates.append(Estimate(decoded.bits, f"decoded from base64, {decoded.why}"))
    return min(estimates, key=lambda one: one.bits)


def without_signature(values: Sequence[str]) -> Signed | None:
    """The values without their last part, where that may be a signature.

    None where it is none, and where what is signed can be read: such a value says by itself who is there.
    """
    split = [unquote(unquoted(value)).rpartition(".") for value in values]
    if not all(token and len(last) in _SIGNATURES for token, _, last in split):
        return None
    tokens = [token for token, _, _ in split]
    if any("." in token for token in tokens) or _decoded(tokens) is not None:
        return None
    marked = all(token.startswith("s:") for token in tokens)
    return Signed(tokens, marked or all(last.endswith("=") for _, _, last in split))


# --- kinds of which it is known what is random in them ---


def _of_known_kind(values: Sequence[str]) -> Estimate | None:
    if all(re.fullmatch(r"(?i)[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}", value) for value in values):
        return _of_uuids({uuid.UUID(value).version for value in values})
    if all(re.fullmatch(rf"(?i)[{_CROCKFORD}]{{26}}", value) and _is_now(_ulid_time(value)) for value in values):
        return Estimate(80, "they are ULIDs: 48 bits are the time, and 80 are random")
    if all(re.fullmatch(r"(?i)[\da-f]{24}", value) and _is_now(int(value[:8], 16)) for value in values):
        return Estimate(40, "they are ObjectIds: the time, the process and a counter")
    return None


def _of_uuids(versions: set[int | None]) -> Estimate | None:
    if versions <= {1, 2, 6}:
        return Estimate(14, "they are UUIDs of the time and the machine, in which 14 bits are random")
    if versions == {7}:
        return Estimate(74, "they are UUIDs of version 7: 48 bits are the time, and 74 are random")
    return Estimate(122, "they are random UUIDs") if versions == {4} else None


def _ulid_time(value: str) -> float:
    number = 0
    for letter in value[:10].upper():
        number = 32 * number + _CROCKFORD.index(letter)
    return number / 1000


def _is_now(moment: float) -> bool:
    return abs(moment - time.time()) < _DAY


# --- text ---


def _of_texts(values: Sequence[str]) -> Estimate:
    """The characters that differ, each as one of its alphabet."""
    length, ordered = max(map(len, values)), _ordered_by(values)
    varying = [value[ordered:] for value in values]
    varying = _aligned(varying) if len(set(map(len, varying))) == 1 else _trimmed(varying)
    differing = max(map(len, varying), default=0)
    name, letters = _alphabet("".join(varying))
    alike = length - differing - ordered
    parts = [f"{alike} are the same in all"] if alike > 0 else []
    parts += [f"the first {ordered} grow from each to the next"] if ordered else []
    parts += [f"{differing} differ ({name})"]
    return Estimate(differing * math.log2(letters), f"of their {length} characters {', '.join(parts)}")


def _aligned(values: Sequence[str]) -> list[str]:
    """Values of one length without the places where all agree.

    A single place may be so by accident, unless what stands there is no letter.
    """
    same = [len(set(column)) == 1 for column in zip(*values, strict=True)]
    kept = [
        not is_same
        or (values[0][place].isalnum() and not any(same[max(place - 1, 0) : place] + same[place + 1 : place + 2]))
        for place, is_same in enumerate(same)
    ]
    return ["".join(letter for letter, keep in zip(value, kept, strict=True) if keep) for value in values]


def _trimmed(values: Sequence[str]) -> list[str]:
    """Values of several lengths without what all begin with, and end in."""
    before = _shared(values)
    values = [value[before:] for value in values]
    after = _shared([value[::-1] for value in values])
    return [value[: len(value) - after] for value in values]


def _shared(values: Sequence[str]) -> int:
    """How many characters all values begin with; one may be an accident."""
    shortest = min(map(len, values))
    found = next((n for n in range(shortest) if len({value[n] for value in values}) > 1), shortest)
    return found if found > 1 else 0


def _ordered_by(values: Sequence[str]) -> int:
    """How many characters at their beginning put the values in order.

    0 where they don't, or where too few values could do so by accident.
    """
    if len(values) < _ORDERED or len(set(map(len, values))) > 1:
        return 0
    for shown in range(1, len(values[0]) + 1):
        beginnings = [value[:shown] for value in values]
        if beginnings != sorted(beginnings):
            return 0
        if len(set(beginnings)) == len(values):
            return shown
    return 0


def _alphabet(letters: str) -> tuple[str, int]:
    """The smallest usual alphabet of which the letters are, and its size."""
    used = set(letters)
    found = next(((name, len(every)) for name, every in _ALPHABETS.items() if used <= set(every)), None)
    return found if found is not None else ("characters of any kind", 256)


def _decoded(values: Sequence[str]) -> list[str] | None:
    """The texts that the values are in base64.

    None where one is no text.
    """
    texts = []
    for value in values:
        standard = value.rstrip("=").translate(str.maketrans("-_", "+/"))
        try:
            text = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True).decode("ascii")
        except (binascii.Error, ValueError):
            return None
        if not text or not text.isprintable():
            return None
        texts.append(text)
    return texts
