"""A report whose every text tries to become markup, script or a trick on the reader's eye."""

from __future__ import annotations

from typing import Any

from harness.report.document import Report

HOSTILE = (
    "</script></style></pre>\"'><img src=x onerror=hacked=1><script>hacked=1</script><!-- {{ 7 * 7 }} & "
    "\u2028\u202e\x00"
)
_BOUND = {"verdict", "level", "severity", "kind", "conclusion", "blocker", "started", "expires", "name"}
"""Keys whose words the layout prescribes; a name is replaced only where it is a scenario's."""


def with_hostile_texts(report: Report) -> Report:
    """The report with the hostile text at the end of every text in it that is not empty."""
    return Report.model_validate(_hostile(report.model_dump(mode="json")))


def _hostile(data: Any, key: str = "") -> Any:
    if isinstance(data, dict):
        return {
            name: _hostile(value, "" if name == "name" and "steps" in data else name)
            for name, value in data.items()
        }
    if isinstance(data, list):
        return [_hostile(value, key) for value in data]
    return data + HOSTILE if isinstance(data, str) and data and key not in _BOUND else data
