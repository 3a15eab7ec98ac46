"""A user's Python class for what TOML can't say."""

from __future__ import annotations

import hashlib
import importlib
import re
import sys
from dataclasses import dataclass
from functools import cache
from importlib.machinery import PathFinder
from importlib.metadata import entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

from auth_conformance import Custom

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from harness.core.exchange import Headers

__all__ = ["Custom", "CustomError", "Request", "load_custom", "located"]

GROUP = "auth_conformance.custom"


class CustomError(Exception):
    """The class can't be had.

    The message says why and what to write.
    """


@dataclass(frozen=True)
class Request:
    """A request before it is sent, with every template filled in."""

    method: str
    url: str
    headers: Headers
    body: bytes | None


def located(spec: str, folder: Path) -> str:
    """``module:Class`` as ``/folder/module:Class``.

    If that module is in the profile's folder.
    """
    folder = folder.resolve()
    return f"{folder}/{spec}" if ":" in spec and _found(spec, folder) is not None else spec


def _found(module: str, folder: Path) -> ModuleSpec | None:
    """The top of a dotted name as a file or package.

    In that folder.
    """
    spec = PathFinder.find_spec(re.split("[.:]", module)[0], [str(folder)])
    return spec if spec is not None and spec.origin is not None else None


@cache
def load_custom(spec: str | None) -> Custom:
    """The class that ``module:Class`` or an entry point names, made.

    Raises CustomError when it can't be had.

    This is the only code of the user's that the suite runs, and it runs because the profile names it.
    """
    if spec is None:
        return Custom()
    try:
        found = _by_path(spec) if ":" in spec else _by_entry_point(spec)
        made = found() if isinstance(found, type) and issubclass(found, Custom) else None
    except Exception as error:
        # It is not our code, and may raise anything.
        reason = str(error) if isinstance(error, ImportError | AttributeError) else f"it raised {error!r}"
        raise CustomError(f'custom = "{spec}" can\'t be loaded: {reason}. Write it as "module:Class".') from error
    if made is None:
        raise CustomError(f'custom = "{spec}" is no class derived from auth_conformance.Custom.')
    return made


def _by_path(spec: str) -> object:
    place, _, name = spec.rpartition(":")
    folder, slash, module = place.rpartition("/")
    return getattr(_from_folder(module, Path(folder)) if slash else importlib.import_module(module), name)


def _from_folder(module: str, folder: Path) -> ModuleType:
    """Import a module by its path, under a unique name.

    The folder does not go on the path: what else lies in it could be taken for a library's optional part.
    """
    top, dot, below = module.partition(".")
    name = f"auth_conformance_custom_{hashlib.sha256(bytes(folder)).hexdigest()[:8]}_{top}"
    if name not in sys.modules:
        _execute(name, top, folder)
    return importlib.import_module(f"{name}{dot}{below}")


def _execute(name: str, top: str, folder: Path) -> None:
    found = _found(top, folder)
    spec = found and spec_from_file_location(
        name, found.origin, submodule_search_locations=found.submodule_search_locations
    )
    if spec is None or spec.loader is None:
        raise ImportError(f'there is no module "{top}" in {folder}')
    sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(sys.modules[name])
    except BaseException:
        del sys.modules[name]
        raise


def _by_entry_point(name: str) -> object:
    found = next(iter(entry_points(group=GROUP, name=name)), None)
    if found is None:
        raise ImportError(f'there is no entry point "{name}" in the group {GROUP}')
    return found.load()
