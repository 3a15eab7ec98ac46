"""The jar stores and sends what a browser would (RFC 6265bis)."""

import time

import pytest

from harness.wire.cookies import CookieJar, bare_name, cookie_header, is_address, parse_set_cookie

WEB = "https://app.example.com/auth/sign-in"
PAST = "Thu, 01 Jan 1970 00:00:00 GMT"
FUTURE = "Fri, 31 Dec 2999 23:59:59 GMT"


def jar_with(*headers: str, url: str = WEB) -> CookieJar:
    jar = CookieJar()
    jar.store(list(headers), url)
    return jar


@pytest.mark.parametrize(
    ("header", "set_at", "asked", "sent"),
    [
        pytest.param("a=1; Path=/", WEB, "https://app.example.com/x", True, id="the same host"),
        pytest.param("a=1; Path=/", WEB, "https://api.example.com/x", False, id="host only"),
        pytest.param("a=1; Path=/", WEB, "https://sub.app.example.com/", False, id="host only, not below"),
        pytest.param("a=1; Path=/; Domain=example.com", WEB, "https://api.example.com/", True, id="domain"),
        pytest.param("a=1; Path=/; Domain=.Example.COM", WEB, "https://api.example.com/", True, id="dot and case"),
        pytest.param("a=1; Path=/; Domain=", WEB, "https://api.example.com/", False, id="empty domain is none"),
        pytest.param("a=1; Path=/; Domain=other.com", WEB, WEB, False, id="a foreign domain"),
        pytest.param("a=1; Path=/; Domain=ple.com", WEB, WEB, False, id="half a label"),
        pytest.param("a=1; Path=/; Domain=x.app.example.com", WEB, WEB, False, id="a domain below"),
        pytest.param(
            "a=1; Domain=0.0.1", "http://127.0.0.1/", "http://127.0.0.1/", False, id="part of an address"
        ),
        pytest.param("a=1; Domain=127.0.0.1", "http://127.0.0.1/", "http://127.0.0.1/", True, id="an address"),
        pytest.param("a=1", WEB, "https://app.example.com/auth/other", True, id="default path"),
        pytest.param("a=1", WEB, "https://app.example.com/auth", True, id="default path itself"),
        pytest.param("a=1", WEB, "https://app.example.com/", False, id="above the default path"),
        pytest.param("a=1; Path=/au", WEB, WEB, False, id="half a segment"),
        pytest.param("a=1; Path=auth", WEB, WEB, True, id="a path without slash is the default"),
        pytest.param("a=1; Path=/auth/", WEB, "https://app.example.com/auth/x", True, id="a path with slash"),
        pytest.param("a=1; Path=/auth/", WEB, "https://app.example.com/auth", False, id="not without it"),
        pytest.param("a=1; Path=/; Secure", WEB, "http://app.example.com/", False, id="secure over http"),
        pytest.param("a=1; Path=/; Secure", "http://app.example.com/", WEB, False, id="secure set over http"),
        pytest.param("a=1; Secure", "http://localhost:1/", "http://localhost:1/", True, id="localhost"),
        pytest.param("a=1; Secure", "http://127.0.0.1:1/", "http://127.0.0.1:1/", True, id="loopback"),
        pytest.param("a=1; Secure", "http://[::1]:1/", "http://[::1]:1/", True, id="loopback of IPv6"),
        pytest.param("a=1; Secure", "http://app.localhost/", "http://app.localhost/", True, id="below localhost"),
        pytest.param("a=1; Path=/", "https://app.example.com:1/", "https://app.example.com:2/", True, id="ports"),
        pytest.param("__Host-a=1; Path=/; Secure", WEB, WEB, True, id="__Host-"),
        pytest.param("__Host-a=1; Path=/", WEB, WEB, False, id="__Host- not secure"),
        pytest.param("__Host-a=1; Path=/auth; Secure", WEB, WEB, False, id="__Host- with a path"),
        pytest.param("__Host-a=1; Secure", WEB, WEB, False, id="__Host- without a path"),
        pytest.param("__Host-a=1; Path=/; Secure; Domain=app.example.com", WEB, WEB, False, id="__Host-, domain"),
        pytest.param("__secure-a=1; Path=/", WEB, WEB, False, id="__Secure- in small letters, not secure"),
        pytest.param("__Secure-a=1; Path=/; Secure", WEB, WEB, True, id="__Secure-"),
        pytest.param("no equals sign", WEB, WEB, False, id="no name"),
    ],
)
def test_where_a_cookie_is_sent(header: str, set_at: str, asked: str, sent: bool) -> None:
    assert bool(jar_with(header, url=set_at).cookies_for(asked)) is sent


