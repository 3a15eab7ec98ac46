"""What a server says of an answer stands in the sentence about it, masked and short."""

import json

import pytest

from harness.core.exchange import Exchange
from harness.core.redaction import register
from harness.deployment.quotation import quoted

PAGE = ("Content-Type", "text/html; charset=utf-8")


def answered(status: int, body: object = b"", *headers: tuple[str, str]) -> Exchange:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange("Ann", "GET", "http://127.0.0.1/tasks", [], b"", status, headers, content, 0.0)


SAID = {
    "nothing": (answered(401), "401"),
    "a success without a body": (answered(204), "204 with an empty body"),
    "a success": (answered(200, {"task": {"title": "x"}}), '200 ({"task": {"title": "x"}})'),
    "FastAPI": (answered(401, {"detail": "Not enough segments"}), '401 (detail: "Not enough segments")'),
    "FastAPI's validation": (
        answered(422, {"detail": [{"msg": "Field required"}]}),
        '422 (msg: "Field required")',
    ),
    "Better Auth": (answered(403, {"code": "INVALID_ORIGIN", "message": "Invalid origin"}), "Invalid origin"),
    "OAuth": (answered(400, {"error": "invalid_grant", "error_description": "It was used"}), "It was used"),
    "problem details": (answered(403, {"title": "Forbidden", "detail": "No scope"}), '403 (detail: "No scope")'),
    "a nested error": (
        answered(400, {"error": {"code": 3, "message": "Too short"}}),
        '400 (message: "Too short")',
    ),
    "allauth": (answered(400, {"errors": [{"message": "Wrong", "code": "x"}]}), '400 (message: "Wrong")'),
    "an error without words": (answered(400, {"ok": False}), '400 ({"ok": false})'),
    "text": (answered(500, b"Internal\n  Server Error"), "500 (Internal Server Error)"),
    "a page": (
        answered(401, b"<title>Staging &amp; more\n</title>", PAGE),
        '401 (an HTML page, "Staging & more")',
    ),
    "a page without a title": (answered(401, b"<p>no", PAGE), "401 (an HTML page)"),
    "a redirect": (answered(302, b"moved", ("Location", "/signin?next=1")), "302 to /signin?next=1"),
    "a redirect to nowhere": (answered(302), "302"),
    "a wait": (answered(503, b"", ("Retry-After", "30")), "503 (Retry-After: 30)"),
    "a scheme alone": (answered(401, b"", ("WWW-Authenticate", "Bearer")), "401"),
    "a challenge": (
        answered(401, {"detail": "no"}, ("WWW-Authenticate", 'Bearer error="invalid_token"')),
        '401 (WWW-Authenticate: Bearer error="invalid_token"; detail: "no")',
    ),
    "a body that breaks parsers": (answered(400, b"[" * 100_000), "400 ([[["),
}


@pytest.mark.parametrize(("exchange", "said"), SAID.values(), ids=list(SAID))
def test_the_servers_own_words_are_quoted(exchange: Exchange, said: str) -> None:
    assert said in quoted(exchange)
    assert "\n" not in quoted(exchange)


def test_a_secret_is_masked_before_it_is_cut() -> None:
    secret = register("k3VbVtRz0e9fWm1qYt2Hq0Ej8nA" * 4, "access token")
    for exchange in (
        answered(200, {"x": "y" * 100, "token": secret}),
        answered(401, {"detail": f"{'y' * 100} {secret}"}),
        answered(302, b"", ("Location", f"/{'y' * 100}?token={secret}")),
    ):
        assert "k3Vb" not in quoted(exchange)
        assert len(quoted(exchange)) < 200
