"""Each way in which a feature file could be green without testing anything is an error of one sentence.

Every case breaks one thing of a file that is collected as it stands.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.core.exits import Exit
from harness.specification.gherkin import FeatureError, read_feature
from harness.specification.tags import sort_tags

pytest_plugins = ["pytester"]

PLUGINS = [
    word
    for name in (
        "no:faker",
        "no:base_url",
        "no:playwright",
        "no:xdist",
        "no:cacheprovider",
        "harness.pytest_plugin.plugin",
    )
    for word in ("-p", name)
]
TAGS = "@trap-one @must @high @cwe-287"
STEPS = """
from pytest_bdd import given, parsers, then, when

@given("somebody is here")
def somebody(): ...

@when("they knock")
def knock(): ...

@when(parsers.parse('they say "{words}"'))
def say(words): ...

@then("the door opens")
def opens(): ...
"""
RIGHT = f"""\
Feature: A door

  {TAGS}
  Scenario: The door opens
    Given somebody is here
    When they knock
    Then the door opens
"""
OUTLINE = f"""\
Feature: A door

  {TAGS}
  Scenario Outline: The door opens on <word>
    When they say "<word>"
    Then the door opens

    Examples:
      | word |
      | open |
"""


@dataclass(frozen=True)
class Trap:
    """``feature`` and ``steps`` are what is collected; ``sentence`` is what must be said, and nothing else."""

    sentence: str
    feature: str = RIGHT
    steps: str = STEPS


def second(name: str) -> str:
    """The right file with a second scenario of that name."""
    again = RIGHT.split("\n", 2)[2].replace("trap-one", "trap-two").replace("The door opens", name, 1)
    return RIGHT + "\n" + again


def defined_again(line: str) -> str:
    return f"{STEPS}\n{line}\ndef again(**_): ...\n"


def twins(first: str, other: str) -> str:
    return (
        f'the scenarios "{first}" and "{other}" have one name (signs and case do not count); only the last would '
        "run. Rename one."
    )


TRAPS = {
    "two scenarios of one name": Trap(twins("The door opens", "The door opens"), second("The door opens")),
    "two names that differ in case": Trap(twins("The door opens", "the door opens"), second("the door opens")),
    "two names that differ in signs": Trap(twins("The door opens", "The door opens!"), second("The door opens!")),
    "a step line in the feature's description": Trap(
        'the line "Given somebody is here" stands in a description and would never run; put it under a scenario.',
        RIGHT.replace("Feature: A door\n", "Feature: A door\n  Given somebody is here\n"),
    ),
    "a step line in a rule's description": Trap(
        'the line "When they knock" stands in a description and would never run; put it under a scenario.',
        RIGHT.replace("Feature: A door\n", "Feature: A door\n  Rule: Doors\n    When they knock\n"),
    ),
    "a step line in a table's description": Trap(
        'the line "Then the door opens" stands in a description and would never run; put it under a scenario.',
        OUTLINE.replace("Examples:\n", "Examples:\n      Then the door opens\n"),
    ),
    "no step": Trap(
        'the scenario "The door opens" has no steps and would pass; write them.',
        RIGHT.split("    Given")[0],
    ),
    "no scenario": Trap("holds no scenario that would run; write one, or remove the file.", "Feature: A door\n"),
    "an empty file": Trap("holds no scenario that would run; write one, or remove the file.", "\n"),
    "an outline without a table": Trap(
        'the outline "The door opens on <word>" has no Examples row and would not run.',
        OUTLINE.split("    Examples")[0].replace('"<word>"', '"open"'),
    ),
    "an outline without a row": Trap(
        'the outline "The door opens on <word>" has no Examples row and would not run.',
        OUTLINE.replace("      | open |\n", "") + second("Another")[len(RIGHT) :],
    ),
    "an outline by another word without a row": Trap(
        'the outline "The door opens on <word>" has no Examples row and would not run.',
        OUTLINE.replace("      | open |\n", "").replace("Outline", "Template") + second("Another")[len(RIGHT) :],
    ),
    "an empty table beside a full one": Trap(
        'the outline "The door opens on <word>" has no Examples row and would not run.',
        OUTLINE + "\n    Examples: more\n      | word |\n",
    ),
    "no When": Trap('the scenario "The door opens" has no When.', RIGHT.replace("    When they knock\n", "")),
    "no Then": Trap('the scenario "The door opens" has no Then.', RIGHT.replace("    Then the door opens\n", "")),
    "nine steps": Trap(
        'the scenario "The door opens" has more than 8 steps; use a Background.',
        RIGHT.replace("    When they knock\n", "    When they knock\n" * 7),
    ),
    "two levels": Trap(
        'the scenario "The door opens" needs exactly one of @must, @should, @may, has 2.',
        RIGHT.replace("@must", "@must @should"),
    ),
    "no severity": Trap(
        'the scenario "The door opens" needs exactly one of @critical, @high, @medium, @low, has 0.',
        RIGHT.replace("@high ", ""),
    ),
    "no level": Trap(
        'the scenario "The door opens" needs exactly one of @must, @should, @may, has 0.',
        RIGHT.replace("@must ", ""),
    ),
    "two identities": Trap(
        'the scenario "The door opens" needs exactly one identity tag, has 2.',
        RIGHT.replace("@trap-one", "@trap-one @trap-two"),
    ),
    "no identity": Trap(
        'the scenario "The door opens" needs exactly one identity tag, has 0.', RIGHT.replace("@trap-one ", "")
    ),
    "no source": Trap(
        'the scenario "The door opens" names no source (@rfc..., @asvs-..., @cwe-...) and is not @functional.',
        RIGHT.replace(" @cwe-287", ""),
    ),
    "a source beside none": Trap(
        'the scenario "The door opens" is @functional: no standard demands it; yet it names a source.',
        RIGHT.replace("@cwe-287", "@cwe-287 @functional"),
    ),
    "an unknown need": Trap(
        'the scenario "The door opens" carries @needs-brwoser, which is no known tag. '
        "Did you mean @needs-browser?",
        RIGHT.replace("@must", "@must @needs-brwoser"),
    ),
    "a misspelt tier": Trap(
        'the scenario "The door opens" carries @cores, which is no known tag. Did you mean @core?',
        RIGHT.replace("@must", "@must @cores"),
    ),
    "an unknown step": Trap(
        'no definition fits the step "they knok" (when). Did you mean "they knock"?',
        RIGHT.replace("they knock", "they knok"),
    ),
    "an unknown step in one row": Trap(
        'no definition fits the step "they say "a"b" (when). Did you mean "they say "{words}""?',
        OUTLINE.replace('"<word>"', '"<word>').replace("| open |", '| a"b  |'),
    ),
    "a step under the wrong word": Trap(
        'no definition fits the step "they knock" (given). Did you mean "they knock"?',
        RIGHT.replace("When they", "Given they").replace("    Then", '    When they say "x"\n    Then'),
    ),
    "one sentence defined twice": Trap(
        'the step "they knock" is ambiguous: conftest.again and conftest.knock fit it; only one would run. '
        "Change a sentence.",
        steps=defined_again('@when("they knock")'),
    ),
    "a pattern that fits another's step": Trap(
        'the step "they knock" is ambiguous: conftest.again and conftest.knock fit it; only one would run. '
        "Change a sentence.",
        steps=defined_again('@when(parsers.parse("they {what}"))'),
    ),
    "an async step": Trap(
        'the step "they knock" is defined by the coroutine conftest.knock, which would never run; use def.',
        steps=STEPS.replace("def knock", "async def knock"),
    ),
    "an async step that yields": Trap(
        'the step "they knock" is defined by the coroutine conftest.knock, which would never run; use def.',
        steps=STEPS.replace("def knock(): ...", "async def knock():\n    yield"),
    ),
}


def collect(pytester: pytest.Pytester, feature: str, steps: str, *options: str) -> pytest.RunResult:
    pytester.makeconftest(steps)
    (pytester.path / "trap.feature").write_text(feature, "utf-8")
    return pytester.runpytest_inprocess(*PLUGINS, "trap.feature", *options)


@pytest.mark.parametrize("feature", [RIGHT, OUTLINE, second("The door opens again")])
def test_the_file_as_it_stands_is_collected(pytester: pytest.Pytester, feature: str) -> None:
    assert collect(pytester, feature, STEPS, "--collect-only").ret == pytest.ExitCode.OK


@pytest.mark.parametrize("trap", TRAPS.values(), ids=list(TRAPS))
def test_a_trap_is_an_error_of_one_sentence(pytester: pytest.Pytester, trap: Trap) -> None:
    result = collect(pytester, trap.feature, trap.steps)
    output = result.stdout.str() + result.stderr.str()
    assert result.ret == Exit.HARNESS_ERROR
    result.assert_outcomes(errors=1)
    said = {line for line in output.splitlines() if line.startswith("trap.feature: ")}
    assert said == {f"trap.feature: {trap.sentence}"}
    assert "Traceback" not in output
    assert "INTERNALERROR" not in output


def test_what_is_no_gherkin_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.feature"
    path.write_text(RIGHT.replace("When they", "Wenn they"), "utf-8")
    with pytest.raises(FeatureError, match=r"broken\.feature: \(6:5\)"):
        read_feature(path)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "latin.feature"
    path.write_bytes(RIGHT.replace("door", "Tür").encode("latin-1"))
    with pytest.raises(FeatureError, match=r"^latin\.feature: is not UTF-8 text"):
        read_feature(path)


def test_an_identity_that_is_not_in_the_inventory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inventory.txt").write_text("trap-on must\n", "utf-8")
    path = tmp_path / "new.feature"
    path.write_text(RIGHT, "utf-8")
    with pytest.raises(FeatureError) as error:
        read_feature(path)
    assert error.value.problems == [
        "@trap-one is not in inventory.txt. Did you mean @trap-on? A new requirement is added there."
    ]


def test_an_identity_in_the_inventory_is_taken(tmp_path: Path) -> None:
    (tmp_path / "inventory.txt").write_text("# a comment\n\ntrap-one must\n", "utf-8")
    path = tmp_path / "new.feature"
    path.write_text(RIGHT, "utf-8")
    assert [pickle.tags.identity for pickle in read_feature(path)] == ["trap-one"]


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("must", "levels"),
        ("needs-jwt", "needs"),
        ("needs-nothing", "unknown"),
        ("core", "tiers"),
        ("rfc8725-3.1", "sources"),
        ("rfc6265bis-4.1.2.6", "sources"),
        ("asvs-7.4.1", "sources"),
        ("api2-2023", "sources"),
        ("ghsa-xmf8-cvqr-rfgj", "sources"),
        ("cve-2025-29927", "sources"),
        ("wstg-sess-06", "sources"),
        ("defect-tv-alg-none-accepted", "defects"),
        ("signout-ends-captured-session", "identities"),
        ("Signout-ends", "unknown"),
        ("signout", "unknown"),
    ],
)
def test_a_tag_is_of_one_kind(tag: str, kind: str) -> None:
    tags = sort_tags([tag])
    kinds = ("identities", "levels", "needs", "sources", "defects", "tiers", "unknown")
    assert [name for name in kinds if getattr(tags, name)] == [kind]
