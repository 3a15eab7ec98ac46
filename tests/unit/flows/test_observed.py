"""What an answer of the run may not be: each rule accepts and rejects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.core.exchange import Exchange
from harness.deployment.recognition import Recognition
from harness.flows import observed_cookies, observed_errors, observed_headers, observed_pages, observed_redirects
from harness.flows.seen import Rule, Seen
from harness.scenario.world import World
from tests.support.fake_backend import AUTH, COOKIE, SECRET
from tests.support.fake_client import API, WEB, FakeClient
from tests.support.scenario import world_of

JSON, HTML = ("Content-Type", "application/json"), ("Content-Type", "text/html; charset=utf-8")
CANARY = "cnry0123456789abcdef"
VALUE = "0123456789abcdefghij"
SESSION, SIGN_IN, TASKS = f"{WEB}{AUTH}/get-session", f"{WEB}{AUTH}/sign-in/email", f"{API}/api/tasks"
SENT_COOKIE = [("Cookie", f"{COOKIE}={VALUE}")]
SENT_TOKEN = [("Authorization", f"Bearer {VALUE}")]
"""What requests carry."""


def exchange(
    status: int,
    body: str,
    *headers: tuple[str, str],
    url: str = TASKS,
    method: str = "GET",
    sent: Any = (),
    said: str = "",
) -> Exchange:
    return Exchange("Ann", method, url, sent, said.encode(), status, headers, body.encode(), 0.1)


def found(
    rule: Rule, *exchanges: Exchange, world: World | None = None, handed_out: set[str] | None = None
) -> str | None:
    """What the rule says of the first that breaks it; None where none does."""
    target = (world or world_of(FakeClient(lambda _: pytest.fail("nothing is asked")))).target
    recognition = Recognition(target)
    seen = [Seen(one, recognition.of(one), target, handed_out or set()) for one in exchanges]
    return next((one.came for one in rule.breaches([one for one in seen if rule.concerns(one)])), None)


def holds(came: str | None, wanted: str | None) -> bool:
    return came is None if wanted is None else wanted in (came or "")


def message(text: str) -> str:
    return '{"detail": "' + text.replace('"', '\\"').replace("\n", "\\n") + '"}'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Traceback (most recent call last):", "a Python traceback"),
        ('File "/srv/app/main.py", line 12, in read', "a Python traceback"),
        ("TypeError\n    at handler (/app/server/index.js:10:7)", "a JavaScript stack"),
        ("    at file:///app/dist/main.mjs:3:1", "a JavaScript stack"),
        ("    at com.acme.Login.check(Login.java:42)", "a Java stack"),
        ("   at Acme.Login(String s) in C:\\src\\Login.cs:line 4", "a .NET stack"),
        ("Warning: no key in /var/www/html/login.php on line 3", "a PHP error"),
        ("goroutine 1 [running]", "a Go stack"),
        ("sqlalchemy.exc.IntegrityError", "an error of the database"),
        ('relation: SELECT "user"."id" FROM "user" WHERE id = $1', "a query"),
        ("raised in /home/deploy/app/auth.py", "a path of the server"),
        ("in node_modules/@acme/x", "a path of the server"),
        ("DJANGO_SETTINGS_MODULE", "a debugger"),
        ("Signature has expired", None),
        ("Token validation failed: Not enough segments", None),
        ("select a date from the list", None),
        ("Please SELECT a plan", None),
        ("see https://docs.example.com/app/errors.js", None),
        ("go to /app/signin or /home/tasks", None),
        ("call at 10:30, ask for the .ts file", None),
    ],
)
def test_what_is_a_trace(text: str, wanted: str | None) -> None:
    assert holds(found(observed_errors.TRACES, exchange(500, message(text), JSON)), wanted)
    assert holds(found(observed_errors.TRACES, exchange(500, f"<pre>{text}</pre>", HTML)), wanted)


def test_what_the_request_said_itself_is_no_trace() -> None:
    sent = exchange(400, message("bad id /app/x.py"), JSON, url=f"{TASKS}/app/x.py")
    assert found(observed_errors.TRACES, sent) is None


def test_pages_that_work_and_assets_have_paths() -> None:
    text = "at run (/app/src/x.js:1:2)"
    assert found(observed_errors.TRACES, exchange(200, f"<p>{text}", HTML, url=f"{WEB}/tasks")) is None
    assert found(observed_errors.TRACES, exchange(404, text, ("Content-Type", "text/javascript"))) is None
    assert found(observed_errors.TRACES, exchange(404, text, url=f"{WEB}/static/x.js.map")) is None


def test_a_development_server_s_page_is_its_overlay() -> None:
    page = '<script src="/_next/static/development/_build.js"></script> node_modules/next'
    assert found(observed_errors.TRACES, exchange(404, page, HTML)) is None


def test_errors_have_no_secret() -> None:
    rule = observed_errors.SECRETS
    assert found(rule, exchange(401, message(f"key {SECRET}"), JSON)) == "contains the signing secret"
    assert found(rule, exchange(200, message(f"key {SECRET}"), JSON)) is None
    assert holds(found(rule, exchange(401, message(f"Expected signature: {VALUE}"), JSON)), "which signature")
    assert holds(found(rule, exchange(404, message(CANARY), JSON)), "an anonymous client")
    assert found(rule, exchange(404, message(CANARY), JSON, sent=SENT_TOKEN)) is None
    assert found(rule, exchange(404, message(CANARY), JSON, url=f"{TASKS}/{CANARY}")) is None


def test_errors_repeat_no_credential() -> None:
    rule = observed_errors.TOKENS
    assert found(rule, exchange(401, message(VALUE), JSON, sent=SENT_TOKEN)) is not None
    assert found(rule, exchange(401, message(VALUE), JSON, sent=SENT_COOKIE)) is not None
    assert found(rule, exchange(403, message(VALUE), JSON, sent=[("Cookie", f"csrf={VALUE}")])) is None
    assert found(rule, exchange(401, message("no"), JSON, sent=SENT_TOKEN)) is None
    assert found(rule, exchange(200, message(VALUE), JSON, sent=SENT_TOKEN)) is None


@pytest.mark.parametrize(
    ("password", "body", "repeats"),
    [
        ("Aa1!secret-one", message("Aa1!secret-one"), True),
        ("Aa1!secret-one", message("too short"), False),
        ("password", message("password is too common"), False),
        ("Aa1!", message("Aa1!"), False),
    ],
)
def test_errors_repeat_no_password(password: str, body: str, repeats: bool) -> None:
    said = f'{{"newPassword": "{password}"}}'
    sent = exchange(422, body, JSON, url=SIGN_IN, method="POST", said=said)
    assert (found(observed_errors.PASSWORDS, sent) is not None) is repeats


@pytest.mark.parametrize(
    ("challenge", "wanted"),
    [
        ([], "has no WWW-Authenticate"),
        (["Basic realm=x"], "has WWW-Authenticate: Basic"),
        (["Bearer"], None),
        (['bearer error="invalid_token"'], None),
        (["Basic realm=x", "Bearer"], None),
        (["Basic realm=x, Bearer"], None),
    ],
)
def test_a_401_of_the_api_has_a_challenge(challenge: list[str], wanted: str | None) -> None:
    headers = [("WWW-Authenticate", value) for value in challenge]
    assert holds(found(observed_errors.CHALLENGES, exchange(401, "{}", *headers)), wanted)


def test_only_the_api_challenges() -> None:
    refused = exchange(401, "{}", JSON, url=SIGN_IN, method="POST")
    assert (
        found(observed_errors.CHALLENGES, refused, exchange(403, "{}"), exchange(401, "{}", url=SESSION)) is None
    )


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("{}", None),
        ('{"type": "about:blank", "status": 404, "title": "x", "more": [1]}', None),
        ('{"type": "/problems/x"}', None),
        ("[]", "no JSON object"),
        ("oops", "no JSON"),
        ('{"status": 500}', "status is 500"),
        ('{"status": "404"}', "status is 404"),
        ('{"type": "Not Found"}', "no URI"),
        ('{"title": 1}', "title"),
    ],
)
def test_problem_details(body: str, wanted: str | None) -> None:
    problem = exchange(404, body, ("Content-Type", "application/problem+json"))
    assert holds(found(observed_errors.PROBLEMS, problem), wanted)


# --- cookies and redirects ---


def setting(*lines: str, url: str = SESSION, changes: str = "") -> tuple[Exchange, World]:
    world = world_of(FakeClient(lambda _: pytest.fail("nothing is asked")), changes)
    return exchange(200, "", *(("Set-Cookie", line) for line in lines), url=url), world


@pytest.mark.parametrize(
    ("rule", "line", "wanted"),
    [
        (observed_cookies.SECURE_NONE, "a=1; SameSite=None", "drop it"),
        (observed_cookies.SECURE_NONE, "a=1; SameSite=None; Secure", None),
        (observed_cookies.SECURE_NONE, "a=1; SameSite=Lax", None),
        (observed_cookies.SECURE_NONE, "a=; Max-Age=0; SameSite=None", None),
        (observed_cookies.PREFIXES, "__Host-a=1; Secure; Path=/; Domain=127.0.0.1", "no Domain"),
        (observed_cookies.PREFIXES, "__Host-a=1; Secure; Path=/", None),
        (observed_cookies.PREFIXES, "__Host-a=1; Secure", "Path=/"),
        (observed_cookies.PREFIXES, "__Secure-a=1; Path=/", "Secure"),
        (observed_cookies.PREFIXES, "__Secure-a=1; Secure; Domain=example.com", None),
        (observed_cookies.PREFIXES, "a=1", None),
        (observed_cookies.PREFIXED, f"{COOKIE}=1", "sets"),
        (observed_cookies.PREFIXED, f"__Host-{COOKIE}=1", None),
        (observed_cookies.PREFIXED, "lang=en", None),
        (observed_cookies.SAME_SITE, f"{COOKIE}=1", "no SameSite"),
        (observed_cookies.SAME_SITE, f"{COOKIE}=1; SameSite=None; Secure", "SameSite=None"),
        (observed_cookies.SAME_SITE, f"{COOKIE}=1; SameSite=sometimes", "SameSite=sometimes"),
        (observed_cookies.SAME_SITE, f"{COOKIE}=1; samesite=strict", None),
        (observed_cookies.SAME_SITE, "lang=en", None),
    ],
)
def test_cookies(rule: Rule, line: str, wanted: str | None) -> None:
    sent, world = setting(line)
    assert holds(found(rule, sent, world=world), wanted)


def test_a_front_end_on_another_site_needs_none() -> None:
    sent, world = setting(
        f"{COOKIE}=1; SameSite=None; Secure", changes='trusted_origins = ["https://app.example"]'
    )
    assert found(observed_cookies.SAME_SITE, sent, world=world) is None


@pytest.mark.parametrize(
    ("domain", "api", "wanted"),
    [
        ("example.com", "https://www.example.com", "every host below example.com"),
        (".example.com", "https://www.example.com", "every host below example.com"),
        ("example.com", "https://api.example.com", None),
        ("www.example.com", "https://www.example.com", None),
        ("other.example", "https://www.example.com", None),
    ],
)
def test_a_session_is_for_the_hosts_of_the_deployment(domain: str, api: str, wanted: str | None) -> None:

    sent, world = setting(f"{COOKIE}=1; Domain={domain}", url="https://www.example.com/")
    target = replace(world.target, web="https://www.example.com", api=api)
    seen = Seen(sent, (), target)
    came = next((one.came for one in observed_cookies.DOMAIN.breaches([seen])), None)
    assert holds(came, wanted)


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (("a=1", "a=2"), "two values"),
        (("a=1", "a=1"), None),
        (("a=1", "a="), None),
        (("a=1; Path=/", "a=2; Path=/x"), None),
        (("a=1; Domain=x.example", "a=2"), None),
    ],
)
def test_one_cookie_is_set_to_one_value(lines: tuple[str, ...], wanted: str | None) -> None:
    sent, world = setting(*lines)
    assert holds(found(observed_cookies.DUPLICATES, sent, world=world), wanted)


@pytest.mark.parametrize(
    ("line", "control", "wanted"),
    [
        (f"{COOKIE}=1", "public, max-age=60", "shared caches may keep it"),
        (f"{COOKIE}=1", "max-age=60", "shared caches may keep it"),
        (f"{COOKIE}=1", "private, max-age=60", None),
        (f"{COOKIE}=1", "no-store", None),
        (f"{COOKIE}=1", 'public, max-age=60, no-cache="set-cookie"', None),
        ("lang=en", "public, max-age=60", None),
        (f"{COOKIE}=; Max-Age=0", "public, max-age=60", None),
    ],
)
def test_no_shared_cache_keeps_a_session(line: str, control: str, wanted: str | None) -> None:
    sent = exchange(200, "", ("Set-Cookie", line), ("Cache-Control", control), url=f"{WEB}/")
    assert holds(found(observed_cookies.SHARED, sent), wanted)


PASSWORD = "Aa1!a-long-password"
FORM = f'{{"email": "a@example.com", "password": "{PASSWORD}"}}'


@pytest.mark.parametrize(
    ("status", "location", "wanted"),
    [
        (303, f"/signin?password={PASSWORD}", "with the password"),
        (303, f"/tasks?s={VALUE}", "with a credential"),
        (307, "https://other.example/signin", "another origin"),
        (307, "/signin/", None),
        (302, "https://other.example/signin", None),
        (303, "/tasks", None),
    ],
)
def test_redirects(status: int, location: str, wanted: str | None) -> None:
    headers = [("Location", location), ("Set-Cookie", f"{COOKIE}={VALUE}")]
    sent = exchange(status, "", *headers, url=SIGN_IN, method="POST", said=FORM)
    assert holds(found(observed_redirects.REDIRECTS, sent), wanted)
    assert holds(found(observed_redirects.BODY_REDIRECTS, sent), "redirected with 307" if status == 307 else None)


def test_an_address_that_had_the_credential_already_may_be_kept() -> None:
    url = f"{WEB}/tasks?token={VALUE}"
    sent = exchange(308, "", ("Location", f"/tasks/?token={VALUE}"), url=url, sent=SENT_TOKEN)
    assert found(observed_redirects.REDIRECTS, sent) is None


# --- headers ---


@pytest.mark.parametrize(
    ("control", "token", "private"),
    [
        (None, "has no Cache-Control", "has no Cache-Control"),
        ("no-store", None, None),
        ("private, no-store", None, None),
        ("private=True, no-store=True", "private=True", "private=True"),
        ("no-cache", "no-cache", None),
        ("private", "private", None),
        ("max-age=60", "max-age=60", "max-age=60"),
    ],
)
def test_what_caches_may_store(control: str | None, token: str | None, private: str | None) -> None:
    headers = [("Cache-Control", control)] if control is not None else []
    url = f"{WEB}{AUTH}/token"
    issued = exchange(200, f'{{"token": "{VALUE}"}}', JSON, *headers, url=url, sent=SENT_COOKIE)
    listed = exchange(200, f'[{{"title": "{CANARY}"}}]', JSON, *headers, sent=SENT_TOKEN)
    assert holds(found(observed_headers.HANDED_OUT, issued), token)
    assert holds(found(observed_headers.PRIVATE, listed), private)


def test_what_is_nobody_s_may_be_stored() -> None:
    empty = exchange(200, "null", JSON, url=SESSION, sent=SENT_COOKIE)
    refused = exchange(401, message("no"), JSON, sent=SENT_TOKEN)
    anonymous = exchange(200, "<h1>", HTML, url=f"{WEB}/tasks")
    assert found(observed_headers.PRIVATE, empty, refused, anonymous) is None
    only_cookie = exchange(200, "{}", JSON, ("Set-Cookie", f"{COOKIE}=1"), url=SIGN_IN, method="POST", said=FORM)
    assert found(observed_headers.HANDED_OUT, only_cookie) is None


@pytest.mark.parametrize(
    ("body", "kind", "wanted"),
    [
        (f'[{{"title": "{CANARY}"}}]', "text/html", "labelled text/html"),
        (f'[{{"title": "{CANARY}"}}]', "application/json", None),
        (f'[{{"title": "{CANARY}"}}]', "application/vnd.api+json", None),
        ('{"ok": true}', "text/html", None),
        (f"<p>{CANARY}", "text/html", None),
        (f"[{CANARY}] is not JSON", "text/html", None),
    ],
)
def test_json_is_not_html(body: str, kind: str, wanted: str | None) -> None:
    assert holds(found(observed_headers.CONTENT_TYPES, exchange(200, body, ("Content-Type", kind))), wanted)


@pytest.mark.parametrize(
    ("headers", "sniffed", "framed"),
    [
        ([], True, True),
        ([("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY")], False, False),
        ([("X-Content-Type-Options", "NoSniff"), ("Content-Security-Policy", "frame-ancestors *")], False, True),
        ([("X-Content-Type-Options", "on"), ("X-Frame-Options", "ALLOW-FROM x")], True, True),
        ([("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "default-src x")], False, True),
    ],
)
def test_what_browsers_may_do_with_a_page(headers: list[tuple[str, str]], sniffed: bool, framed: bool) -> None:
    page = exchange(200, "<h1>", HTML, *headers, url=f"{WEB}/signin")
    assert (found(observed_headers.NOSNIFF, page) is not None) is sniffed
    assert (found(observed_headers.FRAMES, page) is not None) is framed
    assert found(observed_headers.FRAMES, exchange(200, "<h1>", HTML, url=f"{WEB}/")) is None


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (None, "no Strict-Transport-Security"),
        ("max-age=31536000; includeSubDomains", None),
        ("max-age=300", "max-age=300"),
        ("includeSubDomains", "includeSubDomains"),
    ],
)
def test_https_is_demanded_for_a_year(said: str | None, wanted: str | None) -> None:
    headers = [("Strict-Transport-Security", said)] if said is not None else []
    target = world_of(FakeClient(lambda _: pytest.fail("nothing is asked"))).target
    seen = Seen(exchange(200, "x", *headers, url="https://app.example/"), (), target)
    assert holds(next((one.came for one in observed_headers.HSTS.breaches([seen])), None), wanted)
    assert observed_headers.HSTS.absence(target) is not None


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ([("Cache-Control", "private, max-age=60")], "no Vary: Cookie"),
        ([("Cache-Control", "private, max-age=60"), ("Vary", "Accept, Cookie")], None),
        ([("Cache-Control", "private, max-age=60"), ("Vary", "*")], None),
        ([("Cache-Control", "no-store, max-age=60")], None),
        ([("Cache-Control", "max-age=0")], None),
        ([], None),
    ],
)
def test_what_depends_on_the_credential_varies(headers: list[tuple[str, str]], wanted: str | None) -> None:
    own = exchange(200, CANARY, *headers, url=SESSION, sent=SENT_COOKIE)
    plain = exchange(200, "null", *headers, url=SESSION)
    assert holds(found(observed_headers.VARY, own, plain), wanted)
    assert found(observed_headers.VARY, own) is None


@pytest.mark.parametrize(
    ("control", "vary", "wanted"),
    [
        ("max-age=60", None, "no Vary: Origin"),
        ("max-age=60", "origin", None),
        ("no-store", None, None),
        (None, None, None),
    ],
)
def test_what_depends_on_the_origin_varies(control: str | None, vary: str | None, wanted: str | None) -> None:
    headers = [(name, value) for name, value in (("Cache-Control", control), ("Vary", vary)) if value is not None]
    allowed = exchange(200, "{}", ("Access-Control-Allow-Origin", WEB), *headers, sent=[("Origin", WEB)])
    plain = exchange(200, "{}", *headers)
    assert holds(found(observed_headers.CORS_VARY, allowed, plain), wanted)
    assert found(observed_headers.CORS_VARY, allowed, allowed) is None


# --- pages ---


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$argon2id$v=19$m=65536,t=3,p=4$c29t$aGFzaA", "the hash"),
        ("$2b$12$" + "N9qo8uLOickgx2ZMRZoMye" + "IjZAgcfl7p92ldGxad68LJZdL17lhWy", "the hash"),
        ("pbkdf2_sha256$600000$salt$hash", "the hash"),
        ("scrypt:32768:8:1$salt$hash", "the hash"),
        ("a" * 32 + ":" + "b" * 128, "the hash"),
        (f"session={VALUE}", f'the cookie "{COOKIE}"'),
        ("a price of $2 and $argon", None),
        ("b" * 128, None),
    ],
)
def test_pages_hold_no_secret(text: str, wanted: str | None) -> None:
    page = exchange(200, f"<script>{text}</script>", HTML, url=f"{WEB}/tasks", sent=SENT_COOKIE)
    assert holds(found(observed_pages.PAGE_DATA, page), wanted)


def test_what_is_handed_out_may_stand_in_pages() -> None:
    page = exchange(200, f"<script>{VALUE}</script>", HTML, url=f"{WEB}/tasks", sent=SENT_COOKIE)
    assert found(observed_pages.PAGE_DATA, page, handed_out={VALUE}) is None
    short = exchange(200, "<p>yes", HTML, url=f"{WEB}/tasks", sent=[("Cookie", f"{COOKIE}=yes")])
    assert found(observed_pages.PAGE_DATA, short) is None
