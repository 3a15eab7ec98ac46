"""What was said on the wire in one scenario, with the step and the person it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.evidence.redaction import redact

if TYPE_CHECKING:
    from harness.http import Exchange

_BODY_SHOWN = 400
_TELLING = ("location", "set-cookie", "www-authenticate", "retry-after", "cache-control", "content-type")
_CARRIED = ("authorization", "cookie", "origin", "content-type")


@dataclass
class Transcript:
    """The exchanges of one scenario, oldest first, each under the step that made it."""

    step: str = ""
    entries: list[tuple[str, Exchange]] = field(default_factory=list)

    def record(self, exchange: Exchange) -> None:
        """Note an exchange under the step that is running."""
        self.entries.append((self.step, exchange))


def describe(exchange: Exchange) -> str:
    """One exchange as a few lines of text, secrets masked, a long body cut."""
    lines = [f"> {exchange.method} {exchange.url}    ({exchange.who})"]
    lines += [f">   {name}: {value}" for name, value in exchange.request_headers if name.lower() in _CARRIED]
    if exchange.request_body:
        lines.append(f">   {_shortened(exchange.request_body)}")
    lines.append(f"< {exchange.status}    ({exchange.elapsed * 1000:.0f} ms)")
    lines += [f"<   {name}: {value}" for name, value in exchange.headers if name.lower() in _TELLING]
    if exchange.body:
        lines.append(f"<   {_shortened(exchange.body)}")
    return redact("\n".join(lines))


def _shortened(body: bytes) -> str:
    text = " ".join(redact(body.decode("utf-8", "replace")).split())
    return text if len(text) <= _BODY_SHOWN else f"{text[:_BODY_SHOWN]}... ({len(body)} bytes)"
