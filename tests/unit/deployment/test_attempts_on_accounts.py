"""Signing up and in as others try to: what each attempt sends, what it yields, and what betrays an account."""

from __future__ import annotations

import pytest

from harness.core.errors import Absent
from harness.core.findings import HarnessError, Unmet
from harness.deployment.accounts import FOREIGN_DESTINATION, PRIVILEGES, WRONG_PASSWORDS, Accounts
from harness.deployment.deployment import Deployment
from harness.deployment.leads import leads_elsewhere
from harness.deployment.people import Person, PersonFactory
from harness.profile.loader import load_profile
from harness.profile.target import Target
from tests.support.fake_backend import AUTH, NOBODY, Account, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

PROFILE = load_profile("reference")
SIGN_IN, SIGN_UP, SESSION = f"POST {AUTH}/sign-in/email", f"POST {AUTH}/sign-up/email", f"GET {AUTH}/get-session"


@pytest.fixture
def accounts(client: FakeClient) -> Accounts:
    return Accounts(Deployment(Target(PROFILE, WEB, API), client), PersonFactory(PROFILE.people, 1))


@pytest.fixture
def ann(accounts: Accounts) -> Person:
    """Somebody with an account."""
    person = accounts.factory.person("Ann")
    accounts.deployment.sessions.open_account(person)
    return person


# --- what an answer yields ---


@pytest.mark.parametrize(
    ("answer", "session", "yielded"),
    [
        (Answer(200, {}), NOBODY, None),
        (Answer(200, {}), Answer(200, {"user": {"email": "x@example.com"}}), "signed in as x@example.com"),
        (Answer(401, {"refreshToken": "refresh-1"}), NOBODY, "the answer holds a refresh token"),
    ],
    ids=["nothing", "a session", "a refresh token"],
)
def test_what_is_yielded_is_tried_and_not_believed(
    accounts: Accounts, backend: FakeBackend, ann: Person, answer: Answer, session: Answer, yielded: str | None
) -> None:
    backend.routes[SIGN_IN], backend.routes[SESSION] = lambda _: answer, lambda _: session
    found = accounts.with_password(ann, "wrong", "it").effect()
    assert (found is None) if yielded is None else (yielded in (found or ""))


# --- signing in ---


def test_the_right_password_is_the_control(accounts: Accounts, ann: Person) -> None:
    assert accounts.signs_in(ann)().status == 200


def test_a_right_password_that_opens_nothing_fails_the_control(
    accounts: Accounts, backend: FakeBackend, ann: Person
) -> None:
    backend.routes[SIGN_IN] = lambda _: Answer(200, {})
    with pytest.raises(Unmet, match="that Ann's own password signs in; it was answered 200"):
        accounts.signs_in(ann)()


@pytest.mark.parametrize("kind", list(WRONG_PASSWORDS))
def test_a_wrong_password_is_never_the_right_one(
    accounts: Accounts, client: FakeClient, ann: Person, kind: str
) -> None:
    ann.password = "Aa1! a long and mixed Password 0123456789"
    attempt = accounts.wrong_password(ann, kind)
    assert attempt is not None
    assert client.sent[-1].fields["password"] != ann.password
    assert client.sent[-1].fields["email"] == ann.email
    assert attempt.exchange.status == 401
    assert attempt.effect() is None


def test_a_change_that_changes_nothing_is_no_attempt(accounts: Accounts, client: FakeClient, ann: Person) -> None:
    """A password without a blank has none that could be doubled."""
    ann.password = "Aa1!withoutblanks"
    before = len(client.sent)
    [kind] = [kind for kind in WRONG_PASSWORDS if "doubled" in kind]
    assert accounts.wrong_password(ann, kind) is None
    assert len(client.sent) == before


def test_an_unknown_kind_is_an_error_of_the_suite(accounts: Accounts, ann: Person) -> None:
    with pytest.raises(HarnessError, match="there is no wrong password called"):
        accounts.wrong_password(ann, "a nice one")


def test_a_backend_that_lets_anybody_in_is_seen(accounts: Accounts, backend: FakeBackend, ann: Person) -> None:
    backend.routes[SIGN_IN] = lambda _: backend.admitted(backend.accounts[ann.email.lower()])
    attempt = accounts.with_password(ann, "wrong", "it")
    assert f"signed in as {ann.email.lower()}" in (attempt.effect() or "")


# --- where it leads ---


