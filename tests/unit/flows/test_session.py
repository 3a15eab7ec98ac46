"""A session is the server's to make: not to alter, not to plant, and it tells its owner from nobody."""

from __future__ import annotations

import pytest

from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.flows.captured import capture, control_captured
from harness.flows.frozen_copies import CapturedSession
from harness.flows.session import (
    ALTERATIONS,
    PlantedSession,
    ask_who,
    control_own_session,
    must_have_changed,
    must_hold_own_session,
    must_not_be_adopted,
    must_tell_apart,
    present_altered,
    sign_in_over_made_up,
    sign_in_over_session,
    visit_then_sign_in,
)
from harness.scenario.world import World
from tests.support.fake_backend import COOKIE, HTML, NOBODY, Account, FakeBackend
from tests.support.fake_client import Answer, FakeClient, Sent
from tests.support.scenario import BROKEN, SESSION, SIGN_IN, said, with_people, world_of


class SigningBackend(FakeBackend):
    """Session cookies with a signature, and their opaque part in the answer to sign-in as well."""

    checks_signature = True
    tells = True

    def admitted(self, account: Account) -> Answer:
        number = self.number()
        token, signature = f"session-number-{number}-of-them", f"signature-number-{number}"
        self.sessions[f"{token}.{signature}"] = account
        told = {"token": token} if self.tells else {}
        return Answer(
            200, {"user": account.user, **told}, [("Set-Cookie", f"{COOKIE}={token}.{signature}; Path=/")]
        )

    def signed_in(self, sent: Sent) -> Account | None:
        value = sent.cookies.get(COOKIE, "")
        if self.checks_signature:
            return self.sessions.get(value)
        token = value.partition(".")[0]
        return next((one for key, one in self.sessions.items() if token and key.startswith(token + ".")), None)


@pytest.fixture
def signing() -> SigningBackend:
    return SigningBackend()


@pytest.fixture
def captured(signing: SigningBackend) -> World:
    """The session of Ann's first device was captured; it is signed, and opens her session endpoint."""
    world = with_people(world_of(FakeClient(signing)), "Ann")
    capture(world, "Ann", "first device")
    control_captured(world, "Ann", "session endpoint")
    return world


def presented(world: World) -> str:
    """The cookie's value that was last sent to the session endpoint."""
    exchange = world.judge.attempts[-1].exchange
    return next(value for name, value in exchange.request_headers if name == "Cookie").partition("=")[2]


# --- altered ---


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_an_altered_session_is_refused(captured: World, alteration: str) -> None:
    present_altered(captured, alteration)
    captured.judge.all_refused()


def test_it_is_altered_as_the_word_says(captured: World) -> None:
    (value,) = captured.recall(CapturedSession).values
    token, _, signature = value.partition(".")
    found = {}
    for alteration in ALTERATIONS:
        present_altered(captured, alteration)
        found[alteration] = presented(captured)
    assert found["with its first character changed"][1:] == value[1:]
    assert found["with its first character changed"] != value
    assert found["with another session's signature"].startswith(f"{token}.signature-number-")
    assert found["with another session's signature"] != value
    assert found["without its signature"] == token
    assert found["replaced by the sign-in's token"].startswith("session-number-")
    assert found["replaced by the sign-in's token"] != token
    assert token not in found["replaced by a random value"]
    assert signature not in found["replaced by a random value"]


@pytest.mark.parametrize("alteration", ["with another session's signature", "without its signature"])
def test_whoever_checks_no_signature_is_found_out(
    captured: World, signing: SigningBackend, alteration: str
) -> None:
    signing.checks_signature = False
    present_altered(captured, alteration)
    with pytest.raises(Unmet, match=rf"Ann's session {alteration} is refused; .*private text"):
        captured.judge.all_refused()


def test_a_crash_is_no_refusal(captured: World, signing: SigningBackend) -> None:
    proper = signing.session
    signing.routes[SESSION] = lambda sent: proper(sent) if signing.signed_in(sent) else BROKEN
    present_altered(captured, "without its signature")
    with pytest.raises(Unmet, match="500 came"):
        captured.judge.all_refused()


