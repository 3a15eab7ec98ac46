"""The language that people read: the lint finds what it is for, and the project has none of it."""

from pathlib import Path

import pytest

from tests.support import language
from tests.support.language import kept, long_docstrings, problems, problems_in, words

REFUSED = {
    "a feature": ("a.feature", "Scenario: A stranger signs in", '"stranger"'),
    "a feature's table": ("a.feature", "      | hers with another end |", '"hers"'),
    "a docstring": ("a.py", '"""Signs the claims anew."""', '"anew"'),
    "a message": ("a.py", 'raise ValueError(f"the token of {who} was mended")', '"mended"'),
    "a comment": ("a.py", "X = 1  # given along by the caller", '"given along"'),
    "a step's sentence": ("a.py", '@when("someone signs in")\ndef step(): ...', '"someone"'),
    "a page": ("a.md", "What a client is told.", '"told"'),
    "a script's comment": ("a.sh", "# told to wait", '"told"'),
    "what a script prints": ("a.sh", 'say "told to wait $pause s"', '"told"'),
    "a comment of a profile": ("a.toml", 'path = "/"  # hers', '"hers"'),
    "a rationale": ("rationale/a.toml", 'why = "Somebody reads the session."', '"Somebody"'),
    "a template": ("a.html", "<p>It comes <b>keyed by</b> a secret</p>", '"keyed by"'),
}
ALLOWED = {
    "a tag": ("a.feature", "  @told-anew @must"),
    "a model": ("a.feature", "  Scenario: Signing up with somebody's address changes nothing of theirs"),
    "a name in code": ("a.py", "told = 1"),
    "a value in a message": ("a.py", 'print(f"it was {told}")'),
    "code in a docstring": ("a.py", '"""Calls ``told`` again."""'),
    "an actor outside the specification": ("a.py", '"""Somebody who signs in."""'),
    "code on a page": ("a.md", "    $ told\n\n`anew`\n\n```\nhers\n```"),
    "a quotation": ("a.md", "> It was told."),
    "code of a script": ("a.sh", "told=$1"),
    "a value of a profile": ("a.toml", 'path = "/told"'),
    "an identity": ("rationale/a.toml", "[token-told-anew]"),
    "a blank line": ("a.md", "After a blank line."),
    "a bearer": ("a.md", "A bearer token, and Bearer."),
}


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, "utf-8")
    return path


@pytest.mark.parametrize(("name", "content", "found"), REFUSED.values(), ids=list(REFUSED))
def test_a_word_is_found_with_the_better_one(tmp_path: Path, name: str, content: str, found: str) -> None:
    path = written(tmp_path, name, content)
    said = problems_in(path)
    assert said
    assert said[0].startswith(f"{path}:1: {found} is not said here; write: ")


@pytest.mark.parametrize(("name", "content"), ALLOWED.values(), ids=list(ALLOWED))
def test_what_is_no_prose_is_left_alone(tmp_path: Path, name: str, content: str) -> None:
    assert problems_in(written(tmp_path, name, content)) == []


def test_every_word_has_a_better_one_that_is_not_refused() -> None:
    assert not [word.better for word in words() for other in words() if other.pattern.search(word.better)]


def test_a_kept_sentence_is_one_of_the_specification() -> None:
    features = "".join(path.read_text("utf-8") for path in language.ROOT.glob("features/*.feature"))
    assert not [sentence for sentence in kept() if sentence not in features]


@pytest.mark.parametrize(("words", "found"), [(12, False), (13, True)])
def test_a_docstring_begins_with_a_short_line(tmp_path: Path, words: int, found: bool) -> None:
    path = written(
        tmp_path, "a.py", f'def a():\n    """{" ".join(["word"] * words)}.\n\n    {"more " * 20}.\n    """\n'
    )
    assert bool(long_docstrings(path)) is found


def test_the_project_has_none_of_them() -> None:
    assert problems() == []
