"""What lets requests through to the deployment: nothing of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from harness.profile.environment import VARIABLE
from harness.profile.operation import Model
from harness.profile.toml.problems import inline
from harness.profile.toml.strings import Form, HeaderName, HeaderText, Line

_OWN = {
    "authorization": 'for basic auth write `basic = "{env:GATE_USER}:{env:GATE_PASSWORD}"`; for another scheme '
    "let the suite through in another way",
    "cookie": "cookies are the users' own; let the suite through by another header",
}
_OF_REQUESTS = ("host", "origin", "content-type", "content-length", "transfer-encoding", "connection")


def _are_free(headers: dict[str, str]) -> dict[str, str]:
    for name in headers:
        if advice := _OWN.get(name.lower()):
            raise ValueError(f"{name} can't be given here: {advice}")
        if name.lower() in _OF_REQUESTS:
            raise ValueError(f"{name} belongs to each request; remove it here")
    return headers


def _is_basic(value: str) -> str:
    user, colon, password = VARIABLE.sub(r"{\1}", value).partition(":")
    if not (user and colon and re.search(r"\{\w+\}", password)):
        raise ValueError(
            "basic auth is a user and a password, which a profile never holds itself; write "
            '"{env:GATE_USER}:{env:GATE_PASSWORD}", and set these variables where the suite runs'
        )
    return value


Basic = Annotated[
    HeaderText,
    AfterValidator(_is_basic),
    Form("user and password", "{env:GATE_USER}:{env:GATE_PASSWORD}", {"pattern": r"^.+:.*\\{env:\\w+\\}"}),
]


def proxy_parts(template: str) -> tuple[str, str]:
    """User and password, and the address without them."""
    scheme, mark, rest = template.partition("://")
    userinfo, _, address = rest.rpartition("@")
    return userinfo, f"{scheme}{mark}{address}"


def _is_proxy(value: str) -> str:
    userinfo, address = proxy_parts(value)
    if not re.fullmatch(r"\{env:\w+\}|http://[^/?#@\s]+/?", address):
        raise ValueError('a proxy is reached over http; write it like "http://proxy.example.com:3128"')
    if userinfo and not VARIABLE.search(userinfo.partition(":")[2]):
        raise ValueError(
            "a profile never holds a password itself; write it like "
            '"http://{env:PROXY_USER}:{env:PROXY_PASSWORD}@proxy.example.com:3128"'
        )
    return value


ProxyUrl = Annotated[
    HeaderText,
    AfterValidator(_is_proxy),
    Form("proxy's URL", "http://proxy.example.com:3128", {"pattern": r"^(http://|\{env:)"}),
]


def _is_given(value: str) -> str:
    if not VARIABLE.fullmatch(value):
        raise ValueError(
            'a profile never holds a password itself; write "{env:KEY_PASSWORD}", and set that variable where the '
            "suite runs"
        )
    return value


class Certificate(Model):
    """The client's own certificate, where the deployment wants one."""

    file: Line
    """A file with the certificate for mutual TLS, and those that signed it, in PEM. A relative path begins at the
    profile."""
    key: Line | None = None
    """A file with its private key in PEM. Left out: it is in `file`, too."""
    password: (
        Annotated[
            Line, AfterValidator(_is_given), Form("variable", "{env:KEY_PASSWORD}", {"pattern": r"^\{env:\w+\}$"})
        ]
        | None
    ) = None
    """The password of the key, where it has one: `"{env:KEY_PASSWORD}"`."""

    def below(self, folder: Path) -> Certificate:
        """The same, relative paths of its files below a folder."""
        key = str(folder / self.key) if self.key is not None else None
        return self.model_copy(update={"file": str(folder / self.file), "key": key})


class Reach(Model):
    """What lets requests through to the deployment.

    Over HTTP and in the browser.

    It counts as no credential: an anonymous client has it, too. It goes to the deployment's own addresses only.
    `{env:NAME}` stands for an environment variable, whose value is masked.
    """

    headers: Annotated[dict[HeaderName, HeaderText], AfterValidator(_are_free)] = Field(
        default={}, examples=[{"X-Protection-Bypass": "{env:BYPASS}"}]
    )
    """Headers of every request, such as the one that lets a client through to a protected preview."""
    basic: Basic | None = None
    """User and password of the web server in front (RFC 7617): `"{env:GATE_USER}:{env:GATE_PASSWORD}"`."""

    proxy: ProxyUrl | None = None
    """The proxy by which the deployment is reached, such as `"http://proxy.example.com:3128"`; with
    `{env:PROXY_USER}:{env:PROXY_PASSWORD}@` before the host where it asks for a password. Left out: none, whatever
    the environment says."""

    certificate: Certificate | None = None

    def below(self, folder: Path) -> Reach:
        """The same, relative paths of its files below a folder."""
        found = self.certificate.below(folder) if self.certificate is not None else None
        return self.model_copy(update={"certificate": found})

    def variables(self) -> list[str]:
        """The environment variables that it asks for, in order."""
        return list(dict.fromkeys(VARIABLE.findall(self.model_dump_json())))


def written(reach: Reach) -> str:
    """The section as TOML.

    Empty where it says nothing.
    """
    said = reach.model_dump(exclude_defaults=True, exclude_none=True)
    lines = [f"{key} = {inline(value)}\n" for key, value in said.items()]
    return "".join(["[reach]\n", *lines, "\n"]) if lines else ""
