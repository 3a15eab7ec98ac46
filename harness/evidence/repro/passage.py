"""How a script's requests get through to the deployment.

As the profile's `[reach]` says.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.core.provenance import Given
from harness.evidence.repro.definitions import given
from harness.evidence.repro.values import Reference, word_of
from harness.profile.environment import VARIABLE
from harness.profile.reach import proxy_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from harness.evidence.repro.values import Variable
    from harness.profile.reach import Reach

DIRECT = "--noproxy '*'"


@dataclass(frozen=True)
class Passage:
    """Options of curl for every request, and the variables in them."""

    options: Sequence[str]
    variables: Sequence[Variable]

    def lines(self) -> Iterator[str]:
        """The function with which the script sends a request."""
        if self.options:
            yield ""
            yield "# What lets each request through to the deployment."
            yield "send() {"
            yield f'  curl --disable {" ".join(self.options)} "$@"'
            yield "}"


def passage_of(reach: Reach) -> Passage:
    """What the profile says, its secrets by the names of their variables.

    Raises Unreproducible where no shell knows a variable.
    """
    variables: dict[str, Variable] = {}

    def word(template: str) -> str:
        parts: list[str | Reference] = []
        for place, part in enumerate(VARIABLE.split(template)):
            if place % 2:
                variables[part] = given(Given(os.environ.get(part, ""), part))
            parts.append(Reference(f'"${part}"') if place % 2 else part)
        return word_of(one for one in parts if one)

    options = [f"--header {word(f'{name}: {value}')}" for name, value in reach.headers.items()]
    if reach.basic is not None:
        options.append(f"--user {word(reach.basic)}")
    way = [DIRECT]
    if reach.proxy is not None:
        userinfo, address = proxy_parts(reach.proxy)
        way = [
            "--noproxy ''",
            f"--proxy {word(address)}",
            *([f"--proxy-user {word(userinfo)}"] if userinfo else []),
        ]
    options += _certificate(reach, word)
    is_plain = not options and way == [DIRECT]
    return Passage([] if is_plain else [*way, *options], list(variables.values()))


def _certificate(reach: Reach, word: Callable[[str], str]) -> list[str]:
    if (shown := reach.certificate) is None:
        return []
    files = [f"--cert {word(shown.file)}", f"--key {word(shown.key or shown.file)}"]
    return files + ([f"--pass {word(shown.password)}"] if shown.password is not None else [])
