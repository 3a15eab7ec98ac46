"""Finding and reading a profile; whatever is wrong with one ends in sentences, each with its line."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from harness.core.text import did_you_mean
from harness.profile.custom import located
from harness.profile.inheritance import Chain, Source, builtin_names, source_of
from harness.profile.profile import Profile
from harness.profile.references import dangling
from harness.profile.toml.explanation import problems_in
from harness.profile.toml.problems import Problem, ProfileError

__all__ = ["ProfileError", "builtin_names", "chain_of", "load_profile", "parse_profile"]


def load_profile(name_or_file: str) -> Profile:
    """A built-in profile by name, or one from a TOML file. Raises ProfileError."""
    chain = chain_of(name_or_file)
    profile = _validated(chain)
    if profile.custom is None:
        return profile
    return profile.model_copy(update={"custom": located(profile.custom, chain.folder_of(("custom",)))})


def parse_profile(text: str, origin: str, folder: Path | None = None) -> Profile:
    """A profile from TOML text. Raises ProfileError.

    ``origin`` names it in messages; a file that it extends is looked for in ``folder``, or where the suite runs.
    """
    return _validated(Chain.of(Source(origin, text, folder or Path())))


def chain_of(name_or_file: str) -> Chain:
    """The profile's text and those that it extends, not validated. Raises ProfileError."""
    source = source_of(name_or_file, Path())
    if source is None:
        names = builtin_names()
        raise ProfileError(
            f'there is no profile "{name_or_file}": it is neither a file nor one of {", ".join(names)}.'
            + did_you_mean(name_or_file, names)
        )
    return Chain.of(source)


def _validated(chain: Chain) -> Profile:
    content = chain.content()
    problems = dangling(content)
    try:
        profile = Profile.model_validate(content)
    except ValidationError as error:
        problems += _further(problems_in(error, Profile, content), problems)
    if problems:
        lines = [message for _, _, message in sorted(map(chain.told, problems))]
        raise ProfileError("\n".join(lines))
    return profile


def _further(found: list[Problem], known: list[Problem]) -> list[Problem]:
    """Without what the model says of the whole, where that is already known with its place."""
    return [problem for problem in found if problem.path or problem.is_absence or not known]
