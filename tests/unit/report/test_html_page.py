"""The HTML page as text: what stands in it, in which order, and that nothing from outside can become markup."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from harness.core.exits import Exit
from harness.core.verdict import Conclusion, Level, Verdict
from harness.report.document import Report
from harness.report.folder import FORMS, PAGE, write_report
from harness.report.html import page, view
from harness.results.result import Artefact, Waived
from tests.support.example_report import (
    CANARY,
    FIX,
    SCREENSHOT,
    WHY,
    every_verdict,
    exchange,
    report,
    result,
    stale,
)
from tests.support.hostile import with_hostile_texts
from tests.support.html_page import Parsed, parsed_page


def parsed(source: Report) -> Parsed:
    return parsed_page(page.render(source))


# --- what stands in it ---


def test_it_is_one_of_the_forms_and_the_one_the_terminal_points_to(tmp_path: Any) -> None:
    assert PAGE == "report.html"
    assert FORMS[PAGE] is page.render
    assert tmp_path / PAGE in write_report(tmp_path, report())
    assert (tmp_path / PAGE).read_text("utf-8").startswith("<!doctype html>")


def test_every_result_stands_there_once_with_its_verdict_flow_level_and_severity() -> None:
    source = report()
    shown = parsed(source).all("details", **{"class": "result"})
    assert Counter(
        (one["data-verdict"], one["data-flow"], one["data-level"], one["data-severity"]) for one in shown
    ) == Counter((str(one.verdict), one.feature, str(one.level), str(one.severity)) for one in source.results)
    assert {one["data-verdict"] for one in shown} == {str(verdict) for verdict in Verdict}


def test_one_of_a_cause_is_open_and_the_others_lead_to_it() -> None:
    found = [result(Verdict.FAIL, f"isolation-{name}", came="the list holds it") for name in "abc"]
    shown = parsed(report(found))
    assert [one["id"] for one in shown.all("details", **{"class": "result"}) if "open" in one] == ["isolation-a"]
    assert {one["id"] for one in shown.all("li") if "id" in one} == {"found-1"}
    assert shown.text.count("The same came as for The requirement isolation-a") == 2
    assert shown.text.count("2 other results of one cause") == 3
    assert "of one cause" not in parsed(report(found[:1])).text


def test_what_is_red_is_open_and_the_rest_is_closed() -> None:
    shown = parsed(report()).all("details", **{"class": "result"})
    assert {one["data-verdict"] for one in shown if "open" in one} == {"fail", "error"}
    settings = report().settings.model_copy(update={"strict": True, "require_tested": True})
    shown = parsed(report(settings=settings)).all("details", **{"class": "result"})
    assert {one["data-verdict"] for one in shown if "open" in one} == {"fail", "error", "warn", "not tested"}


def test_the_head_says_what_was_judged_and_how_it_ended() -> None:
    text = parsed(report(specified=40, expected=12)).text
    head = text[: text.index("What did not hold")]
    for words in (
        "Not conformant",
        "Tasks of Example",
        "https://tasks.example.com",
        "https://api.example.com",
        "26 November 2026, 17:58 UTC",
        "2 min 14 s",
        "4711",
        "auth-conformance 1.2.3, specification 1.4",
        "Expected 12, ran 11; the whole specification has 40.",
        "3 scenarios did not hold.",
        "The waiver of signin-slow expires on 2027-01-31.",
        "Start with the first finding",
    ):
        assert words in head


@pytest.mark.parametrize("conclusion", list(Conclusion))
def test_every_conclusion_says_what_to_do_next(conclusion: Conclusion) -> None:
    source = report(conclusion=conclusion)
    text = parsed(source).text
    assert f"{conclusion.capitalize()} {view.next_step(source)}" in text


def test_the_next_step_fits_what_was_found() -> None:
    calm = [result(Verdict.PASS, "isolation-read")]
    assert "the reasons say what makes the run red" in parsed(stale()).text
    advice = [*calm, result(Verdict.WARN, "signin-alike", level=Level.SHOULD)]
    good: dict[str, Any] = {"conclusion": Conclusion.CONFORMANT, "exit_code": Exit.CONFORMANT, "reasons": []}
    assert "There is nothing to do." in parsed(report(calm, **good)).text
    assert "What is marked warn is recommended" in parsed(report(advice, **good)).text


def test_findings_are_named_first_the_most_severe_at_the_head() -> None:
    text = parsed(report()).text
    listed = text[text.index("What did not hold, and what broke") : text.index("What was not looked at")]
    names = ["isolation-read", "browser-signout", "token-broken", "signin-alike", "signin-slow"]
    places = [listed.index(f"The requirement {name}") for name in names]
    assert places == sorted(places)


def test_one_cause_is_told_once_and_names_its_remedy() -> None:
    text = parsed(report()).text
    unseen = text[text.index("What was not looked at") : text.index("Run it again")]
    assert unseen.count("2 not tested : the shared signing secret was not given.") == 1
    assert unseen.count("Set the environment variable AUTH_CONFORMANCE_JWT_SECRET.") == 1
    results = text[text.index("Show all") :]
    assert results.count("2 scenarios: the shared signing secret was not given.") == 1
    assert results.count("Set the environment variable") == 1


def test_what_was_not_selected_or_did_not_run_is_said() -> None:
    text = parsed(report(specified=40, expected=12)).text
    assert "1 scenario that was selected did not run." in text
    assert "28 scenarios of the 40 that are specified were not selected." in text
    whole = parsed(report([result(Verdict.PASS, "isolation-read")])).text
    assert "Nothing: every scenario of the specification was judged." in whole


def test_the_table_counts_each_flow_and_leaves_empty_cells_blank() -> None:
    rendered = page.render(report())
    row = re.search(r'<tr><th scope="row"><a href="#flow-browser-signin">.*?</tr>', rendered)
    assert row is not None
    cells = re.findall(r"<td class=\"number\">(.*?)</td>", row[0])
    assert [re.sub("<.*?>", "", cell) for cell in cells] == ["1", "", "1", "1", "", "", "", "3"]
    assert 'data-filter="verdict=fail&amp;flow=browser-signin"' in cells[0]


def test_a_finding_shows_all_that_is_needed_to_see_it_again() -> None:
    source = report()
    text = parsed(source).text
    part = text[text.index("✕ fail The requirement browser-signout MUST, high Expected") :]
    part = part[: part.index("All 3 exchanges")]
    for words in (
        "Then it is refused decided here",
        "browser-signin.feature:11",
        "Control: accepted, as it should be",
        "Attempt: the answer that decided",
        "Request by Bob",
        "Authorization: Bearer <access token>",
        "Answer after 12 ms",
        "The requests as curl commands",
        "auth-conformance trace 'evidence/browser-signout/it'\"'\"'s a trace.zip'",
        "auth-conformance run --base-url https://tasks.example.com --target tasks.toml",
        "--seed 4711 -m browser-signout",
    ):
        assert words in part
    assert f"<mark>{CANARY}</mark>" in page.render(source)


def test_what_did_not_hold_says_why_it_matters_and_how_to_fix_it() -> None:
    source = report()
    unmet = source.of(Verdict.FAIL, Verdict.WARN, Verdict.WAIVED)
    found = parsed(source)
    assert len(found.all("dl", **{"class": "rationale"})) == len(unmet)
    assert found.text.count(f"Why it matters {WHY} How to fix it {FIX}") == len(unmet)
    assert "Why it matters" not in parsed(report([result(Verdict.FAIL, why="", fix="")])).text


def test_waiver_note_traceback_and_missing_reproduction_are_told() -> None:
    source = report([*every_verdict(), result(Verdict.PASS, "expiry-late", notes=["mint: signed anew"])])
    text = parsed(source).text
    assert "Waived until 2027-01-31 by Accounts: The new form ships in January" in text
    assert "There is no curl reproduction: no curl" in text
    assert "Where the suite broke steps/x.py:7: ReadTimeout" in text
    assert "How it was judged mint: signed anew" in text


def test_a_pass_has_a_line_for_each_exchange_and_a_finding_has_them_whole() -> None:
    passed = parsed(report([result(Verdict.PASS, "one-pass", exchanges=[exchange(), exchange()])]))
    assert passed.all("pre", **{"class": "wire"}) == []
    assert "GET /api/tasks/7?fields=title" in passed.text
    broken = [exchange(), exchange(decides=True)]
    found = parsed(report([result(Verdict.FAIL, "one-fail", exchanges=broken)]))
    assert len(found.all("pre", **{"class": "wire"})) == 2 * len(broken)
    assert "Decides; it is shown above." in found.text


def test_a_cut_body_says_so() -> None:
    long = exchange(decides=True, body="y" * 4000, body_bytes=90_000)
    assert "it had 90000 bytes" in parsed(report([result(Verdict.FAIL, "one-fail", exchanges=[long])])).text


def test_costs_and_environment_close_the_page() -> None:
    text = parsed(report()).text
    end = text[text.index("The run Absent by the profile") :]
    for words in (
        "No refresh operation",
        "Python 3.11.7, Linux x86_64",
        "asked for 11",
        "asked for 22",
        "429 3.0 s",
    ):
        assert words in end


# --- what can't be in it ---


def test_no_text_from_outside_becomes_markup() -> None:
    plain, hostile = report(), with_hostile_texts(report())
    found = parsed(hostile)
    of_links = {"a"}  # a source that nobody knows is no link
    expected = Counter(tag for tag, _ in parsed(plain).elements if tag not in of_links)
    assert Counter(tag for tag, _ in found.elements if tag not in of_links) == expected
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
    assert "hacked=1</script>" in found.text
    rendered = page.render(hostile)
    assert not re.search("[\u2028\u202e\x00]", rendered)
    assert "{{ 7 * 7 }}" in rendered


@pytest.mark.parametrize("issue", ["javascript:hacked=1", "data:text/html,x", "file:///etc/passwd"])
def test_a_link_leads_to_the_web_or_nowhere(issue: str) -> None:
    waiver = Waived(reason="r", owner="o", issue=issue, expires="2027-01-31")
    links = parsed(report([result(Verdict.WAIVED, "one-waived", waiver=waiver)])).all("a")
    assert issue not in {link["href"] for link in links}
    path = "javascript:hacked=1"
    files = [Artefact(kind="repro", path=path, about="x")]
    links = parsed(report([result(Verdict.FAIL, "one-fail", artefacts=files)])).all("a")
    assert "javascript%3Ahacked%3D1" in {link["href"] for link in links}


def test_the_page_needs_nothing_else() -> None:
    rendered = page.render(report())
    found = parsed(report())
    outside = [
        at for tag, at in found.elements if tag != "a" for name in ("src", "href", "srcset") if at.get(name)
    ]
    assert {one.get("src") or one.get("href") for one in outside} == {"data:,", SCREENSHOT}
    style = re.search("<style>(.*?)</style>", rendered, re.DOTALL)
    assert style is not None
    assert not re.search(r"@import|url\(", style[1])
    [script] = found.all("script")
    assert script == {}
    assert not [tag for tag, attributes in found.elements if "style" in attributes]


def test_anchors_are_unique_and_every_inner_link_has_its_target() -> None:
    found = parsed(report())
    names = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(names) == len(set(names))
    inner = {str(link["href"])[1:] for link in found.all("a") if str(link["href"]).startswith("#")}
    assert inner <= set(names)


def test_a_whole_passing_run_stays_small() -> None:
    lines = [exchange(f"Given step {number // 3}", url="https://x.example/api/tasks") for number in range(11)]
    results = [result(Verdict.PASS, f"one-{number}", exchanges=lines) for number in range(180)]
    assert len(page.render(report(results)).encode()) < 1_500_000
