"""On which line of a TOML text each key stands."""

import pytest

from harness.profile.toml.location import KeyPath, Lines

TEXT = '''\
# a comment with [brackets] and = signs
name = "x"

[operations.sign_in]   # a header
method = "POST"
outcomes.success = { status = 200, "odd key" = { deep = true } }
json.user."e.mail" = "{email}"
text = """
[not.a.header]
method = "not a key"
"""
list = [
    1,  # one
    { two = 2 },
]

[[operations.sign_in.outcomes.invalid]]
status = 400

[[operations.sign_in.outcomes.invalid]]
status = 422
pointer = "/x"

[operations]
late = 1
'''


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("name",), 2),
        (("operations",), 4),
        (("operations", "sign_in"), 4),
        (("operations", "sign_in", "method"), 5),
        (("operations", "sign_in", "outcomes", "success"), 6),
        (("operations", "sign_in", "outcomes", "success", "odd key", "deep"), 6),
        (("operations", "sign_in", "json", "user", "e.mail"), 7),
        (("operations", "sign_in", "text"), 8),
        (("operations", "sign_in", "list"), 12),
        (("operations", "sign_in", "list", 1, "two"), 12),
        (("operations", "sign_in", "outcomes", "invalid"), 17),
        (("operations", "sign_in", "outcomes", "invalid", 0, "status"), 18),
        (("operations", "sign_in", "outcomes", "invalid", 1, "status"), 21),
        (("operations", "sign_in", "outcomes", "invalid", 1, "pointer"), 22),
        (("operations", "late"), 25),
        (("not", "there"), 1),
        (("operations", "sign_in", "absent"), 4),
        (("operations", "sign_in", "outcomes", "invalid", 2, "status"), 17),
    ],
)
def test_a_key_stands_where_it_is_first_written(path: KeyPath, line: int, newline: str) -> None:
    assert Lines(TEXT.replace("\n", newline)).of(path) == line
