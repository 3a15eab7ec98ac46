"""A team's own feature files and step modules, run beside ours.

Of the folder that `--features` names, the feature files in it run and the modules in its steps/ are imported.
Nothing else of it is, but what these modules import from steps/ themselves.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from harness.core.text import counted, listed
from harness.specification.catalogue import FEATURES, requirements
from harness.specification.gherkin import FeatureError, read_feature

OPTION = "--features"
_HOOK = "pytest_"
_FIXTURES = ("world", "deployment", "cast", "browsers")
"""What our steps rest on; a fixture of the same name would replace it for them too."""


def own_folder(config: pytest.Config) -> Path | None:
    """The folder that the user names, if any."""
    given = config.getoption("own_features", default=None)
    return Path(config.invocation_params.dir, given).resolve() if given is not None else None


def own_files(config: pytest.Config) -> list[Path]:
    """The feature files that run beside ours."""
    folder = own_folder(config)
    return sorted(folder.glob("*.feature")) if folder is not None else []


def add_own_features(config: pytest.Config) -> None:
    """Add the folder's feature files to the run, and import its steps.

    Raises pytest.UsageError in a sentence, also where a name is one of ours.
    """
    if (folder := own_folder(config)) is None:
        return
    files = own_files(config)
    if not files:
        raise pytest.UsageError(f'{OPTION} "{folder}" has no *.feature file in it; name the folder that has them.')
    _must_not_clash(files)
    for module in _step_modules(folder / "steps"):
        _must_only_define_steps(module)
        config.pluginmanager.register(module, module.__name__)
    config.args = [*config.args, *map(str, files)]


def _must_not_clash(files: list[Path]) -> None:
    """Check that neither files nor requirements have names of ours."""
    ours = {path.name for path in FEATURES.glob("*.feature")}
    if taken := [path.name for path in files if path.name in ours]:
        raise pytest.UsageError(
            f"{OPTION}: {listed(taken, 'and')} is a name of the specification's own; rename it."
        )
    try:
        found = [{pickle.tags.identity for pickle in read_feature(path)} for path in files]
    except FeatureError as error:
        raise pytest.UsageError(f"{OPTION}: {error}") from error
    counts = Counter(identity for identities in found for identity in identities)
    if taken := sorted(identity for identity in counts if identity in requirements()):
        raise pytest.UsageError(
            f"{OPTION}: @{taken[0]} is a requirement of the specification itself; give yours another identity, "
            f"such as @ours-{taken[0]}."
        )
    if twice := [identity for identity, count in counts.items() if count > 1]:
        raise pytest.UsageError(f"{OPTION}: @{twice[0]} is in {counted(counts[twice[0]], 'file')}; rename one.")


def _step_modules(folder: Path) -> list[ModuleType]:
    """The folder's modules, imported as those of a package of its own."""
    names = [path.stem for path in sorted(folder.glob("[!_]*.py")) if path.name != "conftest.py"]
    package = f"auth_conformance_features_{hashlib.sha256(bytes(folder)).hexdigest()[:8]}"
    if names and package not in sys.modules:
        # Not the folder on the path: what else lies there could be taken for a library's optional part.
        sys.modules[package] = made = ModuleType(package)
        made.__path__ = [str(folder)]
    return [_imported(f"{package}.{name}", folder / f"{name}.py") for name in names]


def _imported(name: str, file: Path) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:  # it is not our code, and may raise anything
        raise pytest.UsageError(f"{OPTION}: {file} can't be imported: {type(error).__name__}: {error}.") from error


def _must_only_define_steps(module: ModuleType) -> None:
    """Check that a module changes nothing for our own scenarios."""
    for name in vars(module):
        if name.startswith(_HOOK):
            raise pytest.UsageError(
                f"{OPTION}: {module.__file__} has the hook {name}; only steps and fixtures may be there."
            )
        if name in _FIXTURES and type(vars(module)[name]).__name__ == "FixtureFunctionDefinition":
            raise pytest.UsageError(
                f"{OPTION}: {module.__file__} defines {name} again; give the fixture another name."
            )
