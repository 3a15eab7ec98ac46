"""A page whose origin resembles the own one is another site's, and so is one whose body has an unusual type."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.core.findings import HarnessError, NotTested, Unmet
from harness.flows.common import control_place
from harness.flows.cors import ask_across_lookalikes, must_not_be_readable
from harness.flows.cross_site import control_action, must_be_stopped
from harness.flows.foreign_page import EVIL
from harness.flows.lookalike_sites import SITES, from_lookalike_pages, with_spelled_types
from harness.scenario.world import World
from tests.support.fake_backend import AUTH
from tests.support.fake_client import WEB, Answer, FakeClient, Sent
from tests.unit.flows.test_cross_site import GuardedBackend

RENAME, SIGN_OUT = "change her name", "sign her out"
PLACE = "session endpoint"


@pytest.fixture
def backend() -> GuardedBackend:
    return GuardedBackend()


def trusting(backend: GuardedBackend, fits: Callable[[Sent], bool]) -> None:
    """Take what fits for a request of the own page's."""
    proper = backend.__class__.__call__

    class Trusting(backend.__class__):  # type: ignore[name-defined,misc]
        def __call__(self, sent: Sent) -> Answer:
            self.guarded = not fits(sent)
            return proper(self, sent)

    backend.__class__ = Trusting


def of_origin(origin: str) -> Callable[[Sent], bool]:
    return lambda sent: sent.header("origin") == origin


# --- the sites ---


@pytest.mark.parametrize(
    ("own", "origins"),
    [
        (
            "https://app.example.com",
            [
                "null",
                "https://app.example.com.evil.invalid",
                "https://evilapp.example.com",
                "https://appxexamplexcom",
                "https://app.example.com:444",
                "http://app.example.com",
                "",
            ],
        ),
        (
            "http://127.0.0.1:3000",
            [
                "null",
                "http://127.0.0.1.evil.invalid:3000",
                "http://evil127.0.0.1:3000",
                "http://127x0x0x1:3000",
                "http://127.0.0.1:30004",
                "https://127.0.0.1:3000",
                "",
            ],
        ),
        (
            "http://localhost:8443",
            [
                "null",
                "http://localhost.evil.invalid:8443",
                "http://evillocalhost:8443",
                None,
                "http://localhost:8444",
                "https://localhost:8443",
                "",
            ],
        ),
    ],
)
def test_each_site_is_named_by_the_own_origin(own: str, origins: list[str | None]) -> None:
    sites = [SITES[name](own) for name in SITES]
    assert [site.origin if site is not None else None for site in sites] == origins


def test_another_port_is_the_same_site_and_a_browser_without_an_origin_has_no_metadata() -> None:
    port, bare = SITES["another port of the own host"](WEB), SITES["none, with a Referer of another site"](WEB)
    assert port is not None
    assert bare is not None
    assert dict(port.script())["Sec-Fetch-Site"] == "same-site"
    assert bare.script() == (("Referer", f"{EVIL}/x"),)


# --- what their pages do ---


@pytest.mark.parametrize("action", [RENAME, SIGN_OUT])
def test_a_guard_that_compares_the_whole_origin_stops_all(world: World, client: FakeClient, action: str) -> None:
    control_action(world, "Ann", action)
    before = len(client.sent)
    from_lookalike_pages(world, "Ann", action, [*SITES][:-1])
    tried = {sent.header("origin") for sent in client.sent[before:] if sent.method == "POST"}
    assert tried >= {"null", EVIL, "http://evil127.0.0.1:3000"}
    must_be_stopped(world, same_site_counts=False)


@pytest.mark.parametrize(
    ("action", "effect"), [(RENAME, "her name was changed"), (SIGN_OUT, "she was signed out")]
)
@pytest.mark.parametrize("site", [name for name in SITES if name != "none, with a Referer of another site"])
def test_the_page_that_is_trusted_is_the_one_that_is_named(
    world: World, backend: GuardedBackend, action: str, effect: str, site: str
) -> None:
    trusted = SITES[site](WEB)
    assert trusted is not None
    trusting(backend, of_origin(trusted.origin))
    control_action(world, "Ann", action)
    from_lookalike_pages(world, "Ann", action, [*SITES])
    with pytest.raises(Unmet, match=f"page of the origin {trusted.origin} to {action} .* is refused; .*{effect}"):
        must_be_stopped(world, same_site_counts=False)


