"""What a user may get wrong, for the tests of every command."""

from __future__ import annotations

UNREADABLE: dict[str, bytes | None] = {
    "missing": None,
    "no UTF-8": b'title = "Z\xfcrich"\n',
    "a BOM": b'\xef\xbb\xbfextends = "reference"\n',
    "a NUL": b'title = "a\x00b"\n',
    "nested deep": b"a = " + b"[" * 20_000 + b"]" * 20_000,
    "nested deep as JSON": b"[" * 100_000,
    "an integer of 5000 digits": b'{"format": ' + b"9" * 5_000 + b', "results": []}',
}
"""Files that are neither a profile, nor waivers, nor a report, nor certificates."""

URLS = [
    "http://[::1",
    "http://a b/",
    "http://",
    "ftp://a.example",
    "http://a.example:99999",
    "http://a.example:abc",
    "http://" + "a" * 300 + ".example",
    "http://xn--/",
    "http://\u2028x",
    "http://a.example/\x00",
    "http://me:secret@a.example",
    "",
]
"""Addresses at which no deployment can be."""
