"""A registered secret appears in no output, however it is spelt there."""

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import jwt
import pytest

from harness.core import redaction
from harness.core.exchange import Exchange
from harness.core.redaction import labels_in, never_mask, publish, redact, register, registered
from harness.wire.transcript import describe, recorded

pytestmark = pytest.mark.usefixtures("nothing_known")

SECRET = 'p@ss w0rd/"+ü\\&<end>'


def lower(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), text)


def escaped(text: str, special: str, form: str) -> str:
    return re.sub(special, lambda found: form.format(ord(found[0])), text)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "percent-encoded": lambda text: quote(text, safe=""),
    "in a path": quote,
    "in a form": quote_plus,
    "in a query": lambda text: urlencode({"password": text}),
    "in JSON": json.dumps,
    "in JSON with its letters": lambda text: json.dumps(text, ensure_ascii=False),
    "in HTML": html.escape,
    "percent-encoded in lower case": lambda text: lower(quote(text, safe="")),
    "percent-encoded twice": lambda text: quote(quote(text, safe=""), safe=""),
    "in JSON with its slash escaped": lambda text: json.dumps(text).replace("/", "\\/"),
    "in JSON, all but letters escaped": lambda text: escaped(text, r"[^0-9A-Za-z]", "\\u{:04x}"),
    "in JSON, as .NET escapes": lambda text: escaped(
        text.replace("\\", "\\\\"), r"[+=<>&'\"`\x7f-\xff]", "\\u{:04X}"
    ),
    "in HTML as Go escapes": lambda text: escaped(text, r"[+=<>&'\"`]", "&#{};"),
    "in hexadecimal": lambda text: text.encode().hex(),
    "in base64": lambda text: base64.b64encode(text.encode()).decode(),
    "in base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=list(SPELLINGS))
def test_every_spelling_is_masked(spell: Callable[[str], str]) -> None:
    assert register(SECRET, "password") == SECRET
    written = f"before {spell(SECRET)} after"
    masked = redact(written)
    assert "<password>" in masked
    assert not [part for part in ("w0rd", b"w0rd".hex(), spell(SECRET).strip('"')) if part in masked]
    assert masked.startswith("before ")
    assert masked.endswith(" after")


def test_a_secret_registered_as_it_was_encoded_is_masked_decoded() -> None:
    register("abc%2Fdef%3Dghi", "cookie")
    assert redact("abc/def=ghi and abc%2Fdef%3Dghi") == "<cookie> and <cookie>"


def test_each_part_of_a_jwt_is_masked() -> None:
    token = jwt.encode({"sub": "user-1"}, "x" * 40, "HS256")
    head, payload, signature = token.split(".")
    register(token, "access token")
    assert redact(f"token={token}") == "token=<access token>"
    assert redact(f"{head} {payload} {signature}") == "<access token> <access token> <access token>"
    assert redact(f"{head}.{payload}.damaged") == "<access token>.<access token>.damaged"


def test_the_password_of_a_url_is_masked_alone_too() -> None:
    register("postgresql://owner:s%C3%A9same-open@db.example/app", "database URL")
    register("postgresql://postgres:postgres@db.example/app", "database URL")
    assert redact("login with s%C3%A9same-open or sésame-open failed") == (
        "login with <database URL> or <database URL> failed"
    )
    assert redact('"postgres": "Postgres 18"') == '"postgres": "Postgres 18"', "a word, where it is that short"


def test_what_only_looks_like_a_url_is_masked_as_it_is() -> None:
    register("http://[sesame-open", "token")
    assert redact("http://[sesame-open") == "<token>"


def test_the_longest_goes_first() -> None:
    register("sesame-open", "short")
    register("sesame-open-and-more", "long")
    assert redact("sesame-open-and-more, sesame-open") == "<long>, <short>"


def test_the_first_label_stays() -> None:
    register("sesame-open", "password")
    register("sesame-open", "token")
    assert redact("sesame-open") == "<password>"


def test_what_is_too_short_to_be_told_from_words_is_left() -> None:
    register("true", "cookie")
    assert redact("true") == "true"


def test_a_described_exchange_shows_no_secret_and_what_is_telling() -> None:
    register("Bearer-token-1", "access token")
    register("cookie-value-1", "cookie")
    register("password-1", "password")
    exchange = Exchange(
        "Ann's laptop",
        "POST",
        "http://127.0.0.1/sign-in?password=password-1",
        [("Authorization", "Bearer Bearer-token-1"), ("Cookie", "sid=cookie-value-1"), ("User-Agent", "untold")],
        b'{"password": "password-1"}',
        200,
        [("Set-Cookie", "sid=cookie-value-1; Path=/"), ("Server", "untold")],
        b'{"token": "Bearer-token-1"}',
        0.0123,
    )
    assert describe(recorded(exchange)).splitlines() == [
        "> POST http://127.0.0.1/sign-in?password=<password>    (Ann's laptop)",
        ">   Authorization: Bearer <access token>",
        ">   Cookie: sid=<cookie>",
        '>   {"password": "<password>"}',
        "< 200    (12 ms)",
        "<   Set-Cookie: sid=<cookie>; Path=/",
        '<   {"token": "<access token>"}',
    ]


def test_a_secret_that_a_long_body_is_cut_through_is_masked_first() -> None:
    register("s" * 40, "secret")
    body = b"x" * 380 + b"s" * 40 + b"y" * 100
    shown = describe(recorded(Exchange("Ann", "GET", "http://127.0.0.1/", [], b"", 200, [], body, 0.0)))
    assert "sss" not in shown
    assert shown.endswith("... (520 bytes)")


