"""Forges a JWT from a fresh one. Standard library only: this text goes into scripts as it stands.

python3 forger.py TOKEN CHANGES KEY, where CHANGES is JSON with any of header, claims (what to set), without_header,
without_claims (what to leave out) and moved (seconds to add to a claim), and KEY is kept, empty, absent, damaged,
other, env:NAME (HMAC with that variable's value) or base64:... (HMAC with these bytes).
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import sys


def encode(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(segment):
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def changed(segment, new, without, moved):
    if not (new or without or moved):
        return segment
    content = {**json.loads(decode(segment)), **new}
    content = {name: value + moved.get(name, 0) if name in moved else value for name, value in content.items()}
    kept = {name: value for name, value in content.items() if name not in without}
    return encode(json.dumps(kept, separators=(",", ":")).encode())


def secret_of(key):
    kind, _, rest = key.partition(":")
    if kind == "env":
        return os.environ[rest].encode()
    return base64.b64decode(rest) if kind == "base64" else secrets.token_bytes(48)


def forge(token, changes, key):
    head, payload, signature = token.split(".")
    head = changed(head, changes.get("header", {}), changes.get("without_header", []), {})
    payload = changed(
        payload, changes.get("claims", {}), changes.get("without_claims", []), changes.get("moved", {})
    )
    if key == "absent":
        return head + "." + payload
    if key == "empty":
        signature = ""
    elif key == "damaged":
        signature = ("B" if signature[0] == "A" else "A") + signature[1:]
    elif key != "kept":
        algorithm = {"HS384": hashlib.sha384, "HS512": hashlib.sha512}.get(
            json.loads(decode(head))["alg"], hashlib.sha256
        )
        signature = encode(hmac.new(secret_of(key), (head + "." + payload).encode(), algorithm).digest())
    return head + "." + payload + "." + signature


if __name__ == "__main__":
    sys.stdout.write(forge(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]))
