"""Why a token that was just issued is refused: its key, its time, or nothing that shows."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import jwt
import pytest

from harness.core.findings import Unmet
from harness.deployment.deployment import Deployment
from harness.deployment.people import Person, PersonFactory
from harness.deployment.tasks.checks import TaskApi
from harness.deployment.token_refusals import AGAIN_AFTER
from harness.profile.loader import parse_profile
from harness.profile.target import Target
from tests.support.fake_backend import AUTH, SECRET, FakeBackend
from tests.support.fake_client import API, WEB, Answer, FakeClient, Sent

JWKS = '[operations.jwks]\nmethod = "GET"\npath = "/api/auth/jwks"\n'
REFUSED = Answer(401, {"detail": "Invalid token"})


class Issuer:
    """A deployment whose tokens the test makes, and whose API takes those that it likes."""

    def __init__(self, profile: str = "jwks = false") -> None:
        self.backend = FakeBackend()
        self.header: dict[str, str] = {}
        self.claims: dict[str, float] = {}
        self.client = FakeClient(self.backend)
        text = f'extends = "reference"\n[operations]\n{profile}' if "=" in profile.split("\n")[0] else profile
        read = parse_profile(text if text.startswith("extends") else f'extends = "reference"\n{text}', "x", Path())
        self.api = TaskApi(Deployment(Target(read, WEB, API, SECRET), self.client), "tasks")
        self.factory = PersonFactory(read.people, 1)
        self.backend.routes[f"GET {AUTH}/token"] = self.token

    def person(self, alias: str = "Ann") -> Person:
        """Somebody signed in."""
        person = self.factory.person(alias)
        self.api.deployment.sessions.open_account(person)
        return person

    def token(self, sent: Sent) -> Answer:
        """A token with the header and claims of now."""
        account = self.backend.signed_in(sent)
        assert account is not None
        now = time.time()
        claims = {"sub": account.id, "iat": now, "exp": now + 900, **self.claims}
        return Answer(200, {"token": jwt.encode(claims, SECRET, "HS256", self.header)})

    def refuse(self, times: int) -> None:
        """Refuse that many requests from now on."""
        originals = {name: self.backend.routes[name] for name in ("GET /api/tasks", "POST /api/tasks")}
        left = [times]

        def refusing(name: str, sent: Sent) -> Answer:
            left[0] -= 1
            return REFUSED if left[0] >= 0 else originals[name](sent)

        for name in originals:
            self.backend.routes[name] = partial(refusing, name)

    def came(self, person: Person) -> str:
        """Why that person can't make a task."""
        with pytest.raises(Unmet) as failed:
            self.api.make(person)
        return failed.value.came


SAID = 'it was answered 401 (detail: "Invalid token")'


def test_a_token_that_is_accepted_a_little_later_is_told() -> None:
    issuer = Issuer()
    ann = issuer.person()
    issuer.refuse(3)
    assert issuer.came(ann) == (
        f"{SAID}; the same token is accepted 3 s later: the clocks of issuer and API differ, or the API allows no "
        "leeway"
    )
    assert issuer.client.paused == [0.0, 1.0, 2.0]


def test_a_token_that_is_refused_at_writing_only_says_nothing_of_time() -> None:
    issuer = Issuer()
    ann = issuer.person()
    issuer.refuse(1)
    assert issuer.came(ann) == SAID


def test_what_no_waiting_helps_is_waited_for_once_in_a_run() -> None:
    issuer = Issuer()
    ann = issuer.person()
    issuer.refuse(1000)
    assert [issuer.came(ann) for _ in range(3)] == [SAID] * 3
    assert issuer.client.paused == [0.0, *AGAIN_AFTER]


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_claim_that_is_ahead_of_the_clock_is_told(claim: str) -> None:
    issuer = Issuer()
    issuer.claims = {claim: time.time() + 120.5}
    ann = issuer.person()
    issuer.refuse(1000)
    assert f'{SAID}; its "{claim}" is 120 s ahead of this machine\'s clock' in issuer.came(ann)


def test_a_key_that_is_not_published_is_told() -> None:
    issuer = Issuer(JWKS)
    issuer.header = {"kid": "B"}
    issuer.backend.routes[f"GET {AUTH}/jwks"] = lambda _: Answer(200, {"keys": [{"kid": "A"}, {"kid": "C"}, 7]})
    ann = issuer.person()
    issuer.refuse(1000)
    assert issuer.came(ann) == f'{SAID}; it is signed with the key "B", and operations.jwks has "A" and "C"'


def test_a_key_that_the_api_does_not_know_yet_is_told() -> None:
    issuer = Issuer()
    issuer.header = {"kid": "A"}
    ann, bob = issuer.person(), issuer.person("Bob")
    issuer.api.make(ann)
    issuer.header = {"kid": "B"}
    issuer.refuse(1000)
    assert issuer.came(bob) == f'{SAID}; the issuer signs with the key "B", and the API knows "A"'


@pytest.mark.parametrize(
    "jwks", [Answer(404), Answer(200, {"keys": "none"}), Answer(200, {"keys": [{"kid": "B"}]})]
)
def test_a_known_key_or_no_key_set_says_nothing(jwks: Answer) -> None:
    issuer = Issuer(JWKS)
    issuer.header = {"kid": "B"}
    issuer.backend.routes[f"GET {AUTH}/jwks"] = lambda _: jwks
    ann = issuer.person()
    issuer.refuse(1000)
    assert issuer.came(ann) == SAID


def test_an_opaque_token_says_nothing() -> None:
    issuer = Issuer()
    issuer.backend.routes[f"GET {AUTH}/token"] = lambda _: Answer(200, {"token": "0123456789abcdef-opaque"})
    ann = issuer.person()
    issuer.refuse(1000)
    assert issuer.came(ann) == SAID