def test_a_value_without_a_signature_has_none_to_change(world: World) -> None:
    capture(world, "Ann", "first device")
    for alteration in ("with another session's signature", "without its signature"):
        with pytest.raises(NotApplicable, match="one opaque value"):
            present_altered(world, alteration)


class CompressingBackend(FakeBackend):
    """Session cookies of a dot, the compressed content, a colon and the signature."""

    def admitted(self, account: Account) -> Answer:
        value = f".content-of-{account.user['id']}:signature-number-{self.number()}"
        self.sessions[value] = account
        return Answer(200, {"user": account.user}, [("Set-Cookie", f"{COOKIE}={value}; Path=/")])


@pytest.mark.parametrize("alteration", ["with another session's signature", "without its signature"])
def test_a_dot_at_the_start_is_no_seam_of_a_signature(alteration: str) -> None:
    world = with_people(world_of(FakeClient(CompressingBackend())), "Ann")
    capture(world, "Ann", "first device")
    control_captured(world, "Ann", "session endpoint")
    with pytest.raises(NotApplicable, match="one opaque value"):
        present_altered(world, alteration)


def test_a_sign_in_that_tells_no_token_has_none_to_put_in(captured: World, signing: SigningBackend) -> None:
    signing.tells = False
    with pytest.raises(NotApplicable, match="no opaque token in its body"):
        present_altered(captured, "replaced by the sign-in's token")


def test_a_token_that_is_the_cookies_own_value_is_no_other(world: World, backend: FakeBackend) -> None:
    capture(world, "Ann", "first device")
    (value,) = world.recall(CapturedSession).values
    proper = backend.sign_in
    backend.routes[SIGN_IN] = lambda sent: Answer(200, {"token": value}, proper(sent).headers)
    with pytest.raises(NotApplicable, match="is the session cookie's value itself"):
        present_altered(world, "replaced by the sign-in's token")


def test_two_sessions_of_one_value_have_no_other_part(captured: World, signing: SigningBackend) -> None:
    cookie = ("Set-Cookie", f"{COOKIE}={captured.recall(CapturedSession).values[0]}; Path=/")
    signing.routes[SIGN_IN] = said(Answer(200, {}, [cookie]))
    with pytest.raises(NotApplicable, match="the same value"):
        present_altered(captured, "with another session's signature")


# --- in two cookies ---


class HalvingBackend(SigningBackend):
    """A session that is in two cookies, which sign in only together."""

    careless = False

    def __init__(self) -> None:
        super().__init__()
        self.halves: dict[str, Account] = {}

    def admitted(self, account: Account) -> Answer:
        answer = super().admitted(account)
        half = f"half-number-{self.number()}"
        self.halves[half] = account
        return Answer(answer.status, answer.body, [*answer.headers, ("Set-Cookie", f"half={half}; Path=/")])

    def signed_in(self, sent: Sent) -> Account | None:
        account, half = super().signed_in(sent), sent.cookies.get("half", "")
        fits = half != "" if self.careless else self.halves.get(half) is account
        return account if fits else None


TOGETHER = f'[credentials.session]\ncookie = ["{COOKIE}", "half"]\n'


@pytest.fixture
def halving() -> HalvingBackend:
    return HalvingBackend()


@pytest.fixture
def halved(halving: HalvingBackend) -> World:
    """The session of Ann's first device was captured: two cookies, which open her session endpoint."""
    world = with_people(world_of(FakeClient(halving), TOGETHER), "Ann", "Bob")
    capture(world, "Ann", "first device")
    control_captured(world, "Ann", "session endpoint")
    control_own_session(world, "Ann")
    return world


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_each_of_two_cookies_is_altered_in_turn(halved: World, alteration: str) -> None:
    present_altered(halved, alteration)
    has_a_signature = "another session's" not in alteration and "without" not in alteration
    assert len(halved.judge.attempts) == (2 if has_a_signature else 1)
    halved.judge.all_refused()


