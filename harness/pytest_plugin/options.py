"""The suite's own command-line options."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.core.redaction import register
from harness.core.verdict import Strictness
from harness.profile.custom import CustomError, load_custom
from harness.profile.loader import ProfileError, builtin_names, load_profile
from harness.profile.profile import Profile
from harness.profile.target import Target, TargetError, base_url
from harness.reference.launch import PostgresMode
from harness.results.waiver_file import CRITICAL_FLAG, WaiverError, load_waivers
from harness.results.waivers import Waivers

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Options:
    """What the command line asks for, checked."""

    profile: Profile
    web: str | None
    api: str | None
    postgres: PostgresMode
    postgres_url: str | None
    browser_executable: str | None
    seed: int
    throttle_budget: float
    max_wait: float
    report_dir: Path
    report_shown: str
    """The report's folder as the user would type it, with a slash at the end."""
    strictness: Strictness
    waivers: Waivers
    tracing: bool
    examine: bool
    reference_settings: dict[str, str] = field(default_factory=dict)


def add_options(parser: pytest.Parser) -> None:
    """Register the options with pytest."""
    group = parser.getgroup("auth-conformance")
    add = group.addoption
    add("--base-url", metavar="URL", help="the deployment's public address; without it the reference backend runs")
    add("--api-url", metavar="URL", help="the API's address where it is not the base URL's")
    add("--target", metavar="NAME|FILE", help=f"the target's profile: {', '.join(builtin_names())} or a TOML file")
    add(
        "--postgres",
        choices=["auto", "url", "docker", "embedded"],
        default="auto",
        help="where the reference backend's database comes from (default: the first that works)",
    )
    add("--postgres-url", metavar="URL", help="a Postgres in which the suite may make a database of its own")
    add("--browser-executable", metavar="PATH", help="the Chromium to drive (default: found or installed)")
    add("--seed", metavar="N", help="repeat the people of an earlier run (printed at its start)")
    add(
        "--throttle-budget",
        metavar="SECONDS",
        default="300",
        help="how long to wait in all for 429s (default 300)",
    )
    add("--max-wait", metavar="SECONDS", default="15", help="the longest wait for one expiry (default 15)")
    add("--report-dir", metavar="DIR", default="build/report", help="where the report goes (default build/report)")
    add("--waivers", metavar="FILE", help="known failures that do not make the run red (TOML)")
    add(
        CRITICAL_FLAG,
        action="store_true",
        help="let the waivers cover a MUST of critical severity",
    )
    add("--no-traces", action="store_true", help="keep no Playwright trace of browser scenarios that fail")
    add("--require-tested", action="store_true", help="a scenario that could not be judged makes the run red")
    add(
        "--skip-doctor",
        action="store_true",
        help="judge a deployment at once, also where sign-up or the identity probe do not work",
    )
    add(
        "--reference-setting",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a setting of the reference backend, such as REFERENCE_JWT_ALGORITHM=EdDSA",
    )


def read_options(config: pytest.Config) -> Options:
    """The options, checked. Raises pytest.UsageError with one sentence about what is wrong."""
    try:
        return _read(config)
    except (ProfileError, TargetError, WaiverError) as error:
        raise pytest.UsageError(str(error)) from error


def _read(config: pytest.Config) -> Options:
    option: Callable[[str], str | None] = config.getoption
    web, api, target = option("base_url"), option("api_url"), option("target")
    profile = load_profile(target or "reference")
    if web is None and api is not None:
        raise TargetError("--api-url speaks of a deployment; give its --base-url as well.")
    if web is not None and target is None:
        raise TargetError(f"--base-url needs --target: one of {', '.join(builtin_names())}, or a profile file.")
    if web is not None and config.getoption("reference_setting"):
        raise TargetError("--reference-setting speaks of the reference backend; it means nothing with --base-url.")
    if web is None and target not in (None, "reference"):
        raise TargetError(f'--target "{target}" needs the --base-url where it runs.')
    _mask(profile)
    settings = _settings(config.getoption("reference_setting"))
    _mask_given(option("postgres_url"), settings)
    folder = _folder(Path(config.invocation_params.dir, option("report_dir") or ""))
    return Options(
        profile=profile,
        web=base_url(web, "--base-url") if web is not None else None,
        api=base_url(api, "--api-url") if api is not None else None,
        postgres=config.getoption("postgres"),
        postgres_url=option("postgres_url"),
        browser_executable=option("browser_executable"),
        seed=_seed(option("seed")),
        throttle_budget=_seconds(option("throttle_budget"), "--throttle-budget"),
        max_wait=_seconds(option("max_wait"), "--max-wait"),
        report_dir=folder,
        report_shown=f"{_shown(folder, config.invocation_params.dir)}/",
        strictness=Strictness(bool(config.getini("strict")), config.getoption("require_tested")),
        waivers=_waivers(config),
        tracing=not config.getoption("no_traces"),
        examine=not config.getoption("skip_doctor"),
        reference_settings=settings,
    )