@pytest.mark.parametrize(
    ("answer", "leads"),
    [
        (Answer(302, "", [("Location", FOREIGN_DESTINATION)]), FOREIGN_DESTINATION),
        (Answer(200, {"url": FOREIGN_DESTINATION}), FOREIGN_DESTINATION),
        (Answer(200, {"url": "//evil.invalid/x"}), "//evil.invalid/x"),
        (Answer(302, "", [("Location", "/tasks")]), None),
        (Answer(200, {"url": f"{WEB}/tasks"}), None),
        (Answer(200, {}), None),
    ],
    ids=["Location", "body", "without a scheme", "a path", "its own origin", "nowhere"],
)
def test_where_an_answer_would_take_a_browser(accounts: Accounts, answer: Answer, leads: str | None) -> None:
    client = FakeClient(lambda _: answer)
    answered = client.send("Ann", "POST", f"{WEB}{AUTH}/sign-in/email")
    assert leads_elsewhere(accounts.deployment.target, answered) == leads


@pytest.mark.parametrize(("place", "sent_in"), [("in the body", "body"), ("in the query", "query")])
def test_a_target_is_given_where_the_scenario_says(
    accounts: Accounts, client: FakeClient, ann: Person, place: str, sent_in: str
) -> None:
    accounts.signs_in(ann, accounts.with_destination(place, FOREIGN_DESTINATION))()
    sent = next(one for one in client.sent if one.path == f"{AUTH}/sign-in/email")
    assert ({"body": sent.fields, "query": sent.query}[sent_in])["callbackURL"] == FOREIGN_DESTINATION
    assert "callbackURL" not in {"body": sent.query, "query": sent.fields}[sent_in]


def test_a_deployment_that_takes_no_target_has_none(client: FakeClient) -> None:
    sign_in = PROFILE.operations.sign_in.model_copy(update={"redirect_in_query": None})
    operations = PROFILE.operations.model_copy(update={"sign_in": sign_in})
    target = Target(PROFILE.model_copy(update={"operations": operations}), WEB, API)
    accounts = Accounts(Deployment(target, client), PersonFactory(PROFILE.people, 1))
    with pytest.raises(Absent, match="declares no way to give sign-in"):
        accounts.with_destination("in the query", FOREIGN_DESTINATION)


# --- signing up ---


def test_a_new_person_signs_up_once_and_in_from_then_on(accounts: Accounts, client: FakeClient) -> None:
    zoe = accounts.factory.person("Zoe")
    check = accounts.signs_up(zoe)
    assert check().status == check().status == 200
    assert [sent.path for sent in client.sent].count(f"{AUTH}/sign-up/email") == 1


@pytest.mark.parametrize(("kind", "length"), [("one character", 1), ("one character below the minimum", 7)])
def test_a_short_password_is_below_the_stated_minimum(
    accounts: Accounts, client: FakeClient, kind: str, length: int
) -> None:
    assert PROFILE.people.least_password_length == 8
    attempt = accounts.short_password(accounts.factory.person("Zoe"), kind)
    sent = next(one for one in client.sent if one.path == f"{AUTH}/sign-up/email")
    assert len(sent.fields["password"]) == length
    assert attempt.exchange.status == 422
    assert attempt.effect() is None


def test_an_account_with_a_short_password_is_seen_even_where_its_answer_denies_it(
    accounts: Accounts, backend: FakeBackend
) -> None:
    def careless(sent: Sent) -> Answer:
        email = sent.fields["email"].lower()
        backend.accounts[email] = Account("user-9", sent.fields["name"], email, sent.fields["password"])
        return Answer(422, {"message": "too short"})

    backend.routes[SIGN_UP] = careless
    attempt = accounts.short_password(accounts.factory.person("Zoe"), "one character")
    assert "signed in as" in (attempt.effect() or "")


# --- what a sign-up must not grant ---


def test_wishes_are_made_beside_what_is_ordinary(accounts: Accounts) -> None:
    one, other = accounts.privileges(), accounts.privileges()
    assert {key: one[key] for key in PRIVILEGES} == PRIVILEGES
    assert one["id"] != other["id"]


@pytest.mark.parametrize(
    ("user", "ordinary", "granted"),
    [
        ({"role": "user"}, {"role": "user"}, None),
        ({"role": "admin"}, {"role": "user"}, "role became 'admin'"),
        ({"emailVerified": True}, {"emailVerified": True}, None),
        ({"emailVerified": True}, {}, "emailVerified became True"),
        ({"note": "2001-02-03T04:05:06.000Z"}, {}, "createdAt: the chosen value '2001-02-03T04:05:06.000Z' is in"),
    ],
    ids=["nothing", "a role", "ordinary here", "a flag", "a value elsewhere"],
)
def test_a_wish_that_came_true_is_told(
    accounts: Accounts, user: dict[str, object], ordinary: dict[str, object], granted: str | None
) -> None:
    answers = iter([Answer(200, {"user": user}), Answer(200, {"user": ordinary})])
    client = FakeClient(lambda _: next(answers))
    hers, others = (client.send("Ann", "GET", f"{WEB}/") for _ in range(2))
    found = accounts.granted(dict(PRIVILEGES), hers, others)
    assert found == granted or (granted is not None and (found or "").startswith(granted))
