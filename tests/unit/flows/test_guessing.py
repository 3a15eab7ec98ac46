"""Limits on guessing: that there is one, that it ends, and that no way leads round it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from harness.core.exchange import Exchange
from harness.core.findings import NotApplicable, NotTested, Unmet
from harness.deployment.accounts import SIGN_IN as SIGNS_IN
from harness.flows import guesses
from harness.flows.guesses import Guessed, declared_limit, shows_limit, use_up
from harness.flows.guessing import (
    guess_once_more,
    let_limit_end,
    must_be_limited,
    must_hold_against_bursts,
    must_name_wait,
    must_sign_in_again,
    try_at_once,
    try_beyond_limit,
)
from harness.flows.limit_bypasses import (
    ADDRESSES,
    HEADERS,
    IDENTIFIERS,
    go_on,
    must_not_have_gone_on,
    use_up_guesses,
)
from harness.scenario.world import World
from tests.support.fake_backend import FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import SIGN_IN, answered, world_of

SLOW_DOWN = Answer(429, {"message": "Too many requests"}, [("Retry-After", "10")])
LIMIT = 5
DECLARED = f'[rate_limit]\nmax_attempts = {LIMIT}\nwindow = 10\nkeyed_by = "account and client"\n'
EVERY_WAY = [*HEADERS, *ADDRESSES, *IDENTIFIERS]


@dataclass
class Limiter:
    """A limit before the fake's own sign-in: so many wrong passwords for each key."""

    backend: FakeBackend
    limit: int = LIMIT
    refused: Answer = SLOW_DOWN
    key: Callable[[Sent], object] = lambda sent: sent.fields["email"].strip().lower()
    failed: Counter[object] = field(default_factory=Counter)
    resets: bool = False

    def __post_init__(self) -> None:
        self.proper = self.backend.routes[SIGN_IN]
        self.backend.routes[SIGN_IN] = self

    def __call__(self, sent: Sent) -> Answer:
        """The answer to a sign-in."""
        sent = replace(sent, body=sent.body.replace(b'" ', b'"').replace(b' "', b'"'))
        key = self.key(sent)
        if self.failed[key] >= self.limit:
            return self.refused
        answer = self.proper(sent)
        self.failed[key] += answer.status != 200
        if answer.status == 200 and self.resets:
            self.failed[key] = 0
        return answer


@pytest.fixture
def limited(client: FakeClient) -> World:
    """Nobody is there yet; the profile declares a limit."""
    return world_of(client, DECLARED)


def play_one_by_one(world: World) -> None:
    world.introduce(world.cast.throwaway("Zoe"))
    world.judge.control(SIGNS_IN, world.accounts.signs_in(world.person("Zoe")))
    try_beyond_limit(world, "Zoe", 5)
    must_be_limited(world, "Zoe")


def play_ways(world: World, ways: list[str]) -> None:
    use_up_guesses(world, "Zoe")
    go_on(world, ways)
    must_not_have_gone_on(world, "Zoe")


# --- that there is one ---


@pytest.mark.parametrize(
    "refused",
    [
        SLOW_DOWN,
        Answer(403, {"message": "Locked"}),
        Answer(423),
        Answer(400, {"message": "Solve the captcha"}),
        Answer(401, {"message": "Too many attempts, try again later"}),
        Answer(401, {"message": "Invalid email or password"}),
    ],
)
def test_a_limit_in_any_words_is_one(limited: World, backend: FakeBackend, refused: Answer) -> None:
    Limiter(backend, refused=refused)
    play_one_by_one(limited)


def test_no_limit_is_found_out(limited: World) -> None:
    said = "limited after 5 wrong ones, .*; 10 wrong passwords in a row were each answered 401 .*signs in at once"
    with pytest.raises(Unmet, match=said):
        play_one_by_one(limited)


def test_a_limit_that_is_higher_than_declared_is_none(limited: World, backend: FakeBackend) -> None:
    Limiter(backend, limit=11)
    with pytest.raises(Unmet, match="10 wrong passwords in a row"):
        play_one_by_one(limited)