@pytest.mark.parametrize(
    ("attributes", "lifetime"),
    [
        ("", None),
        ("Max-Age=60", 60.0),
        (f"Max-Age=60; Expires={PAST}", 60.0),
        (f"Max-Age=0; Expires={FUTURE}", 0.0),
        ("Max-Age=-1", -1.0),
        ("Max-Age=soon", None),
        ("Max-Age=6_0", None),
        (f"Max-Age=soon; Expires={PAST}", -1_000_000.0),
        (f"Expires={PAST}", -1_000_000.0),
        ("Expires=tomorrow", None),
        ("Expires=Thu, 99999999999999999999 Jan 2020 00:00:00 GMT", None),
        ("Max-Age=10; Max-Age=20", 20.0),
    ],
)
def test_how_long_a_cookie_lives(attributes: str, lifetime: float | None) -> None:
    cookie = parse_set_cookie(f"a=1; {attributes}")
    assert cookie is not None
    assert cookie.lifetime(now=1_000_000.0) == lifetime


@pytest.mark.parametrize("end", ["Max-Age=0", "Max-Age=-5", f"Expires={PAST}", f"Max-Age=0; Expires={FUTURE}"])
def test_a_dead_cookie_takes_its_namesake_away(end: str) -> None:
    jar = jar_with("a=1; Path=/", "b=2; Path=/")
    jar.store([f"a=; Path=/; {end}"], WEB)
    assert jar.cookies_for(WEB) == {"b": "2"}


@pytest.mark.parametrize("other", ["Path=/auth", "Path=/; Domain=app.example.com"])
def test_a_deletion_for_another_path_or_domain_leaves_the_cookie(other: str) -> None:
    """A sign-out that deletes with other attributes than it set with signs nobody out."""
    jar = jar_with("a=1; Path=/")
    jar.store([f"a=; {other}; Max-Age=0"], WEB)
    assert jar.cookies_for(WEB) == {"a": "1"}


def test_a_cookie_that_has_expired_meanwhile_is_neither_sent_nor_found(monkeypatch: pytest.MonkeyPatch) -> None:
    jar = jar_with("a=1; Path=/; Max-Age=60")
    now = time.time()
    assert jar.find("a", WEB) is not None
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert jar.cookies_for(WEB) == {}
    assert jar.find("a", WEB) is None
    assert jar.alive == []


def test_longer_paths_come_first_and_then_the_older() -> None:
    jar = jar_with("wide=1; Path=/", "second=2; Path=/auth", "third=3; Path=/auth")
    jar.store(["wide=new; Path=/", "second=changed; Path=/auth"], WEB)
    assert cookie_header(jar.cookies_for(WEB)) == "second=changed; third=3; wide=new"


def test_of_two_with_one_name_the_first_counts() -> None:
    jar = jar_with("a=wide; Path=/", "a=narrow; Path=/auth")
    assert jar.cookies_for(WEB) == {"a": "narrow"}
    assert jar.cookies_for("https://app.example.com/") == {"a": "wide"}


def test_a_cookie_is_found_by_its_bare_name() -> None:
    jar = jar_with("__Secure-sid=1; Path=/; Secure; HttpOnly; SameSite=Lax")
    found = jar.find("sid", WEB)
    assert found is not None
    assert (found.name, found.cookie.secure, found.cookie.same_site) == ("__Secure-sid", True, "lax")
    assert jar.named("sid", WEB) is None
    assert jar.named("__Secure-sid", WEB) == found.cookie


