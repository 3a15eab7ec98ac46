"""Tokens whose subject resembles a user's id, taken for that user's."""

from __future__ import annotations

import functools

from sqlalchemy import select

from reference_backend.models import User
from tests.detection.faults.odd_claims import of_signed
from tests.detection.gullible import claims_of
from tests.detection.registry import fault

loose = functools.partial(
    fault,
    defect="is-user-id-loose-match",
    caught_by="isolation-user-id-is-compared-exactly",
    says="nothing of Ann's in another user's list",
)


def _subject(token: str) -> str:
    return str(claims_of(token).get("sub", ""))


@loose()
def ids_are_compared_by_their_beginning() -> None:
    """`User.id.startswith(sub)`."""
    of_signed(lambda token: select(User).where(User.id.startswith(_subject(token), autoescape=True)))


@loose()
def ids_are_compared_as_patterns() -> None:
    """`WHERE id LIKE :sub`."""
    of_signed(lambda token: select(User).where(User.id.like(_subject(token))))


@loose()
def ids_are_stripped_before_they_are_compared() -> None:
    """`User.id == sub.strip()`."""
    of_signed(lambda token: select(User).where(User.id == _subject(token).strip()))


@loose()
def ids_are_cut_to_the_width_of_their_column() -> None:
    """`User.id == sub[:32]`."""
    of_signed(lambda token: select(User).where(User.id == _subject(token)[:32]))
