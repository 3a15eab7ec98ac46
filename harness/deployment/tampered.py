"""What an attack changes about an otherwise ordinary request."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from harness.wire.request import Raw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.wire.request import Request


@dataclass(frozen=True)
class Tampering:
    """What an attack adds to an otherwise ordinary request.

    ``body`` is added to the body, ``beside`` to those objects in it that tell of a person or task: where they
    stand in an envelope, no deployment looks outside. ``origin`` replaces the page's own Origin header, and
    ``without_origin`` sends none; ``content_type`` and ``raw_body`` replace the JSON; ``left_out`` are
    placeholders whose fields are not sent, ``instead`` those whose fields hold another JSON value.
    """

    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, Any] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    cookies: Mapping[str, str] = field(default_factory=dict)
    origin: str | None = None
    without_origin: bool = False
    content_type: str | None = None
    raw_body: bytes | None = None
    left_out: tuple[str, ...] = ()
    instead: Mapping[str, Any] = field(default_factory=dict)

    def onto(self, request: Request) -> Request:
        """The request, tampered with.

        ``beside``, ``left_out`` and ``instead`` concern templates and are in it already.
        """
        if self.raw_body is not None:
            request = replace(request, content=Raw(self.raw_body, self.content_type))
        return request.adding(query=self.query, headers=self.headers, cookies=self.cookies, fields=self.body)


UNTAMPERED = Tampering()
