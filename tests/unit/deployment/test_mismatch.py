"""What of an outcome does not hold is said, condition by condition."""

from typing import Any

import pytest

from harness.core.exchange import Exchange
from harness.deployment.answer import matches
from harness.deployment.mismatch import mismatch
from harness.profile.operation import Predicate

CONDITIONS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "it matches": ([{"status": [200]}], ""),
    "a status": ([{"status": [401, "5xx"]}], "the status is not 401 or 5xx"),
    "an empty body": ([{"status": [200], "null_body": True}], "the body is neither empty nor null"),
    "a text": ([{"status": [200], "contains": "Welcome"}], 'the body does not contain "Welcome"'),
    "a value that is there": (
        [{"status": [200], "pointer": "/user/id", "present": True}],
        "nothing is at /user/id",
    ),
    "a value that is not": ([{"status": [200], "pointer": "/user", "present": False}], "something is at /user"),
    "another value": ([{"status": [200], "pointer": "/ok", "equals": False}], "/ok is not False"),
    "a Location": ([{"status": [200], "location": "^/home"}], 'the Location is not "^/home"'),
    "a cookie": ([{"status": [200], "sets_cookie": "sid"}], 'no cookie "sid" is set'),
    "two at once": (
        [{"status": [201], "contains": "Welcome"}],
        'the status is not 201 and the body does not contain "Welcome"',
    ),
    "the closest": ([{"status": [201], "contains": "x"}, {"status": [204]}], "the status is not 204"),
}


@pytest.mark.parametrize(("outcome", "said"), CONDITIONS.values(), ids=list(CONDITIONS))
def test_the_condition_that_does_not_hold_is_named(outcome: list[dict[str, Any]], said: str) -> None:
    exchange = Exchange("Ann", "GET", "http://127.0.0.1/", [], b"", 200, [], b'{"ok": true, "user": {}}', 0.0)
    predicates = [Predicate(**one) for one in outcome]
    assert mismatch(predicates, exchange) == said
    assert matches(predicates, exchange) is (said == "")
