"""Feature files as the parser and the compiler have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gherkin.ast_builder import AstBuilder
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from harness.specification.gherkin import pickle_of

if TYPE_CHECKING:
    from pathlib import Path

    from gherkin.stream.id_generator import IdGenerator

    Tree = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """One feature file, in the words of the Cucumber messages."""

    uri: str
    source: str
    tree: Tree
    pickles: dict[tuple[str, str], Tree]
    """Each scenario that can run, by identity and Examples row."""


def read_document(path: Path, uri: str, ids: IdGenerator) -> Document:
    """A feature file that `read_feature` has accepted.

    ``ids`` numbers the nodes, so that those of several files differ.
    """
    source = path.read_text("utf-8")
    tree: Any = Parser(AstBuilder(ids)).parse(source)
    tree["uri"] = uri
    compiled: Any = Compiler(ids).compile(tree)
    read = [(pickle_of(raw, tree), raw) for raw in compiled]
    return Document(uri, source, tree, {(pickle.tags.identity, pickle.row): raw for pickle, raw in read})
