"""docs/site/index.html: every requirement to read, on one page that needs nothing else."""

from __future__ import annotations

import re

import pytest

from harness.core.verdict import Level
from harness.report.documentation import SITE
from harness.report.html import site
from harness.results.sources import source_of, standard_of
from harness.specification.catalogue import FEATURES, Requirement, requirements
from harness.specification.coverage import ASVS, RFC_8725, by_number, cited
from harness.specification.feature_text import read_feature_text
from harness.specification.tags import FUNCTIONAL, NEEDS
from harness.specification.version import specification_version
from tests.support.html_page import parsed_page

REGENERATE = "run: python -m harness.report.documentation"
PAGE = site.render()
FOUND = parsed_page(PAGE)
LARGEST = 1_000_000
"""Bytes."""


def entry(identity: str) -> str:
    """The page's text of one requirement."""
    part = PAGE.partition(f'<details class="result" id="{identity}"')[2].partition("</details>")[0]
    return parsed_page(f"<details {part}</details>").text


def test_the_page_is_current() -> None:
    assert SITE.read_text("utf-8") == PAGE, REGENERATE


def test_it_is_the_same_each_time_and_of_a_size_to_send() -> None:
    assert site.render() == PAGE
    assert len(PAGE.encode()) < LARGEST


@pytest.mark.parametrize("one", requirements().values(), ids=lambda one: one.identity)
def test_a_requirement_is_there_whole(one: Requirement) -> None:
    (shown,) = FOUND.all("details", id=one.identity)
    text = entry(one.identity)
    assert (shown["data-level"], shown["data-severity"], shown["data-flow"]) == (
        one.level.value,
        one.severity.value,
        one.feature,
    )
    assert str(shown["data-source"]).split("|") == list(dict.fromkeys(map(standard_of, one.sources)))
    needs = [need.removeprefix("needs-") for need in one.needs]
    assert str(shown["data-need"]).split("|") == (needs or ["nothing"])
    for words in (one.level.upper(), one.name, one.identity, one.severity, one.why, one.fix):
        assert " ".join(words.split()) in text
    assert all(source_of(tag).name in text and tag in text for tag in one.sources)
    assert all(NEEDS[need] in text for need in one.needs)
    assert all(defect in text for defect in one.defects)
    (scenario,) = (
        found
        for found in read_feature_text(FEATURES / f"{one.feature}.feature").scenarios
        if found.identity == one.identity
    )
    for step in scenario.steps.each:
        assert f"{step.keyword} {' '.join(step.words.split())}" in text
        assert all(" ".join(cell.split()) in text for row in step.rows for cell in row)
    cells = [cell for table in scenario.examples for row in (table.head, *table.rows) for cell in row]
    assert all(" ".join(cell.split()) in text for cell in cells)


def test_every_source_and_only_those_are_links() -> None:
    links = {str(link["href"]) for link in FOUND.all("a")}
    sources = {source_of(tag).address for one in requirements().values() for tag in one.sources} - {""}
    assert sources <= links
    outside = {link for link in links - sources if not link.startswith("#")}
    assert {link for link in outside if not link.startswith(site.REPOSITORY)} == set()


def test_anchors_are_unique_and_every_inner_link_has_its_target() -> None:
    names = [attributes["id"] for _, attributes in FOUND.elements if "id" in attributes]
    assert len(names) == len(set(names))
    assert {*requirements(), *(f"flow-{one.feature}" for one in requirements().values())} <= set(names)
    inner = {str(link["href"])[1:] for link in FOUND.all("a") if str(link["href"]).startswith("#")}
    assert inner <= set(names)


def test_each_filter_has_a_label_and_what_is_there() -> None:
    for name in ("level", "severity", "flow", "source", "need"):
        assert FOUND.all("label", **{"for": f"by-{name}"})
        options = re.search(rf'<select id="by-{name}" name="{name}">(.*?)</select>', PAGE)
        assert options is not None
        offered = {value for value in re.findall(r'<option value="([^"]*)"', options[1]) if value}
        shown = {
            word
            for one in FOUND.all("details")
            for word in str(one[f"data-{name}"]).replace("&amp;", "&").split("|")
        }
        assert shown <= offered
        if name not in ("level", "severity"):
            assert offered == shown


def test_the_head_says_the_version_and_how_many_there_are() -> None:
    every = requirements().values()
    head = FOUND.text[: FOUND.text.index("How to read it")]
    assert f"The specification version {specification_version()}" in head
    must, should, may = (sum(one.level is level for one in every) for level in Level)
    scenarios = sum(one.scenarios for one in every)
    flows = len({one.feature for one in every})
    assert f"{len(every)} requirements: {must} MUST , {should} SHOULD , {may} MAY, in {flows} flows and" in (
        head.replace("MUST,", "MUST ,").replace("SHOULD,", "SHOULD ,")
    )
    assert f"{scenarios} scenarios." in head


def test_the_tables_of_standards_name_who_covers_what() -> None:
    for standard, name in ((ASVS, "OWASP ASVS 5.0"), (RFC_8725, "RFC 8725")):
        sections = cited(standard)
        assert list(sections) == sorted(sections, key=by_number)
        table = PAGE.partition(f">{name}</h3>")[2].partition("</table>")[0]
        assert f"{len(sections)} sections with a requirement" in table
        for number, identities in sections.items():
            row = table.partition(f">{number}</a></th>")[2].partition("</tr>")[0]
            assert set(re.findall('href="#([^"]+)"', row)) == set(identities)
    assert '<em>in part:</em> <a href="#cookie-session-is-secure">' in PAGE


def test_the_page_needs_nothing_else() -> None:
    outside = [
        at
        for tag, at in FOUND.elements
        if tag != "a"
        for name in ("src", "href", "srcset", "action")
        if at.get(name) not in (None, "data:,")
    ]
    assert outside == []
    style = re.search("<style>(.*?)</style>", PAGE, re.DOTALL)
    assert style is not None
    assert not re.search(r"@import|url\(", style[1])
    assert not [tag for tag, attributes in FOUND.elements if "style" in attributes]
    assert "default-src 'none'" in PAGE


@pytest.mark.parametrize(
    ("tag", "standard"),
    [
        ("asvs-7.4.1", "OWASP ASVS 5.0"),
        ("part-of-asvs-7.4.1", "OWASP ASVS 5.0"),
        ("rfc8725-3.1", "RFC 8725"),
        ("rfc6265bis-4.1.2.6", "RFC 6265bis"),
        ("nist-800-63b-4.5", "NIST SP 800-63B-4"),
        ("wstg-sess-06", "OWASP WSTG"),
        ("api2-2023", "OWASP API Security Top 10"),
        ("cwe-613", "CWE"),
        ("cve-2015-9235", "CVE, GHSA"),
        ("ghsa-hjpm-7mrm-26w8", "CVE, GHSA"),
        (FUNCTIONAL, FUNCTIONAL),
    ],
)
def test_a_source_is_of_a_standard(tag: str, standard: str) -> None:
    assert standard_of(tag) == standard
