"""How the script makes a value that the suite made.

By the functions in functions.sh.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.core.provenance import Changed, Encoded, Given, Joined, Part, Random, Segments
from harness.evidence.repro.forgeries import changes, key_of
from harness.evidence.repro.quotes import quoted
from harness.evidence.repro.values import Reference, Unreproducible, Variable, word_of
from harness.tokens.jws import Forged

if TYPE_CHECKING:
    from harness.core.provenance import Provenance, Source
    from harness.tokens.jws import Key

Lookup = Callable[[str], Variable | None]
"""The variable of another value; None for one that is literal text."""

_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)


class Definition:
    """The shell word for a value; ``parents`` are the variables in it.

    Raises Unreproducible where no script can make the value.
    """

    def __init__(self, how: Provenance, lookup: Lookup) -> None:
        self._lookup = lookup
        self.parents: list[Variable] = []
        self.word = self._made(how)

    def _made(self, how: Provenance) -> str:
        match how:
            case Random(text):
                return f'"$(random {len(text)})"' if text else ""
            case Part(of, start, end):
                is_whole = (start, end) == (0, None)
                return self._of(of) if is_whole else f'"$(part {start + 1} {end or 0} {self._of(of)})"'
            case Segments(of, first, last):
                numbers = first if first == last else f"{first}-{last}"
                return f'"$(segment {numbers} {self._of(of)})"'
            case Changed(change, of):
                return f'"$({change} {self._of(of)})"'
            case Encoded(content):
                return f'"$(base64url {quoted(content)})"'
            case Joined(pieces):
                return word_of(one if isinstance(one, str) else Reference(self._made(one)) for one in pieces)
            case Forged(of=of, key=key):
                return f'"$(forge {self._of(of)} {quoted(changes(how))} {quoted(self._key(key))})"'
        raise TypeError(f"{type(how).__name__} is no way to make a value")

    def _of(self, source: Source) -> str:
        if not isinstance(source, str):
            return self._made(source)
        variable = self._variable(source)
        return f'"${variable.name}"' if variable is not None else quoted(source)

    def _variable(self, value: str) -> Variable | None:
        variable = self._lookup(value)
        if variable is not None:
            self.parents.append(variable)
        return variable

    def _key(self, key: Key) -> str:
        secret = self._variable(key.decode("utf-8", "replace")) if isinstance(key, bytes) else None
        return key_of(key) if secret is None else f"env:{secret.name}"


def given(how: Given) -> Variable:
    """The variable of a value that the environment gives.

    Raises Unreproducible where no shell knows its name.
    """
    if not _VARIABLE.fullmatch(how.variable):
        raise Unreproducible("It takes a value from the environment, and a shell knows no variable of that name.")
    return Variable(how.variable, how.text, "", is_secret=True, is_given=True)