def test_a_browser_that_sends_a_referer_alone_is_refused(world: World, client: FakeClient) -> None:
    control_action(world, "Ann", RENAME)
    from_lookalike_pages(world, "Ann", RENAME, ["none, with a Referer of another site"])
    sent = [one for one in client.sent if one.header("referer") == f"{EVIL}/x" and one.method == "POST"]
    assert [one.header("origin") for one in sent] == [None] * len(sent)
    with pytest.raises(Unmet, match=f"no Origin, but the Referer {EVIL}/x, to change her name .*name was changed"):
        must_be_stopped(world, same_site_counts=False)


def test_where_any_other_site_can_nothing_more_is_to_be_learnt(world: World, backend: GuardedBackend) -> None:
    control_action(world, "Ann", RENAME)
    backend.guarded = False
    with pytest.raises(NotTested, match=f"any other site can {RENAME}: her name was changed"):
        from_lookalike_pages(world, "Ann", RENAME, ["null"])
    with pytest.raises(NotTested, match=f"any other site can {RENAME}"):
        with_spelled_types(world, "Ann", RENAME)


def test_without_a_control_they_show_nothing(world: World) -> None:
    from_lookalike_pages(world, "Ann", RENAME, ["null"])
    with pytest.raises(HarnessError, match="judged without a control"):
        must_be_stopped(world, same_site_counts=False)


@pytest.mark.parametrize("kind", ["Text/Plain", "text/plain;x=1", "absent"])
def test_a_body_of_an_unusual_type_is_found_out(world: World, backend: GuardedBackend, kind: str) -> None:
    sent_as = None if kind == "absent" else kind
    trusting(
        backend,
        lambda sent: (
            sent.header("content-type") == sent_as and bool(sent.body) and sent.path == f"{AUTH}/update-user"
        ),
    )
    control_action(world, "Ann", RENAME)
    with_spelled_types(world, "Ann", RENAME)
    with pytest.raises(Unmet, match=f"to {RENAME} with a body of type {kind} is refused; .*her name was changed"):
        must_be_stopped(world, same_site_counts=False)


def test_a_guard_for_bodies_of_all_types_is_right(world: World) -> None:
    control_action(world, "Ann", RENAME)
    with_spelled_types(world, "Ann", RENAME)
    assert len(world.judge.attempts) == 3
    must_be_stopped(world, same_site_counts=False)


# --- what their scripts read ---


def allowing(client: FakeClient, *origins: str) -> None:
    """Let scripts of these origins read everything."""
    proper = client.server

    def server(sent: Sent) -> Answer:
        answer, origin = proper(sent), sent.header("origin")
        allowed = [("Access-Control-Allow-Origin", str(origin)), ("Access-Control-Allow-Credentials", "true")]
        more = allowed if origin in origins else []
        return Answer(answer.status, answer.body, [*answer.headers, *more])

    client.server = server


def test_a_look_alike_that_may_read_is_found_out(world: World, client: FakeClient) -> None:
    control_place(world, "Ann", PLACE)
    allowing(client, "http://evil127.0.0.1:3000")
    ask_across_lookalikes(world, "Ann", PLACE, [*SITES][:4])
    with pytest.raises(
        Unmet, match=r"that http://evil127\.0\.0\.1:3000 is not allowed to read .*credentials are allowed"
    ):
        must_not_be_readable(world, with_credentials=True)


def test_where_none_may_read_all_is_well(world: World, client: FakeClient) -> None:
    control_place(world, "Ann", PLACE)
    allowing(client, WEB)
    ask_across_lookalikes(world, "Ann", PLACE, [*SITES][:4])
    must_not_be_readable(world, with_credentials=True)


def test_where_every_site_may_read_that_is_another_finding(world: World, client: FakeClient) -> None:
    control_place(world, "Ann", PLACE)
    allowing(client, EVIL)
    with pytest.raises(NotTested, match="any other site may read the session endpoint"):
        ask_across_lookalikes(world, "Ann", PLACE, ["null"])
