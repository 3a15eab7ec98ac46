"""Words that feature files use, and what each of them means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from harness.core.findings import HarnessError
from harness.core.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Meaning = TypeVar("Meaning")


class Vocabulary(Generic[Meaning]):
    """A named table of words.

    The lint of the features checks every word of it, and every use of one.
    """

    def __init__(self, noun: str, meanings: Mapping[str, Meaning]) -> None:
        """``noun`` is what each word is, such as ``way to list tasks``."""
        self.noun = noun
        self._meanings = dict(meanings)

    def __getitem__(self, word: str) -> Meaning:
        """What the word means. Raises HarnessError for an unknown one."""
        if word not in self._meanings:
            raise HarnessError(f'there is no {self.noun} called "{word}".{did_you_mean(word, self._meanings)}')
        return self._meanings[word]

    def __contains__(self, word: object) -> bool:
        return word in self._meanings

    def __iter__(self) -> Iterator[str]:
        return iter(self._meanings)

    def __len__(self) -> int:
        return len(self._meanings)
