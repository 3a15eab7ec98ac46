"""A requirement's sources: their names and addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from harness.specification.tags import FUNCTIONAL, PART_OF

_ASVS = "https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en"
_ASVS_CHAPTERS = {
    "1": "0x10-V1-Encoding-and-Sanitization",
    "2": "0x11-V2-Validation-and-Business-Logic",
    "3": "0x12-V3-Web-Frontend-Security",
    "4": "0x13-V4-API-and-Web-Service",
    "5": "0x14-V5-File-Handling",
    "6": "0x15-V6-Authentication",
    "7": "0x16-V7-Session-Management",
    "8": "0x17-V8-Authorization",
    "9": "0x18-V9-Self-contained-Tokens",
    "10": "0x19-V10-OAuth-and-OIDC",
    "11": "0x20-V11-Cryptography",
    "12": "0x21-V12-Secure-Communication",
    "13": "0x22-V13-Configuration",
    "14": "0x23-V14-Data-Protection",
    "15": "0x24-V15-Secure-Coding-and-Architecture",
    "16": "0x25-V16-Security-Logging-and-Error-Handling",
    "17": "0x26-V17-WebRTC",
}
_WSTG = "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing"
_WSTG_CHAPTERS = {
    "info": "01-Information_Gathering",
    "conf": "02-Configuration_and_Deployment_Management_Testing",
    "idnt": "03-Identity_Management_Testing",
    "athn": "04-Authentication_Testing",
    "athz": "05-Authorization_Testing",
    "sess": "06-Session_Management_Testing",
    "inpv": "07-Input_Validation_Testing",
    "errh": "08-Testing_for_Error_Handling",
    "cryp": "09-Testing_for_Weak_Cryptography",
    "busl": "10-Business_Logic_Testing",
    "clnt": "11-Client-side_Testing",
    "apit": "12-API_Testing",
}
_DRAFTS = {"6265bis": "draft-ietf-httpbis-rfc6265bis", "8725bis": "draft-ietf-oauth-rfc8725bis"}
_DATATRACKER = "https://datatracker.ietf.org/doc/html"
_NIST = "https://pages.nist.gov/800-63-4/sp800-63b.html"
_NIST_SECTIONS = {"3.1.1.2": "passwordver", "4.5": "invalidation"}
_APIS = "https://owasp.org/API-Security/editions"
_STANDARDS = {
    "ASVS": "OWASP ASVS 5.0",
    "WSTG": "OWASP WSTG",
    "API": "OWASP API Security Top 10",
    "CWE": "CWE",
    "CVE": "CVE, GHSA",
    "GHSA": "CVE, GHSA",
    FUNCTIONAL: FUNCTIONAL,
}
"""What a filter calls them, by how their names begin; each other without its section."""
_SECTION = re.compile(r" (section|appendix) \S+$")
_FORM = re.compile(r"(?P<kind>[a-z]+)-?(?P<rest>.*)")


@dataclass(frozen=True)
class Source:
    """One source: its name for people and its address."""

    name: str
    address: str
    """Empty where there is nothing to read."""


def source_of(tag: str) -> Source:
    """The source that a tag names, such as ``asvs-7.4.1``.

    Raises ValueError for a tag that names none.
    """
    if tag == FUNCTIONAL:
        return Source("functional (no standard demands it)", "")
    if tag.startswith(PART_OF):
        whole = source_of(tag.removeprefix(PART_OF))
        return Source(f"part of {whole.name}", whole.address)
    form = _FORM.fullmatch(tag)
    if form is None or form["kind"] not in _BY_KIND:
        raise ValueError(f'"{tag}" names no source')
    try:
        return _BY_KIND[form["kind"]](form["rest"])
    except KeyError:
        raise ValueError(f'"{tag}" names no source: there is no such chapter') from None


def standard_of(tag: str) -> str:
    """The standard or list that a tag's section is of.

    Raises ValueError for a tag that names no source.
    """
    name = source_of(tag.removeprefix(PART_OF)).name
    known = (standard for form, standard in _STANDARDS.items() if name.startswith(form))
    return next(known, _SECTION.sub("", name))


def source_or_tag(tag: str) -> Source:
    """The source that a tag names; of an unknown one the tag."""
    try:
        return source_of(tag)
    except ValueError:
        return Source(tag, "")


def _rfc(rest: str) -> Source:
    number, _, section = rest.partition("-")
    name, page = f"RFC {number}", f"{_DATATRACKER}/{_DRAFTS.get(number, f'rfc{number}')}"
    if not section:
        return Source(name, page)
    part = "section" if section[0].isdigit() else "appendix"
    return Source(f"{name} {part} {section.upper()}", f"{page}#{part}-{section.upper()}")


def _asvs(number: str) -> Source:
    return Source(f"ASVS v5.0.0-{number}", f"{_ASVS}/{_ASVS_CHAPTERS[number.partition('.')[0]]}.md")


def _nist(rest: str) -> Source:
    section = rest.removeprefix("800-63b-")
    if section not in _NIST_SECTIONS:
        raise ValueError(f'"nist-{rest}" names no source that is known')
    return Source(f"NIST SP 800-63B-4 section {section}", f"{_NIST}#{_NIST_SECTIONS[section]}")


def _wstg(rest: str) -> Source:
    return Source(f"WSTG-{rest.upper()}", f"{_WSTG}/{_WSTG_CHAPTERS[rest.partition('-')[0]]}/README")


def _api(rest: str) -> Source:
    number, _, year = rest.partition("-")
    return Source(f"API{number}:{year}", f"{_APIS}/{year}/en/0x11-t10/")


def _cwe(number: str) -> Source:
    return Source(f"CWE-{number}", f"https://cwe.mitre.org/data/definitions/{number}.html")


def _cve(number: str) -> Source:
    return Source(f"CVE-{number}", f"https://www.cve.org/CVERecord?id=CVE-{number}")


def _ghsa(code: str) -> Source:
    return Source(f"GHSA-{code}", f"https://github.com/advisories/GHSA-{code}")


_BY_KIND: dict[str, Callable[[str], Source]] = {
    "rfc": _rfc,
    "asvs": _asvs,
    "nist": _nist,
    "wstg": _wstg,
    "api": _api,
    "cwe": _cwe,
    "cve": _cve,
    "ghsa": _ghsa,
}