def given_target(profile: Profile, web: str, api: str | None) -> Target:
    """A deployment at these addresses, with the secrets that the environment gives along, masked from now on.

    Raises TargetError where an address is none, or where the profile asks for what isn't there.
    """
    _mask(profile)
    unset = [name for name in profile.variables() if not os.environ.get(name)]
    if unset:
        raise TargetError(f"the profile takes {', '.join(unset)} from the environment: set it and run again.")
    for name in profile.variables():
        register(os.environ[name], name)
    target = Target(
        profile,
        base_url(web, "--base-url"),
        base_url(api or web, "--api-url"),
        secret_from_environment(profile),
        database_from_environment(profile),
    )
    try:
        load_custom(profile.custom)
    except CustomError as error:
        raise TargetError(str(error)) from error
    return target


def _mask(profile: Profile) -> None:
    """Register what the environment gives along, here because every worker reads the options."""
    for value, label in (
        (secret_from_environment(profile), "signing secret"),
        (database_from_environment(profile), "database URL"),
    ):
        if value is not None:
            register(value, label)


def _mask_given(postgres_url: str | None, settings: dict[str, str]) -> None:
    """Register what the command line gives along: the report names its words."""
    if postgres_url is not None:
        register(postgres_url, "database URL")
    for name, value in settings.items():
        if name.endswith(("_SECRET", "_DATABASE_URL")):
            register(value, name)


def _waivers(config: pytest.Config) -> Waivers:
    today = dt.datetime.now().astimezone().date()
    file = config.getoption("waivers")
    if file is None:
        return Waivers(today=today)
    allow = config.getoption("allow_critical_waivers")
    return load_waivers(Path(config.invocation_params.dir, file), today, allow_critical=allow)


def _folder(path: Path) -> Path:
    if any(place.exists() and not place.is_dir() for place in (path, *path.parents)):
        raise TargetError(f'--report-dir "{path}" is not a folder and can\'t become one; name another.')
    return path


def _shown(path: Path, here: Path) -> Path:
    return path.relative_to(here) if path.is_relative_to(here) else path


def _seed(value: str | None) -> int:
    if value is None:
        return secrets.randbelow(2**31)
    if not value.isdecimal():
        raise TargetError(f'--seed "{value}" is not a whole number; give the one that an earlier run printed.')
    return int(value)


def _seconds(value: str | None, flag: str) -> float:
    try:
        seconds = float(value or "")
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise TargetError(f'{flag} "{value}" is not a number of seconds; write it like {flag} 60.')
    return seconds


def _settings(pairs: list[str]) -> dict[str, str]:
    settings = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    wrong = next((pair for pair in pairs if not pair.startswith("REFERENCE_") or "=" not in pair), None)
    if wrong is not None:
        raise TargetError(f'--reference-setting "{wrong}" is not of the form REFERENCE_NAME=VALUE.')
    return settings


def secret_from_environment(profile: Profile) -> str | None:
    """The signing secret that the user gave along, if any."""
    return (os.environ.get(profile.jwt.secret_env) or None) if profile.jwt.secret_env else None


def database_from_environment(profile: Profile) -> str | None:
    """The session database's URL that the user gave along, if any."""
    return (os.environ.get(profile.age_session.database_env) or None) if profile.age_session else None
