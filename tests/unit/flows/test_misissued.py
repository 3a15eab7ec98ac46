"""A right signature alone opens nothing."""

from __future__ import annotations

import pytest

from harness.core.errors import Absent, Misfit
from harness.core.findings import HarnessError, NotApplicable, NotTested, Unmet
from harness.flows.access_token import control_task_call
from harness.flows.misissued import (
    SUBJECTS,
    WRONG,
    must_compare_issuers,
    present_misissued,
    present_subject,
    secret_must_be_long,
)
from harness.flows.tasks import control_clone
from harness.scenario.world import World
from harness.tokens.jws import Jwt
from harness.tokens.misissued import MISISSUED, Pattern
from tests.support.fake_backend import SECRET, Account, FakeBackend
from tests.support.fake_client import API, Answer, FakeClient
from tests.support.scenario import TOKEN, said, with_people, world_of

DECLARED = (
    '[jwt]\nissuer = "https://app.example"\naudience = "tasks"\nalgorithms = ["HS256", "EdDSA"]\ntype = "JWT"\n'
)
KEY = b"the-shared-secret-of-the-deployment-0001"
ISSUED = Jwt(
    {"alg": "HS256", "typ": "JWT"},
    {"sub": "ann", "exp": 2_000_000_000, "iss": "https://app.example", "aud": "tasks"},
    "",
)
PATTERN = Pattern(
    Jwt.parse(ISSUED.signed(KEY)), KEY, "sub", "https://app.example", "tasks", ("HS256", "EdDSA"), "JWT"
)
SAME_AS_ISSUED = ("signed with HS256", "of the type JWT")


@pytest.mark.parametrize("wrong", [kind for kind in MISISSUED if kind not in SAME_AS_ISSUED])
def test_each_is_signed_and_differs(wrong: str) -> None:
    for text in MISISSUED[wrong](PATTERN):
        token = Jwt.parse(text)
        assert (token.header, token.claims) != (PATTERN.token.header, PATTERN.token.claims)
        assert text == Jwt(token.header, token.claims, "").signed(KEY, token.algorithm.upper())


@pytest.mark.parametrize("wrong", [kind for kind in MISISSUED if "issuer" in kind and kind != "without an issuer"])
def test_an_issuer_has_to_be_declared(wrong: str) -> None:
    with pytest.raises(Absent, match=r"declares no issuer"):
        MISISSUED[wrong](Pattern(PATTERN.token, KEY))


@pytest.mark.parametrize("wrong", ["for another audience", "for a list of other audiences"])
def test_an_audience_has_to_be_declared(wrong: str) -> None:
    with pytest.raises(Absent, match=r"declares no audience"):
        MISISSUED[wrong](Pattern(PATTERN.token, KEY))


@pytest.mark.parametrize(("claim", "wrong"), [("iss", "without an issuer"), ("exp", "without an end")])
def test_a_claim_that_is_never_there_is_not_missed(claim: str, wrong: str) -> None:
    with pytest.raises(Absent, match=f'has no claim "{claim}" itself'):
        MISISSUED[wrong](Pattern(PATTERN.token.with_claims(**{claim: None}), KEY))


@pytest.mark.parametrize(
    ("algorithms", "reason"),
    [((), "pins no"), (("HS256", "HS512"), "pins no"), (("HS512",), "pins no"), (("EdDSA",), "pins no")],
)
def test_several_algorithms_are_declared_by_right(algorithms: tuple[str, ...], reason: str) -> None:
    with pytest.raises(Absent, match=reason):
        MISISSUED["signed with HS384"](Pattern(PATTERN.token, KEY, algorithms=algorithms))


def test_its_own_algorithm_is_no_other() -> None:
    with pytest.raises(Absent, match="HS256 is the algorithm"):
        MISISSUED["signed with HS256"](PATTERN)


TYPED = Pattern(ISSUED.with_header(typ="application/AT+JWT"), KEY, type="at+jwt")
KINDS = {"of the type logout+jwt": "logout+jwt", "of the type JWT": "JWT", "without a type": None}


@pytest.mark.parametrize("wrong", KINDS)
def test_a_type_is_declared_and_not_its_own(wrong: str) -> None:
    (token,) = MISISSUED[wrong](TYPED)
    assert Jwt.parse(token).header.get("typ") == KINDS[wrong]
    with pytest.raises(Absent, match=r"declares no type of the tokens \(jwt\.type\)"):
        MISISSUED[wrong](Pattern(PATTERN.token, KEY))


def test_its_own_type_is_no_other() -> None:
    with pytest.raises(Absent, match="JWT is the type of the tokens"):
        MISISSUED["of the type JWT"](PATTERN)


def test_a_type_that_is_declared_and_not_there_is_a_slip() -> None:
    with pytest.raises(Misfit, match=r'has the type "JWT", and jwt\.type says "at\+jwt"'):
        MISISSUED["without a type"](Pattern(PATTERN.token, KEY, type="at+jwt"))


@pytest.fixture
def cloned(client: FakeClient) -> World:
    """A clone of Ann's token was seen to open her tasks."""
    world = with_people(world_of(client, DECLARED), "Ann")
    control_task_call(world, "Ann", "list")
    control_clone(world, "Ann")
    return world


PRESENTED = [
    kind for kind in MISISSUED if kind not in (*SAME_AS_ISSUED, "without an issuer", "without an audience")
]