def test_a_limit_on_wrong_passwords_alone_is_none(limited: World, backend: FakeBackend) -> None:
    limiter = Limiter(backend)

    def sign_in(sent: Sent) -> Answer:
        answer = limiter.proper(sent)
        return answer if answer.status == 200 else limiter(sent)

    backend.routes[SIGN_IN] = sign_in
    with pytest.raises(
        Unmet, match=r"while wrong ones are answered 429 .*the right one signs in \(200\), so that"
    ):
        play_one_by_one(limited)


def test_a_place_that_becomes_free_once_is_no_hole(limited: World, backend: FakeBackend) -> None:
    limiter = Limiter(backend)
    free = [SLOW_DOWN, None]

    def sign_in(sent: Sent) -> Answer:
        if limiter.failed[limiter.key(sent)] >= LIMIT and free and free.pop(0) is None:
            return limiter.proper(sent)
        return limiter(sent)

    backend.routes[SIGN_IN] = sign_in
    play_one_by_one(limited)
    assert free == []


def test_slow_answers_are_a_limit_and_one_late_answer_is_none(limited: World) -> None:
    guessed = Guessed(limited.cast.throwaway("Zoe"))
    guessed.wrong = [replace(answered(401), elapsed=seconds) for seconds in (0.1, 0.1, 9.0, 0.1)]
    assert not guessed.is_delayed
    guessed.wrong += [replace(answered(401), elapsed=1.5)] * 2
    assert guessed.is_delayed


@pytest.mark.parametrize(
    ("ordinary", "answer", "shows"),
    [
        (answered(401), answered(429), True),
        (answered(401), answered(401), False),
        (answered(401), answered(500), False),
        (answered(401), answered(200), False),
        (answered(401, "2 attempts left"), answered(401, "1 attempts left"), False),
        (answered(403), answered(403), False),
        (answered(401), answered(503, "", ("Retry-After", "5")), True),
        (answered(302), answered(401), True),
        (answered(200, "wrong"), answered(200, "too many attempts"), True),
    ],
)
def test_what_shows_a_limit(limited: World, ordinary: Exchange, answer: Exchange, *, shows: bool) -> None:
    assert shows_limit(limited, ordinary, answer) is shows


# --- what is not tried ---


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        ('window = 900\nkeyed_by = "client"', "each client is limited, for 900 s .*shut the suite out"),
        ('window = 10\nlock_seconds = 61\nkeyed_by = "client"', "for 61 s"),
        ("window = 10\nmax_attempts = 26", "a limit of 26 wrong passwords .*not reached with the 30"),
        ("window = 10\nmax_attempts = 9\nseveral_instances = true", "a limit of 27 wrong passwords"),
    ],
)
def test_no_limit_is_reached_that_shuts_the_suite_out(client: FakeClient, declared: str, why: str) -> None:
    with pytest.raises(NotTested, match=why):
        declared_limit(world_of(client, f"[rate_limit]\n{declared}\n"))


def test_a_short_limit_on_clients_is_reached(client: FakeClient) -> None:
    world = world_of(client, '[rate_limit]\nmax_attempts = 25\nwindow = 60\nkeyed_by = "client"\n')
    assert declared_limit(world).max_attempts == 25
    with pytest.raises(NotTested, match="declares no limit"):
        declared_limit(world_of(client, "rate_limit = false\n"))


def test_where_no_limit_is_reached_no_way_round_it_is_judged(limited: World) -> None:
    with pytest.raises(
        NotTested, match=r"after 10 wrong passwords the right one signs in.*guessing-is-rate-limited"
    ):
        use_up_guesses(limited, "Zoe")


def test_an_account_that_can_t_sign_in_is_no_control(limited: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_IN] = lambda _: Answer(401, {"message": "Invalid"})
    with pytest.raises(NotTested, match="Zoe's own password signs in"):
        use_up_guesses(limited, "Zoe")


# --- ways round it ---


