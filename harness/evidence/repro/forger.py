"""Forges a JWT from a fresh one.

Standard library only: this text goes into scripts as it stands.

python3 forger.py TOKEN CHANGES KEY. CHANGES is JSON with any of header and claims (what to set; null leaves out),
moved (seconds to add to a claim) and listed (claims to make lists of one). KEY is kept, empty, absent, damaged,
"cut to" and a number of characters, written:... (this signature), env:NAME (HMAC with that variable's value) or
base64:... (HMAC with these bytes).
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import sys


def encode(content: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(segment: str) -> bytes:
    """The content of a base64url segment."""
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def changed(segment: str, new: dict, moved: dict, listed: list) -> str:  # type: ignore[type-arg]
    """A segment with fields set, moved, listed and left out.

    To the byte as it was where nothing is.
    """
    if not (new or moved or listed):
        return segment
    content = {**json.loads(decode(segment)), **new}
    content.update({name: content[name] + moved[name] for name in moved})
    content.update({name: [content[name]] for name in listed})
    kept = {name: value for name, value in content.items() if value is not None}
    return encode(json.dumps(kept, separators=(",", ":")).encode())


def secret_of(key: str) -> bytes:
    """The bytes that sign."""
    kind, _, rest = key.partition(":")
    return os.environ[rest].encode() if kind == "env" else base64.b64decode(rest)


def forge(token: str, changes: dict, key: str) -> str:  # type: ignore[type-arg]
    """The forged token."""
    head, payload, signature = token.split(".")
    claims = [changes.get(name, {}) for name in ("claims", "moved", "listed")]
    unsigned = changed(head, changes.get("header", {}), {}, []) + "." + changed(payload, *claims)
    if key == "absent":
        return unsigned
    if key == "damaged":
        return unsigned + "." + ("B" if signature[0] == "A" else "A") + signature[1:]
    if key.startswith("cut to "):
        return unsigned + "." + signature[: int(key[7:])]
    if key.startswith("written:"):
        return unsigned + "." + key[8:]
    if key in ("kept", "empty"):
        return unsigned + "." + (signature if key == "kept" else "")
    named = json.loads(decode(unsigned.partition(".")[0]))["alg"]
    algorithm = {"HS384": "sha384", "HS512": "sha512"}.get(named.upper(), "sha256")
    return unsigned + "." + encode(hmac.new(secret_of(key), unsigned.encode(), algorithm).digest())


if __name__ == "__main__":
    sys.stdout.write(forge(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]))
