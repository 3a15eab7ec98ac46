"""People who use a backend as a browser or an API client does."""

import itertools
import json
import warnings
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from httpx import Response
from starlette.exceptions import StarletteDeprecationWarning

with warnings.catch_warnings():
    warnings.simplefilter("ignore", StarletteDeprecationWarning)  # it wants a client that is not installed
    from fastapi.testclient import TestClient

BASE = "http://127.0.0.1:8000"
SECRET = "Qm9vLXNlY3JldC1mb3ItdGhlLXRlc3RzLW9ubHkh"
JWT_SECRET = "eG90aGVyLXNlY3JldC1mb3ItdGVzdHMtb25seS1oZXJl"
PASSWORD = "correct horse battery"
COOKIE = "auth.session_token"
_numbers = itertools.count(1)


@dataclass
class Person:
    """Somebody with an address and a device; the device sends what a browser sends."""

    device: TestClient
    email: str
    name: str = "Ann Müller"
    refresh_token: str = ""

    def post(self, path: str, body: Any = None, **headers: str) -> Response:
        return self.send("POST", path, body, **headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        content = json.dumps({} if body is None else body)
        sent = {"origin": BASE, "content-type": "application/json"} | headers
        answer: Response = self.device.request(method, path, content=content, headers=sent)
        return answer

    def get(self, path: str, **headers: str) -> Response:
        answer: Response = self.device.get(path, headers=headers)
        return answer

    def form(self, path: str, **fields: str) -> Response:
        answer: Response = self.device.post(path, data=fields, headers={"origin": BASE})
        return answer

    def sign_up(self) -> "Person":
        answer = self.post(
            "/api/auth/sign-up/email",
            {"name": self.name, "email": self.email, "password": PASSWORD, "tokens": True},
        )
        assert answer.status_code == 200, answer.text
        self.refresh_token = answer.json()["refreshToken"]
        return self

    def sign_in(self, password: str = PASSWORD, **extra: Any) -> Response:
        body = {"email": self.email, "password": password, "tokens": True, **extra}
        answer = self.post("/api/auth/sign-in/email", body)
        if answer.status_code == 200:
            self.refresh_token = answer.json().get("refreshToken", "")
        return answer

    def second_device(self) -> "Person":
        other = Person(device_of(self.device.app), self.email)
        assert other.sign_in().status_code == 200
        return other

    @property
    def session(self) -> Any:
        return self.get("/api/auth/get-session").json()

    @property
    def cookie(self) -> str:
        return str(self.device.cookies[COOKIE])

    def jwt(self) -> str:
        answer = self.get("/api/auth/token")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    def with_jwt(self, token: str, method: str = "GET", path: str = "/api/tasks", body: Any = None) -> Response:
        stranger = device_of(self.device.app)
        content = None if body is None else json.dumps(body)
        sent = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        answer: Response = stranger.request(method, path, content=content, headers=sent)
        return answer

    def replay(self, cookie: str, path: str = "/api/auth/get-session") -> Response:
        answer: Response = device_of(self.device.app).get(path, headers={"cookie": f"{COOKIE}={cookie}"})
        return answer


def device_of(app: Any) -> TestClient:
    return TestClient(app, base_url=BASE, follow_redirects=False, raise_server_exceptions=False)


def stranger_of(app: FastAPI) -> Person:
    """Return a person who has no account yet."""
    return Person(device_of(app), f"person{next(_numbers)}@example.com")
