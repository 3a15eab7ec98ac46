"""The program that makes environments."""

import os
import shutil

from tests.support.suite import ROOT


def uv() -> str:
    """Its path: `make` names it, and brings it where there is none."""
    tools = f"{ROOT / 'build' / 'tools' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    found = os.environ.get("AUTH_CONFORMANCE_UV") or shutil.which("uv", path=tools)
    assert found is not None, "Expected uv, which `make setup` brings."
    return found
