"""What the script writes for a value: literal text or a variable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from harness.evidence.repro.quotes import quoted


class Unreproducible(Exception):  # noqa: N818 - it names the state of a finding
    """The finding can't be put into a script.

    The message is the sentence why.
    """


@dataclass(eq=False)
class Variable:
    """A shell variable.

    ``value`` is what it stood for in the run; ``definition`` is the word it is set to.

    ``after`` is the index of the exchange whose answer hands it out; ``parents`` are variables in the definition.
    """

    name: str
    value: str
    definition: str
    after: int | None = None
    parents: tuple[Variable, ...] = ()
    is_secret: bool = False
    is_given: bool = False
    """Whether the user provides it in the environment."""
    about: str = ""
    """What it is, for the sentence that says that it was not found."""

    @property
    def is_drawn(self) -> bool:
        """Whether the script makes it up, of nothing else."""
        return self.after is None and not self.parents and bool(self.definition)


Piece = str | Variable


@dataclass(frozen=True)
class Encoding:
    """How a value is spelled where it stands.

    ``shell`` is the function that does the same in the script.
    """

    spell: Callable[[str], str]
    shell: str = ""


def _percent(text: str) -> str:
    return quote(text, safe="")


PLAIN = Encoding(str)
PERCENT = Encoding(_percent, "percent")
FORM = Encoding(quote_plus, "percent")
# Not json.dumps: a value keeps the escapes with which it was captured, and our own need none.
JSON_TEXT = Encoding(str)


@dataclass(frozen=True)
class Expression:
    """Pieces in a row, each in the spelling that its place wants."""

    pieces: Sequence[Piece]
    encoding: Encoding = PLAIN

    @property
    def variables(self) -> list[Variable]:
        """Those in it, in order."""
        return [piece for piece in self.pieces if isinstance(piece, Variable)]

    def spelled(self) -> Iterator[str | Reference]:
        """Literal text as it is sent, and references to variables."""
        for piece in self.pieces:
            if isinstance(piece, Variable):
                needs = self.encoding.shell and self.encoding.spell(piece.value) != piece.value
                yield Reference(f'"$({self.encoding.shell} "${piece.name}")"' if needs else f'"${piece.name}"')
            else:
                yield self.encoding.spell(piece)


@dataclass(frozen=True)
class Reference:
    """What stands in a shell word for a variable."""

    word: str


def word_of(parts: Iterable[str | Reference]) -> str:
    """The shell word for literal text and references in a row."""
    words, literal = [], ""
    for part in parts:
        if isinstance(part, str):
            literal += part
            continue
        words += [quoted(literal), part.word] if literal else [part.word]
        literal = ""
    return "".join([*words, quoted(literal)] if literal or not words else words)


def with_parents(variables: Sequence[Variable]) -> list[Variable]:
    """The variables and their parents, parents first, each once."""
    found: dict[int, Variable] = {}
    for variable in variables:
        for one in (*with_parents(variable.parents), variable):
            found.setdefault(id(one), one)
    return list(found.values())
