"""The target that `list --target` plans for, without a request."""

from __future__ import annotations

from pathlib import Path

from harness.cli.settings.file import SettingsFile
from harness.cli.settings.settled import Given, settings_file, settle, value_of
from harness.cli.settings.values import SettingsError
from harness.core.paths import is_file
from harness.core.text import did_you_mean
from harness.profile.inheritance import builtin_names
from harness.profile.loader import load_profile
from harness.profile.target import Target, base_url
from harness.pytest_plugin.flags import FLAGS

_SOMEWHERE = "https://app.example.com"
"""Where a deployment is taken to be whose address is not given."""


def planned_target(word: str, settings: str | None) -> tuple[Target | None, str]:
    """The target, and what it is called.

    There is none where a run would have to look first. ``word`` is a target of the settings file, a profile's file
    or the name of a built-in profile.
    Raises SettingsError, ProfileError or TargetError.
    """
    file = settings_file(settings)
    if file is not None and word in file.targets:
        return _of_file(word, settings)
    if file is not None and file.targets and not is_file(Path(word)) and word not in builtin_names():
        raise SettingsError(_neither(word, file))
    profile = load_profile(word)
    origin = profile.public_origin or ("http://127.0.0.1" if word == "reference" else _SOMEWHERE)
    return Target(profile, origin, origin), f'the profile "{profile.name}", at {origin}'


def _of_file(name: str, settings: str | None) -> tuple[Target | None, str]:
    settled = settle(FLAGS, Given((), has_url=False, target=name, settings=settings))
    profile, api, auth = (value_of(name, settled.words) for name in ("--target", "--api-url", "--auth-url"))
    url = base_url(settled.url or _SOMEWHERE, "url")
    if profile is None:
        return None, f"{name}, {url}"
    target = Target(
        load_profile(profile),
        url,
        base_url(api, "api-url") if api is not None else url,
        auth_url=base_url(auth, "auth-url") if auth is not None else None,
    )
    return target, f"{name}, {url}, profile {target.profile.name}"


def _neither(word: str, file: SettingsFile) -> str:
    known = [*file.targets, *builtin_names()]
    return (
        f'"{word}" is neither a target of {file.shown}, nor a profile\'s file or the name of a built-in one.'
        + did_you_mean(word, known)
    )