def test_what_is_masked_again_and_again_is_not_built_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets come by ones and twos between texts; the work must not grow with the square of their number."""
    built = 0

    class Counting:
        """Finds nothing, and costs nothing: only how much is built is of interest."""

        def __init__(self, patterns: list[str], implementation: object) -> None:
            nonlocal built
            built += sum(map(len, patterns))

        def find_matches_as_indexes(self, text: str, *, overlapping: bool) -> list[tuple[int, int, int]]:
            return []

    monkeypatch.setattr(redaction, "AhoCorasick", Counting)
    known = redaction.Secrets()
    for number in range(500):
        known.register(f"secret-number-{number}" * (1 + number % 50), "token")
        assert known.redact("nothing") == "nothing"
    spelt = sum(map(len, known._labels))
    assert spelt < built < 12 * spelt


def test_what_no_credential_is_as_long_as_is_no_secret() -> None:
    register("x1" * 50_000, "token")
    assert redact("x1" * 50_000) == "x1" * 50_000


# --- what is no secret ---

WEB = "http://127.0.0.1:3000"
FLASHES = base64.urlsafe_b64encode(
    b'{"_flashes":[{" t":["message","Please sign in to see this page."]}]}'
).decode()


@pytest.mark.parametrize(
    "value",
    [
        "http%3A%2F%2F127.0.0.1%3A3000",
        "http://127.0.0.1:3000/",
        "http%3A%2F%2F127.0.0.1%3A3000%2Ftasks%2F42",
        '"http://127.0.0.1:3000/account/settings"',
        "%2Fauth%2Fsignin%2F2",
        "/account/settings/notifications",
        "high-contrast-dark-mode",
        "America/Argentina/Buenos_Aires",
        "theme=system",
    ],
)
def test_a_cookie_that_says_where_or_how_is_no_secret(value: str) -> None:
    publish(WEB)
    register(value, "cookie")
    assert registered() == []
    text = f"GET {WEB}/tasks/42 from {value}"
    assert redact(text) == text


def test_a_cookie_that_holds_an_address_with_a_token_hides_the_token_and_no_address() -> None:
    publish(WEB)
    register(f"{WEB}/reset?code=Xw81hfUs7Qk2", "cookie")
    assert redact(f"{WEB}/reset?code=Xw81hfUs7Qk2") == "<cookie>"
    assert redact(f"{WEB}/reset and {WEB}/tasks") == f"{WEB}/reset and {WEB}/tasks"


def test_the_host_in_a_cookie_hides_no_address() -> None:
    register("https://staging-of-the-shop.example.test/x?y=1", "cookie")
    publish("https://staging-of-the-shop.example.test")
    assert redact("https://staging-of-the-shop.example.test/tasks") == (
        "https://staging-of-the-shop.example.test/tasks"
    )


def test_what_the_profile_says_is_no_secret_on_the_wire_and_a_given_secret_is_one() -> None:
    publish('{"jwt":{"issuer":"https://issuer-1.example"},"placeholder_secrets":["changethis-0123"]}')
    for value, label in (("https://issuer-1.example", "token"), ("changethis-0123", "signing secret")):
        register(value, label)
    assert redact("https://issuer-1.example signs with changethis-0123") == (
        "https://issuer-1.example signs with <signing secret>"
    )


@pytest.mark.parametrize("signature", ["Zxyz12.k3VbVtRz0e9fWm1qYt2Hq0Ej8nA", "k3VbVtRz0e9fWm1qYt2Hq0Ej8nA"])
def test_the_payload_of_a_visitors_signed_cookie_is_no_secret_and_the_cookie_is(signature: str) -> None:
    register(f"{FLASHES}.{signature}", "cookie")
    assert redact(f"a={FLASHES}.{signature};") == "a=<cookie>;"
    assert labels_in(f'"payload": "{FLASHES}"') == set()
    assert redact(f"with {signature.rpartition('.')[2]}") == "with <cookie>"


SECRET_PARTS = [{"csrf_token": "6c1f0e9d8b7a695847362514"}, {"_id": "f" * 40}, "opaque-0-1-2-3"]


@pytest.mark.parametrize("payload", SECRET_PARTS)
def test_the_part_of_a_signed_cookie_that_holds_a_secret_is_masked_alone(payload: object) -> None:
    part = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    register(f"{part}.k3VbVtRz0e9fWm1qYt2Hq0Ej8nA", "cookie")
    assert labels_in(f"only {part} here") == {"cookie"}


def test_a_payload_that_is_nested_without_end_is_masked() -> None:
    part = base64.urlsafe_b64encode(b"[" * 1500 + b"]" * 1500).decode()
    register(f"{part}.k3VbVtRz0e9fWm1qYt2Hq0Ej8nA", "cookie")
    assert labels_in(part) in ({"cookie"}, set())


@pytest.mark.parametrize("quoted", ['"k3VbVtRz0e9fWm1q"', r'"k3VbVtRz\0540e9f"', r'"k3Vb\\VtRz0e9fWm"'])
def test_a_cookie_in_double_quotes_is_masked_as_sent_and_bare(quoted: str) -> None:
    register(quoted, "cookie")
    bare = {'"k3VbVtRz0e9fWm1q"': "k3VbVtRz0e9fWm1q", r'"k3VbVtRz\0540e9f"': "k3VbVtRz,0e9f"}.get(
        quoted, "k3Vb\\VtRz0e9fWm"
    )
    assert redact(f"sid={quoted}; is {bare}.") == "sid=<cookie>; is <cookie>."
    assert "k3Vb" not in redact(json.dumps({"set-cookie": f"sid={quoted}"}))


def test_a_word_that_everybody_knows_masks_nothing() -> None:
    assert never_mask("password") == "password"
    for label in ("password", "token"):
        register("password", label)
    assert redact("a password of a megabyte") == "a password of a megabyte"
    assert registered() == []
