"""What a source tag such as ``rfc8725-3.1`` is called, and where it can be read if that is certain."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A source as a reader knows it; ``url`` is empty where no lasting address is known."""

    label: str
    url: str = ""


_NAMES = {
    "fetch": Source("Fetch Standard", "https://fetch.spec.whatwg.org/"),
    "html": Source("HTML Standard", "https://html.spec.whatwg.org/"),
    "nist-800-63b": Source("NIST SP 800-63B"),
}
_RFC = re.compile(r"rfc(\d+)(?:-(\d[\d.]*))?")
_DRAFT = re.compile(r"rfc(\d+)bis(?:-(\d[\d.]*))?")
_CWE = re.compile(r"cwe-(\d+)")
_CVE = re.compile(r"cve-\d+-\d+")
_GHSA = re.compile(r"ghsa((?:-[0-9a-z]{4}){3})")
_API = re.compile(r"api(\d+)-(\d+)")
_UPPER = re.compile(r"(asvs|wstg)-([a-z0-9.-]+)")


def source_of(tag: str) -> Source:
    """The source that a scenario's tag names; a tag of no known kind is its own label."""
    if tag in _NAMES:
        return _NAMES[tag]
    if found := _RFC.fullmatch(tag):
        return _rfc(*found.groups())
    if found := _DRAFT.fullmatch(tag):
        return Source(f"RFC {found[1]}bis{_section(found[2])}")
    if found := _CWE.fullmatch(tag):
        return Source(f"CWE-{found[1]}", f"https://cwe.mitre.org/data/definitions/{found[1]}.html")
    return _advice(tag)


def _rfc(number: str, section: str | None) -> Source:
    anchor = f"#section-{section}" if section else ""
    return Source(f"RFC {number}{_section(section)}", f"https://www.rfc-editor.org/rfc/rfc{number}{anchor}")


def _section(number: str | None) -> str:
    return f" §{number}" if number else ""


def _advice(tag: str) -> Source:
    if _CVE.fullmatch(tag):
        return Source(tag.upper(), f"https://www.cve.org/CVERecord?id={tag.upper()}")
    if found := _GHSA.fullmatch(tag):
        return Source(f"GHSA{found[1]}", f"https://github.com/advisories/GHSA{found[1]}")
    if found := _API.fullmatch(tag):
        return Source(f"OWASP API{found[1]}:{found[2]}")
    if found := _UPPER.fullmatch(tag):
        separator = " " if found[1] == "asvs" else "-"
        return Source(f"{found[1].upper()}{separator}{found[2].upper()}")
    return Source(tag)
