"""Addresses and passwords at sign-in that no page sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx

from harness.core.errors import Absent
from harness.core.redaction import never_mask
from harness.core.vocabulary import Vocabulary
from harness.deployment.tampered import Tampering

if TYPE_CHECKING:
    from harness.deployment.people import Person
    from harness.deployment.refusal import Attempt
    from harness.scenario.world import World


def _password(value: object) -> Callable[[Person], Mapping[str, Any] | None]:
    if isinstance(value, str):
        never_mask(value)  # it is no secret, and stands in the sentences
    return lambda _: {"password": value}


def _address(ending: str) -> Callable[[Person], Mapping[str, Any] | None]:
    return lambda person: {**_named(f"{person.email}{ending}"), "password": "x"}


def _named(value: object) -> Mapping[str, Any]:
    """What names the account, whatever the profile takes for that."""
    return {"email": value, "username": value}


IN_SQL = ("' OR '1'='1", "' OR 1=1 -- ")
"""Passwords that end their quotes in a query."""

ODD: Vocabulary[Callable[[Person], Mapping[str, Any] | None]] = Vocabulary(
    "odd credential",
    {
        "an empty password": _password(""),
        "null for the password": _password(None),
        "no password": lambda _: None,
        "zero for the password": _password(0),
        "true for the password": _password(True),  # noqa: FBT003 - it is what is sent
        "an empty list for the password": _password([]),
        '{"$ne": null} for the password': _password({"$ne": None}),
        '{"$gt": ""} for the password': _password({"$gt": ""}),
        '{"$ne": null} for the address and the password': lambda _: {
            **_named({"$ne": None}),
            "password": {"$ne": None},
        },
        "' OR '1'='1 for the password": _password(IN_SQL[0]),
        "' OR 1=1 -- for the password": _password(IN_SQL[1]),
        "' -- after the address": _address("' -- "),
        "' OR '1'='1 after the address": _address("' OR '1'='1"),
        "a quote for the password": _password("'"),
    },
)
"""What stands for the address and the password; None where no password is sent."""


def try_odd(world: World, alias: str, words: list[str]) -> None:
    """Sign in as the person with each of them, as attempts.

    Raises Absent where the operation can hold none of them: a form has text alone.
    """
    person, operation = world.person(alias), world.deployment.operation("sign_in")
    for word in words:
        values = ODD[word](person)
        if operation.form is not None and values is not None and not _is_text(values):
            continue
        world.judge.attempt(_attempt(world, person, word, values))
    if not world.judge.attempts:
        raise Absent("The profile declares sign-in as a form, which can't hold such values.")


def _is_text(values: Mapping[str, Any]) -> bool:
    return all(isinstance(value, str) for value in values.values())


def _attempt(world: World, person: Person, word: str, values: Mapping[str, Any] | None) -> Attempt:
    tampering = Tampering(left_out=("password",)) if values is None else Tampering(instead=values)
    what = f"signing in as {person.alias} with {word}"
    wrong = world.cast.factory.password("wrong password")
    attempt = world.accounts.with_password(person, wrong, what, tampering)
    # A form that does not fit may lead back to itself; whether somebody is signed in is looked at.
    return replace(
        attempt,
        also_refusal=lambda answer: attempt.also_refusal(answer) or httpx.codes.is_redirect(answer.status),
    )
