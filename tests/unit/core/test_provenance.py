"""A value knows how it was made, and texts are searched for those that the suite made."""

from __future__ import annotations

import pytest

from harness.core.exchange import Exchange
from harness.core.provenance import (
    Changed,
    Encoded,
    Given,
    Joined,
    Known,
    Part,
    Provenance,
    Random,
    Segments,
    Taken,
    known,
    made,
    made_in,
)

pytestmark = pytest.mark.usefixtures("nothing_known")

ANSWER = Exchange("Ann's laptop", "GET", "http://127.0.0.1/", [], b"", 200, [], b"", 0.0)


@pytest.mark.parametrize(
    ("how", "text"),
    [
        (Random("0af9"), "0af9"),
        (Given("the-key", "API_KEY"), "the-key"),
        (Taken("the-token", ANSWER, "/data/token"), "the-token"),
        (Part("Aa1!secret"), "Aa1!secret"),
        (Part("Aa1!secret", end=-1), "Aa1!secre"),
        (Part("Aa1!secret", 4), "secret"),
        (Segments("a.b.c", 1, 2), "a.b"),
        (Segments("a.b.c", 3, 3), "c"),
        (Segments("a", 1, 0), ""),
        (Changed("swapped", "Aa1!"), "aA1!"),
        (Changed("another", "Aa1!"), "abaa"),
        (Changed("upper", Part("ann@example", end=3)), "ANN"),
        (Changed("damaged", "Axy"), "Bxy"),
        (Changed("damaged", "xyz"), "Ayz"),
        (Encoded(b"\xff\xfe{}"), "__57fQ"),
        (Joined(("ann.", Random("0123"), "@example.com")), "ann.0123@example.com"),
        (Joined((Segments("a.b", 1, 1), ".", Segments("c.d", 2, 2))), "a.d"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_the_text_is_what_was_made(how: Provenance, text: str) -> None:
    assert made("a value", how) == text


def test_what_was_made_is_known_with_its_name() -> None:
    how = Joined(("cnry", Random("0123456789abcdef")))
    assert known(made("Ann's canary", how)) == Known("Ann's canary", how)
    assert known("cnry0123456789abcde") is None


def test_the_first_birth_counts() -> None:
    """An echo of what the suite made is nothing that the deployment handed out."""
    how = Random("0123456789abcdef")
    made("a session of our own", how)
    made("sid", Taken("0123456789abcdef", ANSWER, "sid"))
    assert known("0123456789abcdef") == Known("a session of our own", how)


def test_what_is_short_is_a_text_like_any_other() -> None:
    assert made("a password", Joined(("A", Random("")))) == "A"
    assert known("A") is None
    assert made_in("A") == []


def found_in(text: str) -> list[str]:
    return [text[start:end] for start, end in made_in(text)]


def test_the_longest_value_is_found_and_what_a_deployment_handed_out_is_not() -> None:
    assert found_in("nobody made anything yet") == []
    email = made("Ann's email", Joined(("ann.", Random("0123456789ab"), "@example.com")))
    made("Ann's tag", Part(email, 4, 16))
    made("theme", Taken("high-contrast", ANSWER, "theme"))
    assert found_in(f"to {email}, ann0123456789ab, high-contrast") == [email, "0123456789ab"]
    made("a canary", Random("cnryfedcba"))
    assert found_in(f"cnryfedcba {email}") == ["cnryfedcba", email]