def test_one_of_them_that_nobody_looks_at_is_found_out(halved: World, halving: HalvingBackend) -> None:
    halving.careless = True
    present_altered(halved, "with its first character changed")
    with pytest.raises(Unmet, match='session, its cookie "half" with its first character changed is refused'):
        halved.judge.all_refused()


def test_one_that_is_not_needed_proves_nothing(halved: World, halving: HalvingBackend) -> None:
    signed_in = super(HalvingBackend, halving).signed_in
    halving.signed_in = signed_in  # type: ignore[method-assign]
    with pytest.raises(NotTested, match='signed in without the cookie "half" too'):
        present_altered(halved, "with its first character changed")


@pytest.mark.parametrize("what", ["made up", "live"])
def test_both_of_them_are_planted(halved: World, what: str) -> None:
    plant(halved, what)
    assert [kept.name for kept in halved.recall(PlantedSession).cookies] == [COOKIE, "half"]
    must_hold_own_session(halved, "Bob")
    must_not_be_adopted(halved, "Bob")


# --- planted ---


@pytest.fixture
def own(world: World) -> World:
    """Ann's first device has a session of hers."""
    control_own_session(world, "Ann")
    return world


def fixed(backend: FakeBackend) -> None:
    """Sign whoever signs in into the session that their browser already has."""

    def sign_in(sent: Sent) -> Answer:
        account = backend.accounts[sent.fields["email"]]
        if COOKIE not in sent.cookies:
            return backend.admitted(account)
        backend.sessions[sent.cookies[COOKIE]] = account
        return Answer(200, {"user": account.user})

    backend.routes[SIGN_IN] = sign_in


def plant(world: World, what: str) -> None:
    if what == "made up":
        sign_in_over_made_up(world, "Bob")
    else:
        sign_in_over_session(world, "Bob", "Ann")


@pytest.mark.parametrize("what", ["made up", "live"])
def test_a_new_session_takes_the_planted_ones_place(own: World, what: str) -> None:
    plant(own, what)
    must_hold_own_session(own, "Bob")
    must_not_be_adopted(own, "Bob")


@pytest.mark.parametrize("what", ["made up", "live"])
def test_a_planted_value_that_becomes_the_session_is_found_out(
    own: World, backend: FakeBackend, what: str
) -> None:
    fixed(backend)
    plant(own, what)
    with pytest.raises(Unmet, match="a new session value at sign-in; the planted value is the session now"):
        must_hold_own_session(own, "Bob")
    with pytest.raises(Unmet, match="a planted session value stays worthless; it is Bob's session now"):
        must_not_be_adopted(own, "Bob")


@pytest.mark.parametrize("place", ["Path=/api", "Path=/; Domain=127.0.0.1"])
@pytest.mark.parametrize("what", ["made up", "live"])
@pytest.mark.parametrize("keeps", [False, True])
def test_what_is_planted_lies_where_the_deployments_own_would(place: str, what: str, *, keeps: bool) -> None:
    """Elsewhere both would be sent after the sign-in, and the planted one found in the place of the new one."""
    backend = FakeBackend()
    proper = backend.admitted

    def admitted(account: Account) -> Answer:
        answer = proper(account)
        headers = [(name, value.replace("Path=/", place)) for name, value in answer.headers]
        return Answer(answer.status, answer.body, headers)

    backend.admitted = admitted  # type: ignore[method-assign]
    world = with_people(world_of(FakeClient(backend)), "Ann", "Bob")
    control_own_session(world, "Ann")
    if keeps:
        fixed(backend)
    plant(world, what)
    if not keeps:
        must_hold_own_session(world, "Bob")
        must_not_be_adopted(world, "Bob")
        return
    with pytest.raises(Unmet, match="the planted value is the session now"):
        must_hold_own_session(world, "Bob")