@pytest.mark.parametrize(
    ("planted", "own", "asked", "found"),
    [
        ("sid=planted; Path=/", "sid=own; Path=/app", "/app/session", "own"),
        ("sid=planted; Path=/", "sid=own; Path=/app", "/", "planted"),
        ("sid=planted; Path=/app/other", "sid=own; Path=/app", "/app/session", "own"),
        ("sid=planted; Path=/; Domain=other.example.com", "sid=own; Path=/; Domain=example.com", "/", "own"),
        ("sid=planted; Path=/; Domain=example.com", "sid=own; Path=/; Domain=example.com", "/", "own"),
    ],
    ids=["the longer path", "elsewhere", "another path", "another domain", "in its place"],
)
def test_a_cookie_is_found_as_it_is_sent(planted: str, own: str, asked: str, found: str) -> None:
    """What a browser sends to an address counts, not which came first."""
    jar = jar_with(planted, own, url="https://app.example.com/app/sign-in")
    kept = jar.find("sid", f"https://app.example.com{asked}")
    assert kept is not None
    assert kept.value == found
    assert jar.named("sid", f"https://app.example.com{asked}") == kept.cookie


def test_a_cookie_with_another_value_stands_in_the_place_of_the_first() -> None:
    jar = jar_with("sid=own; Path=/app; Domain=example.com; Max-Age=60", url="https://app.example.com/app/x")
    (own,) = jar.alive
    jar.keep(own.with_value("planted"))
    (planted,) = jar.alive
    assert (planted.value, planted.path, planted.host, planted.host_only) == (
        "planted",
        "/app",
        "example.com",
        False,
    )
    assert planted.expires is None
    jar.store(["sid=new; Path=/app; Domain=example.com"], "https://app.example.com/app/x")
    assert [kept.value for kept in jar.alive] == ["new"]


@pytest.mark.parametrize(("host", "is_one"), [("127.0.0.1", True), ("::1", True), ("localhost", False)])
def test_an_address_is_told_from_a_name(host: str, is_one: bool) -> None:
    assert is_address(host) is is_one


@pytest.mark.parametrize(
    ("name", "bare"),
    [("__Host-sid", "sid"), ("__Secure-sid", "sid"), ("sid", "sid"), ("__Other-sid", "__Other-sid")],
)
def test_a_bare_name(name: str, bare: str) -> None:
    assert bare_name(name) == bare


def test_a_value_keeps_its_equals_signs() -> None:
    cookie = parse_set_cookie(" a = b=c== ; Path = / ")
    assert cookie is not None
    assert (cookie.name, cookie.value, cookie.path) == ("a", "b=c==", "/")


def test_a_value_in_quotes_is_sent_back_as_it_came() -> None:
    jar = CookieJar()
    jar.store(['sid="abc.def"; Path=/'], "https://shop.example/")
    assert jar.cookies_for("https://shop.example/") == {"sid": '"abc.def"'}
    assert cookie_header(jar.cookies_for("https://shop.example/")) == 'sid="abc.def"'


def test_it_is_known_why_a_cookie_is_not_sent_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    here, jar = "https://shop.example/me", CookieJar()
    assert jar.absence("sid", here) is None
    jar.store(["__Host-sid=1; Path=/; Secure; Max-Age=6"], here)
    jar.store(["other=1; Path=/elsewhere"], here)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 9)
    assert jar.absence("sid", here) == "its time was over 3 s ago (Max-Age=6)"
    assert jar.absence("other", here) == f"it is kept for shop.example/elsewhere and not for {here}"
    jar.store(["__Host-sid=2; Path=/; Secure"], here)
    jar.store(["__Host-sid=; Path=/; Secure; Max-Age=0"], "https://shop.example/bye")
    assert jar.absence("sid", here) == "the answer to https://shop.example/bye deleted it"
    jar.store(["gone=; Path=/; Max-Age=0"], here)
    assert jar.absence("gone", here) is None, "it never was there"
    jar.clear()
    assert jar.absence("sid", here) is None


def test_a_frozen_copy_keeps_what_has_ended_since(monkeypatch: pytest.MonkeyPatch) -> None:
    jar, now = CookieJar(), time.time()
    jar.store(["sid=1; Path=/; Max-Age=60", "gone=1; Max-Age=0"], "https://example.com/")
    copy = jar.frozen()
    jar.store(["sid=2; Path=/"], "https://example.com/")
    monkeypatch.setattr(time, "time", lambda: now + 3600)
    assert copy.cookies_for("https://example.com/") == {"sid": "1"}
    assert jar.cookies_for("https://example.com/") == {"sid": "2"}


def test_clear_forgets_everything() -> None:
    jar = jar_with("a=1; Path=/")
    jar.clear()
    assert jar.cookies_for(WEB) == {}