@pytest.mark.parametrize("ways", [[*HEADERS], [*ADDRESSES], [*IDENTIFIERS]])
@pytest.mark.parametrize("resets", [False, True])
def test_a_limit_that_nothing_leads_round_is_fine(
    limited: World, backend: FakeBackend, ways: list[str], *, resets: bool
) -> None:
    Limiter(backend, resets=resets)
    play_ways(limited, ways)


ROUND: dict[str, Callable[[Sent], bool]] = {
    "with X-Forwarded-For: 203.0.113.7": lambda sent: sent.header("x-forwarded-for") == "203.0.113.7",
    "with X-Forwarded-For: 2001:db8::7": lambda sent: sent.header("x-forwarded-for") == "2001:db8::7",
    "with X-Real-IP: 203.0.113.7": lambda sent: sent.header("x-real-ip") is not None,
    "with Forwarded: for=203.0.113.7": lambda sent: sent.header("forwarded") is not None,
    "with True-Client-IP: 203.0.113.7": lambda sent: sent.header("true-client-ip") is not None,
    "with CF-Connecting-IP: 203.0.113.7": lambda sent: sent.header("cf-connecting-ip") is not None,
    "with X-Client-IP: 203.0.113.7": lambda sent: sent.header("x-client-ip") is not None,
    "at the address with a double slash": lambda sent: sent.path.startswith("//"),
    "at the address with a slash at its end": lambda sent: sent.path.endswith("/"),
    "at the address in upper case": lambda sent: sent.path.startswith("/API/auth"),
    "at the address in other case": lambda sent: sent.path.isupper(),
    "at the address with an encoded letter": lambda sent: "%" in sent.path,
    "at the address with a query": lambda sent: bool(sent.query),
    "for the account in upper case": lambda sent: sent.fields["email"].isupper(),
    "for the account with its first letter in other case": lambda sent: (
        sent.fields["email"][:1].isupper() and not sent.fields["email"].isupper()
    ),
    "for the account with a space before it": lambda sent: b'" ' in sent.body,
    "for the account with a space after it": lambda sent: sent.fields["email"].endswith(" "),
}


@pytest.mark.parametrize("resets", [False, True])
@pytest.mark.parametrize("way", EVERY_WAY)
def test_each_way_round_a_limit_is_found_out(
    limited: World, backend: FakeBackend, client: FakeClient, way: str, *, resets: bool
) -> None:
    limiter, leads = Limiter(backend, resets=resets), ROUND[way]

    def sign_in(sent: Sent) -> Answer:
        if not (sent.path.lower().endswith(("sign-in/email", "sign-in/email/")) and leads(sent)):
            return backend(sent)
        key = limiter.key(sent)
        if resets:
            limiter.failed[key] = 0
        return limiter.proper(replace(sent, body=sent.body.replace(b'" ', b'"').replace(b' "', b'"')))

    client.server = sign_in
    group = next([*words] for words in (HEADERS, ADDRESSES, IDENTIFIERS) if way in words)
    with pytest.raises(Unmet, match=f"once the limit on guessing is reached; .*signs in {way}$"):
        play_ways(limited, group)


def test_a_place_that_becomes_free_at_that_moment_is_no_way_round(limited: World, backend: FakeBackend) -> None:
    limiter = Limiter(backend)
    use_up_guesses(limited, "Zoe")
    guessed = limited.recall(Guessed)
    asked = 0

    def sign_in(sent: Sent) -> Answer:
        nonlocal asked
        asked += 1
        if asked == 2:
            limiter.failed[guessed.person.email] -= 1
        return limiter(sent)

    backend.routes[SIGN_IN] = sign_in
    go_on(limited, [*HEADERS])
    must_not_have_gone_on(limited, "Zoe")
    assert asked > 2


def test_one_account_serves_every_scenario(limited: World, backend: FakeBackend) -> None:
    Limiter(backend)
    for ways in (HEADERS, ADDRESSES, IDENTIFIERS):
        play_ways(limited, [*ways])
    assert len(backend.accounts) == 1
    assert limited.recall(Guessed).tried == LIMIT + 1