def test_what_is_planted_is_sent_with_the_sign_in(own: World, client: FakeClient) -> None:
    sign_in_over_session(own, "Bob", "Ann")
    planted = own.recall(PlantedSession).credential.cookies
    sign_ins = [sent for sent in client.sent if sent.path.endswith("sign-in/email")]
    assert sign_ins[-1].cookies == planted
    assert planted[COOKIE] != own.session_of("Ann").cookies[COOKIE]


def test_whoever_stays_signed_in_as_another_is_found_out(own: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_IN] = lambda sent: (
        Answer(200, {"user": {}}) if COOKIE in sent.cookies else FakeBackend.sign_in(backend, sent)
    )
    sign_in_over_session(own, "Bob", "Ann")
    with pytest.raises(Unmet, match=r"Bob's laptop is signed in as Bob; it is signed in as ann\."):
        must_hold_own_session(own, "Bob")


def test_a_sign_in_that_is_refused_fixes_nothing_to_anybody(own: World, backend: FakeBackend) -> None:
    backend.routes[SIGN_IN] = lambda sent: (
        Answer(403) if COOKIE in sent.cookies else FakeBackend.sign_in(backend, sent)
    )
    sign_in_over_session(own, "Bob", "Ann")
    with pytest.raises(NotTested, match="was refused, so none could be kept: it was answered 403"):
        must_hold_own_session(own, "Bob")


def test_without_the_control_nothing_is_judged(world: World) -> None:
    sign_in_over_made_up(world, "Bob")
    for judged in (must_hold_own_session, must_not_be_adopted):
        with pytest.raises(HarnessError, match="judged without a control"):
            judged(world, "Bob")


# --- handed out before sign-in ---


def handing_out(backend: FakeBackend, cookie: str) -> None:
    backend.routes["GET /signin"] = said(Answer(200, "", [*HTML, ("Set-Cookie", cookie)]))


@pytest.mark.parametrize(
    "cookie", ["", "csrf=1; Path=/", f"{COOKIE}=before; Path=/"], ids=["none", "CSRF", "session"]
)
def test_cookies_from_before_that_are_no_session_are_fine(world: World, backend: FakeBackend, cookie: str) -> None:
    if cookie:
        handing_out(backend, cookie)
    visit_then_sign_in(world, "Ann")
    must_have_changed(world)


def test_one_that_becomes_the_session_is_found_out(world: World, backend: FakeBackend) -> None:
    handing_out(backend, f"{COOKIE}=before; Path=/")
    fixed(backend)
    visit_then_sign_in(world, "Ann")
    with pytest.raises(Unmet, match="the cookies from before the sign-in are the session now"):
        must_have_changed(world)


# --- who is there ---


def test_an_owner_is_told_from_nobody(world: World) -> None:
    ask_who(world, "Ann")
    must_tell_apart(world, "Ann")


@pytest.mark.parametrize(
    ("own", "bare", "came"),
    [
        (NOBODY, NOBODY, "names Ann; it names no user"),
        (Answer(200, {"user": {"email": "x@y.example"}}), NOBODY, r"names Ann; it names x@y\.example"),
        (None, Answer(200, {"user": {"email": "x@y.example"}}), "names no user; it names one"),
        (None, Answer(401, "Ann's canary"), "names no user; it names one"),
        (None, BROKEN, "says who is there; the session endpoint answered 500"),
    ],
    ids=["never anybody", "somebody else", "always somebody", "her name to nobody", "a crash"],
)
def test_whatever_tells_less_is_found_out(
    world: World, backend: FakeBackend, own: Answer | None, bare: Answer, came: str
) -> None:
    if bare.body == "Ann's canary":
        bare = Answer(401, world.person("Ann").canary)
    proper = backend.session
    backend.routes[SESSION] = lambda sent: (own or proper(sent)) if sent.cookies else bare
    ask_who(world, "Ann")
    with pytest.raises(Unmet, match=came):
        must_tell_apart(world, "Ann")
