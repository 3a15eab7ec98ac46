"""Finding and reading a profile.

Whatever is wrong with one ends in sentences, each with its line.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from harness.core.text import did_you_mean
from harness.profile.custom import located
from harness.profile.draft import FILL_IN, lines_to_fill_in
from harness.profile.environment import filled, unset
from harness.profile.inheritance import Chain, Source, builtin_names, source_of
from harness.profile.profile import Profile
from harness.profile.reach import Reach
from harness.profile.references import dangling
from harness.profile.toml.explanation import problems_in
from harness.profile.toml.problems import Problem, ProfileError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.profile.toml.location import Content

__all__ = [
    "ProfileError",
    "builtin_names",
    "chain_of",
    "draft_content",
    "left_to_fill_in",
    "load_profile",
    "parse_profile",
    "reach_of",
]


def load_profile(name_or_file: str, *, draft: bool = False) -> Profile:
    """A built-in profile by name, or one from a TOML file.

    A ``draft`` may have places to fill in.

    Raises ProfileError.
    """
    chain = chain_of(name_or_file)
    profile = _validated(chain, draft=draft)
    if profile.reach.certificate is not None:
        reach = profile.reach.below(chain.folder_of(_CERTIFICATE))
        profile = profile.model_copy(update={"reach": reach})
    if profile.custom is None:
        return profile
    return profile.model_copy(update={"custom": located(profile.custom, chain.folder_of(("custom",)))})


def parse_profile(text: str, origin: str, folder: Path | None = None, *, draft: bool = False) -> Profile:
    """A profile from TOML text.

    A ``draft`` may have places to fill in.

    ``origin`` names it in messages; a file that it extends is looked for in ``folder``, or where the suite runs.
    Raises ProfileError.
    """
    return _validated(Chain.of(Source(origin, text, folder or Path())), draft=draft)


def draft_content(text: str, origin: str) -> Content:
    """What a draft amounts to with what it extends.

    It is not validated. Raises ProfileError.
    """
    return Chain.of(Source(origin, text, Path())).content()


def reach_of(name_or_file: str) -> Reach:
    """The `[reach]` of a profile that may lack the rest. Raises ProfileError."""
    chain = chain_of(name_or_file)
    content = {name: table for name, table in chain.content().items() if name == "reach"}
    try:
        reach = _ReachAlone.model_validate(content).reach
    except ValidationError as error:
        told = map(chain.told, problems_in(error, _ReachAlone, content, _reference()))
        raise ProfileError("\n".join(message for _, _, message in sorted(told))) from error
    return reach.below(chain.folder_of(_CERTIFICATE)) if reach.certificate is not None else reach


_CERTIFICATE = ("reach", "certificate", "file")


class _ReachAlone(BaseModel):
    """As much of a profile as a first question takes."""

    reach: Reach = Reach()


def _conflicts(profile: Profile) -> Iterator[Problem]:
    """What of `[reach]` can't be had beside the rest."""
    if profile.reach.basic is not None and (other := profile.takes_authorization) is not None:
        yield Problem(
            ("reach", "basic"),
            f"reach.basic and {other} both take the header Authorization, which holds one of them only. Let the "
            "suite through the gate in another way: by a header (reach.headers) or by this machine's address",
        )


def left_to_fill_in(chain: Chain) -> list[str]:
    """A sentence for each line that is still to be filled in."""
    return [message for _, _, message in _left_to_fill_in(chain)]


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


def _validated(chain: Chain, *, draft: bool) -> Profile:
    content = chain.content()
    problems = [*dangling(content), *unset(content)]
    content = filled(content)
    profile: Profile | None = None
    try:
        profile = Profile.model_validate(content)
        problems += _conflicts(profile)
    except ValidationError as error:
        problems += _further(problems_in(error, Profile, content, _reference()), problems)
    told = [*map(chain.told, problems), *(() if draft else _left_to_fill_in(chain))]
    if told or profile is None:
        raise ProfileError("\n".join(message for _, _, message in sorted(told)))
    return profile


def _left_to_fill_in(chain: Chain) -> Iterator[tuple[int, int, str]]:
    """Place in the chain, line and message of each mark."""
    for place, source in enumerate(chain.sources):
        for line in lines_to_fill_in(source.text):
            yield (
                place,
                line,
                f"{source.origin}:{line}: {_MARKED}",
            )


_MARKED = f"this line still says {FILL_IN}; write what the deployment takes there, and remove the mark."


@cache
def _reference() -> Content:
    return chain_of("reference").content()


def _further(found: list[Problem], known: list[Problem]) -> list[Problem]:
    """Without problems that are known already.

    Of the same place, or of the whole.
    """
    places = {problem.path for problem in known}
    return [
        problem
        for problem in found
        if problem.path not in places and (problem.path or problem.is_absence or not known)
    ]
