"""The sources that requirements name."""

from __future__ import annotations

import pytest

from harness.results.sources import Source, source_of, source_or_tag
from harness.specification.catalogue import requirements


def test_every_source_of_the_specification_has_a_name_and_an_address() -> None:
    tags = {tag for one in requirements().values() for tag in one.sources}
    sources = [source_of(tag) for tag in sorted(tags)]
    assert all(source.address.startswith("https://") or source.name.startswith("functional") for source in sources)
    assert len({source.name for source in sources}) == len(tags)


@pytest.mark.parametrize(
    ("tag", "name", "address"),
    [
        ("rfc8725-3.1", "RFC 8725 section 3.1", "https://datatracker.ietf.org/doc/html/rfc8725#section-3.1"),
        ("rfc6749-a1.2", "RFC 6749 appendix A1.2", "https://datatracker.ietf.org/doc/html/rfc6749#appendix-A1.2"),
        (
            "rfc6265bis-4.1.2",
            "RFC 6265bis section 4.1.2",
            "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.2",
        ),
        ("rfc9110", "RFC 9110", "https://datatracker.ietf.org/doc/html/rfc9110"),
        ("ghsa-xmf8-cvqr-rfgj", "GHSA-xmf8-cvqr-rfgj", "https://github.com/advisories/GHSA-xmf8-cvqr-rfgj"),
        ("cve-2022-29217", "CVE-2022-29217", "https://www.cve.org/CVERecord?id=CVE-2022-29217"),
        ("api1-2023", "API1:2023", "https://owasp.org/API-Security/editions/2023/en/0x11-t10/"),
        (
            "part-of-asvs-7.4.1",
            "part of ASVS v5.0.0-7.4.1",
            "https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x16-V7-Session-Management.md",
        ),
        (
            "nist-800-63b-4.5",
            "NIST SP 800-63B-4 section 4.5",
            "https://pages.nist.gov/800-63-4/sp800-63b.html#invalidation",
        ),
        ("functional", "functional (no standard demands it)", ""),
    ],
)
def test_a_source_is_written_as_its_publisher_does(tag: str, name: str, address: str) -> None:
    assert (source_of(tag).name, source_of(tag).address) == (name, address)


@pytest.mark.parametrize(
    "tag",
    ["needs-browser", "defect-so-x", "nist-800-63b", "part-of-", "", "7", "asvs-99.1.1", "wstg-none-01"],
)
def test_another_tag_is_no_source_and_its_own_name(tag: str) -> None:
    with pytest.raises(ValueError, match="names no source"):
        source_of(tag)
    assert source_or_tag(tag) == Source(tag, "")
