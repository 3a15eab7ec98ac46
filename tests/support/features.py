"""The feature files, as the official parser of Gherkin reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from tests.support.suite import ROOT

FEATURES = sorted((ROOT / "features").glob("*.feature"))
VENDORS = re.compile(
    r"\b(better.?auth|next\.?js|auth\.js|supabase|auth0|clerk|firebase|keycloak|django|rails|laravel|lucia|okta"
    r"|cognito|authentik|ory|zitadel|supertokens|fusionauth|spring)\b",
    re.IGNORECASE,
)


def parsed(path: Path) -> Any:
    return Parser().parse(path.read_text("utf-8"))


def compiled(path: Path) -> list[Any]:
    return Compiler().compile(parsed(path) | {"uri": path.name})


def scenarios_in(node: Any) -> Iterator[Any]:
    for child in node["children"]:
        if "scenario" in child:
            yield child["scenario"]
        elif "rule" in child:
            yield from scenarios_in(child["rule"])
