"""Finding and reading a profile; whatever is wrong with one ends in a sentence."""

from __future__ import annotations

import difflib
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from harness.target.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Iterable


class ProfileError(Exception):
    """The profile can't be used; the message says what to write instead."""


def builtin_names() -> list[str]:
    """The names of the profiles that come with the suite."""
    return sorted(
        entry.name.removesuffix(".toml")
        for entry in files("harness.target").iterdir()
        if entry.name.endswith(".toml")
    )


def load_profile(name_or_file: str) -> Profile:
    """A built-in profile by name, or one from a TOML file. Raises ProfileError."""
    if name_or_file in builtin_names():
        text = files("harness.target").joinpath(f"{name_or_file}.toml").read_text("utf-8")
        return parse_profile(text, f"profile {name_or_file}")
    path = Path(name_or_file)
    if path.is_file():
        return parse_profile(_read(path), str(path))
    raise ProfileError(
        f'there is no profile "{name_or_file}": it is neither a file nor one of '
        f"{', '.join(builtin_names())}.{_did_you_mean(name_or_file, builtin_names())}"
    )


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise ProfileError(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path} is not TOML: it holds bytes that are not UTF-8 ({error.reason}).") from error


def parse_profile(text: str, origin: str) -> Profile:
    """A profile from TOML text; ``origin`` names it in messages. Raises ProfileError."""
    try:
        return Profile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{origin} is not TOML: {error}.") from error
    except ValidationError as error:
        raise ProfileError(f"{origin}: {'; '.join(_sentences(error))}.") from error


def _sentences(error: ValidationError) -> list[str]:
    return [_sentence(fault["type"], fault["loc"], fault["msg"]) for fault in error.errors()]


def _sentence(kind: str, location: tuple[int | str, ...], message: str) -> str:
    where = ".".join(str(part) for part in location)
    if kind == "extra_forbidden":
        close = _closest(str(location[-1]), _known_keys(location[:-1]))
        return f'the key "{where}" is not known' + (f' (did you mean "{close}"?)' if close else "")
    if kind == "missing":
        return f'the key "{where}" is missing'
    return f'"{where}": {message.removeprefix("Value error, ")}'


def _known_keys(location: Iterable[int | str]) -> list[str]:
    model: type[BaseModel] = Profile
    for part in location:
        if isinstance(part, int):
            continue  # the place in a list, whose items are of the model already found
        field = model.model_fields.get(str(part))
        inner = _model_in(field.annotation) if field is not None else None
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - typing forms have no common type
    candidates = [annotation, *getattr(annotation, "__args__", ())]
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)


def _did_you_mean(word: str, known: list[str]) -> str:
    close = _closest(word, known)
    return f' Did you mean "{close}"?' if close else ""


def _closest(word: str, known: list[str]) -> str | None:
    return next(iter(difflib.get_close_matches(word, known, n=1)), None)
