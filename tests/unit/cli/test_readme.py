"""README.md is the package's page too, where no file of the repository lies beside it."""

from __future__ import annotations

import re

from harness.cli.parser import COMMANDS
from harness.pytest_plugin.flags import FLAGS
from tests.support.suite import ROOT

README = (ROOT / "README.md").read_text("utf-8")
REPOSITORY = re.compile(r"https://github\.com/auth-conformance/auth-conformance/(?:blob|tree)/main/([^#]*)")


def test_every_option_of_a_run_is_named() -> None:
    assert [flag.name for flag in FLAGS if f"`{flag.name}" not in README] == []


def test_every_command_that_is_named_is_one() -> None:
    named = set(re.findall(r"auth-conformance ([a-z]+)", README))
    assert named
    assert named <= set(COMMANDS)


def test_every_link_is_absolute_or_leads_to_a_heading() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert links
    assert [link for link in links if not link.startswith(("https://", "#"))] == []


def test_what_a_link_leads_to_is_there() -> None:
    paths = [found[1] for link in re.findall(r"\]\(([^)]+)\)", README) if (found := REPOSITORY.match(link))]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ")).lower().replace(" ", "-")
        for line in README.splitlines()
        if line.startswith("#")
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= headings
