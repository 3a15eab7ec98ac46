"""What a profile amounts to with those that it extends, as TOML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.profile.toml.problems import dotted, inline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.profile.inheritance import Chain
    from harness.profile.toml.location import Content, KeyPath

_DEPTH_OF_HEADERS = 2
"""Tables are written with a header down to here, inline below."""


def amounts_to(chain: Chain, *, origins: bool = True) -> str:
    """The whole profile as one TOML text.

    With ``origins`` each line that comes from elsewhere than the file itself names its place.
    """
    return "\n".join(_table((), chain.content(), chain if origins else None)).strip() + "\n"


def _table(path: KeyPath, table: Content, chain: Chain | None) -> Iterator[str]:
    below = {key: value for key, value in table.items() if _has_header((*path, key), value)}
    plain = {key: value for key, value in table.items() if key not in below}
    if path and (plain or not below):
        yield f"\n[{dotted(path)}]"
    for key, value in plain.items():
        yield f"{dotted((key,))} = {inline(value)}{_origin((*path, key), chain)}"
    for key, value in below.items():
        yield from _table((*path, key), value, chain)


def _has_header(path: KeyPath, value: Any) -> bool:  # noqa: ANN401 - TOML values have no common type
    """Whether a table stands under a header of its own."""
    return isinstance(value, dict) and len(path) <= _DEPTH_OF_HEADERS


def _origin(path: KeyPath, chain: Chain | None) -> str:
    if chain is None or chain.is_own(path):
        return ""
    return f"  # {chain.origin_of(path).replace(' (built in)', '')}"
