"""What a request carries to say who sends it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.wire.request import Request


@dataclass(frozen=True)
class Credential:
    """What a request carries to say who sends it.

    It is frozen: never a live cookie jar.
    """

    label: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)
    has_csrf_token: bool = False

    def onto(self, request: Request) -> Request:
        """The request with the credential in cookies, headers, query and body."""
        return request.adding(query=self.query, headers=self.headers, cookies=self.cookies, fields=self.body)

    @property
    def carried(self) -> dict[str, str]:
        """Cookies, headers, query parameters and body fields, by name."""
        return {**self.cookies, **dict(self.headers), **self.query, **self.body}

    def with_value(self, old: str, new: str, label: str) -> Credential:
        """The same with another value where ``old`` stood."""
        return replace(
            self,
            label=label,
            cookies={name: value.replace(old, new) for name, value in self.cookies.items()},
            headers=tuple((name, value.replace(old, new)) for name, value in self.headers),
            query={name: value.replace(old, new) for name, value in self.query.items()},
            body={name: value.replace(old, new) for name, value in self.body.items()},
        )

    def with_csrf_token(
        self, *, headers: tuple[tuple[str, str], ...] = (), body: Mapping[str, str] | None = None
    ) -> Credential:
        """The same, with what shows that the deployment's own page sends it."""
        return replace(
            self, headers=(*self.headers, *headers), body={**self.body, **(body or {})}, has_csrf_token=True
        )


ANONYMOUS = Credential("no credential")