@pytest.mark.parametrize("wrong", PRESENTED)
def test_what_is_believed_is_found_out(cloned: World, backend: FakeBackend, wrong: str) -> None:
    ann = backend.accounts[cloned.person("Ann").email]
    proper = backend.caller
    backend.caller = lambda sent: ann if sent.url.startswith(API) else proper(sent)  # type: ignore[method-assign]
    present_misissued(cloned, "Ann", wrong)
    with pytest.raises(Unmet, match=r"Ann's token, rightly signed, .* is refused; .*private text"):
        cloned.judge.all_refused()


@pytest.mark.parametrize("wrong", PRESENTED)
def test_what_is_refused_passes(cloned: World, backend: FakeBackend, wrong: str) -> None:
    proper, own = backend.caller, f"Bearer {cloned.opener.value(cloned.device('Ann', 'first device'))}"
    backend.caller = lambda sent: (  # type: ignore[method-assign]
        None if sent.url.startswith(API) and sent.header("authorization") != own else proper(sent)
    )
    present_misissued(cloned, "Ann", wrong)
    cloned.judge.all_refused()


def test_without_a_clone_nothing_is_shown(client: FakeClient) -> None:
    world = with_people(world_of(client, DECLARED), "Ann")
    with pytest.raises((NotTested, HarnessError)):
        present_misissued(world, "Ann", "with the end 0")


def test_without_the_secret_nothing_can_be_signed(client: FakeClient) -> None:
    world = with_people(world_of(client, secret=None), "Ann")
    with pytest.raises(NotTested, match="signing secret was not given"):
        secret_must_be_long(world, "Ann")


def test_the_length_is_counted_in_bytes(client: FakeClient) -> None:
    assert len(SECRET) >= 32
    secret_must_be_long(with_people(world_of(client), "Ann"), "Ann")
    with pytest.raises(Unmet, match=r"the secret of HS256 has at least 32 bytes.*it has 31"):
        secret_must_be_long(with_people(world_of(client, secret="é" * 15 + "x"), "Ann"), "Ann")


def test_a_key_pair_has_no_length_of_a_secret(world: World, backend: FakeBackend) -> None:
    world.device("Ann", "first device").access_token = None
    backend.routes[TOKEN] = said(Answer(200, {"token": "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln"}))
    with pytest.raises(NotApplicable, match="signs with EdDSA"):
        secret_must_be_long(world, "Ann")


def test_every_wrong_token_has_a_word() -> None:
    assert set(WRONG) == set(MISISSUED)


def test_no_issuer_at_all_is_another_requirement_s_matter(cloned: World, backend: FakeBackend) -> None:
    ann, proper = backend.accounts[cloned.person("Ann").email], backend.caller
    backend.caller = lambda sent: None if sent.url.startswith(API) else proper(sent)  # type: ignore[method-assign]
    must_compare_issuers(cloned, "Ann")
    backend.caller = lambda sent: ann  # type: ignore[method-assign]
    with pytest.raises(Absent, match="not compared at all, which token-of-another-issuer-is-refused reports"):
        must_compare_issuers(cloned, "Ann")


# --- a subject that is no text ---


@pytest.fixture
def beside_bob(cloned: World) -> World:
    """Bob has a task as well."""
    return with_people(cloned, "Bob")


@pytest.mark.parametrize("wrong", [*SUBJECTS])
def test_a_subject_that_is_refused_or_has_nothing_is_fine(
    beside_bob: World, backend: FakeBackend, wrong: str
) -> None:
    present_subject(beside_bob, "Ann", wrong, "Bob")
    beside_bob.judge.all_refused()
    proper = backend.caller
    backend.caller = lambda sent: (  # type: ignore[method-assign]
        proper(sent) or Account("no-id", "No One", "no-one@example.com", "") if sent.url.startswith(API) else None
    )
    present_subject(beside_bob, "Ann", wrong, "Bob")
    beside_bob.judge.all_refused()


@pytest.mark.parametrize("wrong", [*SUBJECTS])
def test_a_subject_that_opens_another_s_tasks_is_found_out(
    beside_bob: World, backend: FakeBackend, wrong: str
) -> None:
    bob = backend.accounts[beside_bob.person("Bob").email]
    proper = backend.caller
    backend.caller = lambda sent: proper(sent) or (bob if sent.url.startswith(API) else None)  # type: ignore[method-assign]
    present_subject(beside_bob, "Ann", wrong, "Bob")
    with pytest.raises(Unmet, match=f"rightly signed, {wrong}, is refused; .*private text"):
        beside_bob.judge.all_refused()


@pytest.mark.parametrize(
    ("identity", "number"), [("1", 2), ("17", 1), ("abc", 1), ("42abc", 42), ("", 1), ("9" * 40, 10**15 - 1)]
)
def test_a_number_is_never_the_id_itself(identity: str, number: int) -> None:
    assert SUBJECTS["with a number for its subject"](identity) == number


def test_ids_that_are_numbers_are_not_a_wrong_type(beside_bob: World, backend: FakeBackend) -> None:
    device = beside_bob.device("Bob", "first device")
    device.access_token = Jwt.parse(beside_bob.opener.value(device)).with_claims(sub=1).signed(SECRET.encode())
    with pytest.raises(Absent, match="of that type themselves"):
        present_subject(beside_bob, "Ann", "with a number for its subject", "Bob")