@pytest.mark.parametrize(
    ("declared", "ways", "why"),
    [
        ("ignores_client_headers = false", HEADERS, "headers of the client's own address count for nothing"),
        ('keyed_by = "client"', IDENTIFIERS, "one on clients"),
    ],
)
def test_a_way_that_is_declared_leads_nowhere(
    client: FakeClient, backend: FakeBackend, declared: str, ways: list[str], why: str
) -> None:
    kept = DECLARED if "keyed_by" not in declared else DECLARED.replace('keyed_by = "account and client"\n', "")
    Limiter(backend)
    with pytest.raises(NotApplicable, match=why):
        play_ways(world_of(client, f"{kept}{declared}\n"), [*ways])


def test_a_limit_on_accounts_is_judged_with_every_header(client: FakeClient, backend: FakeBackend) -> None:
    declared = DECLARED.replace("account and client", "account")
    Limiter(backend)
    play_ways(world_of(client, f"{declared}ignores_client_headers = false\n"), [*HEADERS])


def test_a_deployment_of_one_spelling_has_nothing_to_judge(limited: World, backend: FakeBackend) -> None:
    limiter = Limiter(backend)
    proper = limiter.proper
    limiter.proper = lambda sent: (
        proper(sent) if sent.fields["email"] in backend.accounts else Answer(401, {"message": "Invalid"})
    )
    backend.routes[SIGN_IN] = lambda sent: (
        Answer(401, {"message": "Invalid"}) if " " in sent.fields["email"] else limiter(sent)
    )
    with pytest.raises(NotApplicable, match="No other spelling"):
        play_ways(limited, [*IDENTIFIERS])


def test_a_limit_that_only_delays_shows_no_way_round(
    limited: World, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Guessed, "is_delayed", property(lambda guessed: len(guessed.wrong) >= LIMIT))
    assert backend.routes
    with pytest.raises(NotTested, match="the limit delays and refuses nothing"):
        use_up_guesses(limited, "Zoe")


# --- several instances ---


def test_instances_that_count_each_for_themselves_are_all_used_up(
    client: FakeClient, backend: FakeBackend
) -> None:
    turn = 0

    def key(sent: Sent) -> object:
        nonlocal turn
        turn += 1
        return turn % 3, sent.fields["email"].strip().lower()

    Limiter(backend, key=key)
    world = world_of(client, f"{DECLARED}several_instances = true\nignores_client_headers = true\n")
    play_one_by_one(world)
    for ways in (HEADERS, ADDRESSES, IDENTIFIERS):
        play_ways(world, [*ways])


# --- bursts ---


def play_burst(world: World) -> None:
    world.introduce(world.cast.throwaway("Zoe"))
    world.judge.control(SIGNS_IN, world.accounts.signs_in(world.person("Zoe")))
    try_at_once(world, "Zoe")
    must_hold_against_bursts(world, "Zoe")


def test_a_limit_that_counts_under_way_is_fine(limited: World, backend: FakeBackend) -> None:
    Limiter(backend)
    play_burst(limited)
    assert limited.notes == ["25 wrong passwords at the same moment, once: 4 were verified"]


def test_a_burst_that_gets_through_is_found_out(limited: World, backend: FakeBackend) -> None:
    Limiter(backend, limit=9)
    said = "of 25 wrong passwords for Zoe at the same moment no more than 7 .*limit of 5; 8 were answered as any"
    with pytest.raises(Unmet, match=said):
        play_burst(limited)


def test_several_instances_let_three_times_as_many_through(client: FakeClient, backend: FakeBackend) -> None:
    limiter = Limiter(backend, limit=18)
    play_burst(world_of(client, f"{DECLARED}several_instances = true\n"))
    limiter.limit = 19
    with pytest.raises(Unmet, match="no more than 17"):
        play_burst(world_of(client, f"{DECLARED}several_instances = true\n"))


