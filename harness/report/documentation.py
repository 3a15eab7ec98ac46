"""Writes docs/specification.md from the feature files, and docs/report.schema.json from the report's models.

Run ``python -m harness.report.documentation`` in a checkout after a change of either.
"""

from __future__ import annotations

import pathlib

from harness.report.schema import schema_text
from harness.report.specification_page import page_text

_DOCS = pathlib.Path(__file__).parents[2] / "docs"
PAGE = _DOCS / "specification.md"
SCHEMA = _DOCS / "report.schema.json"


def main() -> None:
    """Write both files."""
    PAGE.write_text(page_text(), "utf-8")
    SCHEMA.write_text(schema_text(), "utf-8")


if __name__ == "__main__":
    main()
