"""The lint of the language that people read: ``python -m tests.support.language``.

CONTRIBUTING.md has the rules; language.toml has the words, each with the better one.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
WORDS = Path(__file__).with_suffix(".toml")
EVERYWHERE, SPECIFICATION = "everywhere", "specification"
READ = (
    "*.md",
    "docs/*.md",
    "examples/*/*.md",
    "features/*.feature",
    "features/rationale/*.toml",
    "steps/*.py",
    "harness/**/*.py",
    "harness/**/*.html",
    "harness/**/*.sh",
    "harness/**/*.toml",
    "examples/**/*.sh",
    "examples/**/*.toml",
    "*.toml",
    "auth_conformance/*.py",
    "reference_backend/*.py",
    "tests/detection/faults/*.py",
)
GENERATED = {
    "docs/faults.md",
    "docs/hostile.md",
    "docs/requirements.md",
    "docs/never_fail_on.md",
    "docs/profile.md",
    "docs/specification.md",
}
"""Made from other texts that are read here."""
FAULTS = ROOT / "tests/detection/faults"
"""Their docstrings are summaries on docs/faults.md."""
RATIONALE = "rationale"
"""The folder whose TOML files are texts for people."""
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
MOST_WORDS = 12
_COMMENT = re.compile(r"(?:^|\s)#\s(.*)")
_PRINTED = re.compile(r"\b(?:say|cannot|echo) (\".*\"|'.*')")
_STRING_PREFIX = re.compile(r"^[A-Za-z]*('''|\"\"\"|'|\")")


@dataclass(frozen=True)
class Word:
    """A word that is refused, and the better one."""

    pattern: re.Pattern[str]
    better: str
    where: str


@dataclass(frozen=True)
class Text:
    """A line that people read."""

    line: int
    words: str
    where: str = EVERYWHERE


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text("utf-8"))


def kept() -> list[str]:
    """Sentences that stay as they are."""
    sentences: list[str] = _data()["kept"]
    return sentences


@cache
def words() -> tuple[Word, ...]:
    """The refused words."""
    return tuple(
        Word(
            re.compile(rf"\b({entry['pattern']})\b", re.IGNORECASE),
            entry["better"],
            entry.get("where", EVERYWHERE),
        )
        for entry in _data()["word"]
    )


def problems() -> list[str]:
    """A sentence for each refused word and each long docstring in the project."""
    return [problem for path in files() for problem in (*problems_in(path), *long_docstrings(path))]


def files() -> list[Path]:
    """The files that people read, generated ones left out."""
    found = {path for pattern in READ for path in ROOT.glob(pattern)}
    return sorted(path for path in found if path.relative_to(ROOT).as_posix() not in GENERATED)


def problems_in(path: Path) -> list[str]:
    """A sentence for each refused word in a file."""
    read = of_rationale if path.parent.name == RATIONALE else TEXTS[path.suffix]
    texts = read(path.read_text("utf-8"))
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return [
        f'{name}:{text.line}: "{match[0]}" is not said here; write: {word.better}.'
        for text in texts
        if not any(sentence in text.words for sentence in kept())
        for word in words()
        if word.where in (EVERYWHERE, text.where)
        for match in word.pattern.finditer(text.words)
    ]


def long_docstrings(path: Path) -> list[str]:
    """A sentence for each docstring whose first paragraph is too long."""
    if path.suffix != ".py" or FAULTS in path.parents:
        return []
    tree = ast.parse(path.read_text("utf-8"))
    nodes = (node for node in ast.walk(tree) if isinstance(node, DOCUMENTED))
    firsts = ((node, (ast.get_docstring(node) or "").partition("\n\n")[0]) for node in nodes)
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return [
        f"{name}:{getattr(node, 'lineno', 1)}: the docstring begins with {len(first.split())} words, more than "
        f"{MOST_WORDS}; say what it does or returns, and the rest after an empty line."
        for node, first in firsts
        if len(first.split()) > MOST_WORDS
    ]


def of_feature(content: str) -> Iterator[Text]:
    """A feature file without its tags."""
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip().startswith("@"):
            yield Text(number, line, SPECIFICATION)


def of_python(content: str) -> Iterator[Text]:
    """Strings and comments of a module, without what is between braces."""
    sentences = _sentence_lines(content)
    for token in tokenize.generate_tokens(io.StringIO(content).readline):
        if token.type == tokenize.COMMENT:
            yield Text(token.start[0], token.string)
        elif token.type == tokenize.STRING:
            where = SPECIFICATION if token.start[0] in sentences else EVERYWHERE
            text = _STRING_PREFIX.sub("", token.string)
            for offset, line in enumerate(re.sub(r"\{[^{}\n]*\}|`+[^`\n]+`+", " ", text).splitlines()):
                yield Text(token.start[0] + offset, line, where)


def _sentence_lines(content: str) -> set[int]:
    """The lines of a step's decorators: sentences of the feature files."""
    return {
        line
        for node in ast.walk(ast.parse(content))
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Name)
        and decorator.func.id in ("given", "when", "then")
        for line in range(decorator.lineno, (decorator.end_lineno or decorator.lineno) + 1)
    }


def of_markdown(content: str) -> Iterator[Text]:
    """A page without code, quotations and addresses."""
    fenced = False
    for number, line in enumerate(content.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith(("    ", ">")):
            yield Text(number, re.sub(r"`+[^`]+`+|\]\([^)]*\)", " ", line))


def of_html(content: str) -> Iterator[Text]:
    """A template without its code."""
    for number, line in enumerate(content.splitlines(), 1):
        yield Text(number, re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", " ", line))


def of_toml(content: str) -> Iterator[Text]:
    """The comments of a TOML file."""
    for number, line in enumerate(content.splitlines(), 1):
        for words in _COMMENT.findall(line):
            yield Text(number, words)


def of_rationale(content: str) -> Iterator[Text]:
    """A file of features/rationale without its identities."""
    for number, line in enumerate(content.splitlines(), 1):
        if not line.startswith("["):
            yield Text(number, line, SPECIFICATION)


def of_shell(content: str) -> Iterator[Text]:
    """The comments of a script and what it prints."""
    for number, line in enumerate(content.splitlines(), 1):
        for words in (*_COMMENT.findall(line), *_PRINTED.findall(line)):
            yield Text(number, words)


TEXTS = {
    ".feature": of_feature,
    ".html": of_html,
    ".md": of_markdown,
    ".py": of_python,
    ".sh": of_shell,
    ".toml": of_toml,
}


def main() -> int:
    """Print what is to be rewritten; returns the exit code."""
    found = problems()
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