def test_a_lock_that_shows_nothing_hides_what_was_verified(limited: World, backend: FakeBackend) -> None:
    Limiter(backend, refused=Answer(401, {"message": "Invalid email or password"}))
    with pytest.raises(NotTested, match="a locked account is answered as a wrong password"):
        play_burst(limited)


def test_a_burst_that_is_not_answered_or_too_small_shows_nothing(
    client: FakeClient, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guesses, "MOST", 40)
    assert backend.routes
    with pytest.raises(NotTested, match="30 wrong passwords at the same moment can't pass a limit of 32"):
        play_burst(world_of(client, DECLARED.replace("= 5", "= 30")))
    world = world_of(client, DECLARED)
    together = client.send_together
    monkeypatch.setattr(client, "send_together", lambda requests: together(requests)[:3])
    with pytest.raises(NotTested, match="of 25 wrong passwords at the same moment only 3 were answered"):
        play_burst(world)


# --- its end ---


def test_a_limit_ends_as_declared(limited: World, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    limiter, waits = Limiter(backend), list[str]()

    def wait_out(_: float, what: str) -> None:
        waits.append(what)
        limiter.failed.clear()

    monkeypatch.setattr(limited.expiry, "wait_out", wait_out)
    use_up_guesses(limited, "Zoe")
    let_limit_end(limited, "Zoe")
    must_sign_in_again(limited, "Zoe")
    assert waits == ["the limit on guessing Zoe's password (rate_limit.window = 10)"]
    assert limited.notes == ["waited for the declared 10 s"]


def test_a_lock_without_end_is_found_out(
    client: FakeClient, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, waits = world_of(client, f"{DECLARED}lock_seconds = 12\n"), list[str]()
    Limiter(backend)
    monkeypatch.setattr(world.expiry, "wait_out", lambda _, what: waits.append(what))
    use_up_guesses(world, "Zoe")
    let_limit_end(world, "Zoe")
    with pytest.raises(Unmet, match=r"signs in again 12 s after the last attempt, .*429 .*locks the owner out"):
        must_sign_in_again(world, "Zoe")
    assert waits == ["the limit on guessing Zoe's password (rate_limit.lock_seconds = 12)"]


# --- the wait ---


@pytest.mark.parametrize(
    "header",
    [
        ("Retry-After", "10"),
        ("Retry-After", "Wed, 21 Oct 2099 07:28:00 GMT"),
        ("X-Retry-After", "10"),
        ("RateLimit", '"default";r=0;t=10'),
        ("X-RateLimit-Reset", "10"),
    ],
)
def test_a_wait_may_be_named_in_several_headers(
    limited: World, backend: FakeBackend, header: tuple[str, str]
) -> None:
    Limiter(backend, refused=Answer(429, {"message": "Too many requests"}, [header]))
    use_up_guesses(limited, "Zoe")
    guess_once_more(limited)
    must_name_wait(limited, "Zoe")


def test_a_429_without_a_wait_is_found_out(limited: World, backend: FakeBackend) -> None:
    Limiter(backend, refused=Answer(429, {"message": "Too many requests"}))
    use_up_guesses(limited, "Zoe")
    guess_once_more(limited)
    with pytest.raises(Unmet, match=r"429 to a sign-in as Zoe says how long to wait.*without Retry-After"):
        must_name_wait(limited, "Zoe")


def test_a_lock_is_no_429(limited: World, backend: FakeBackend) -> None:
    Limiter(backend, refused=Answer(423, {"message": "Locked"}))
    use_up_guesses(limited, "Zoe")
    guess_once_more(limited)
    with pytest.raises(NotApplicable, match="answered 423, and not 429"):
        must_name_wait(limited, "Zoe")


def test_a_limit_that_has_ended_meanwhile_is_reached_again(limited: World, backend: FakeBackend) -> None:
    limiter = Limiter(backend)
    use_up_guesses(limited, "Zoe")
    limiter.failed.clear()
    assert use_up(limited, limited.recall(Guessed)) == LIMIT + 1
