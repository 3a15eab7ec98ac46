"""Cucumber messages, read by the library of those who define them."""

from __future__ import annotations

import json
from typing import Any

from cucumber_messages import Envelope, message_converter


def read_messages(text: str) -> list[tuple[str, dict[str, Any]]]:
    """The kind and the content of each message.

    The library misses what is required, and forgets what it does not know.
    """
    lines = [json.loads(line) for line in text.splitlines()]
    assert [message_converter.to_dict(message_converter.from_dict(one, Envelope)) for one in lines] == lines
    return [pair for one in lines for pair in one.items()]


def of(messages: list[tuple[str, dict[str, Any]]], kind: str) -> list[dict[str, Any]]:
    """The messages of one kind, in order."""
    return [content for found, content in messages if found == kind]


def statuses(messages: list[tuple[str, dict[str, Any]]]) -> dict[str, list[str]]:
    """The status of each step by the pickle's name, as a reader of the messages joins them."""
    pickles = {one["id"]: one for one in of(messages, "pickle")}
    cases = {one["id"]: one for one in of(messages, "testCase")}
    started = {one["id"]: one["testCaseId"] for one in of(messages, "testCaseStarted")}
    found: dict[str, list[str]] = {}
    for ended in of(messages, "testStepFinished"):
        case = cases[started[ended["testCaseStartedId"]]]
        assert ended["testStepId"] in {step["id"] for step in case["testSteps"]}
        found.setdefault(pickles[case["pickleId"]]["name"], []).append(ended["testStepResult"]["status"])
    return found
