"""The suite's own command-line options."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.browser.install import Display
from harness.core import numbers
from harness.core.paths import exists
from harness.core.redaction import publish, register
from harness.core.text import shortened
from harness.core.verdict import Strictness
from harness.deployment.given import mask_secrets_of
from harness.profile.loader import ProfileError, chain_of, load_profile
from harness.profile.profile import Profile
from harness.profile.target import TargetError, base_url
from harness.pytest_plugin.flags import FLAGS
from harness.reference.launch import PostgresMode, as_started, reference_settings
from harness.results.waiver_file import WaiverError, load_waivers
from harness.results.waivers import Waivers
from harness.wire.listener import Place, place_of
from harness.wire.trust import Trust, TrustError

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.profile.inheritance import Chain


@dataclass(frozen=True)
class Options:
    """What the command line asks for, checked."""

    profile: Profile
    """Of a deployment that is to be looked at first, the reference's, until what is found takes its place."""
    web: str | None
    api: str | None
    auth: str | None
    postgres: PostgresMode
    postgres_url: str | None
    browser_executable: str | None
    display: Display
    seed: int
    throttle_budget: float
    max_wait: float
    answer_limit: float
    wait_for: float
    page_limit: float
    trust: Trust
    listening: Place | None
    report_dir: Path
    report_shown: str
    """The report's folder as the user would type it, with a slash at the end."""
    cucumber: Path | None
    """Where the run goes as Cucumber messages."""
    history: Path | None
    """Where the verdicts of earlier runs are."""
    strictness: Strictness
    waivers: Waivers
    tracing: bool
    examine: bool
    looks: bool = False
    """Whether no profile was given, so that the deployment is looked at first."""
    reference_settings: dict[str, str] = field(default_factory=dict)
    chain: Chain | None = None
    """The text of the profile that the user named."""


def add_options(parser: pytest.Parser) -> None:
    """Register the options with pytest."""
    group = parser.getgroup("auth-conformance")
    for flag in FLAGS:
        if not flag.is_pytests:
            group.addoption(flag.name, **flag.attributes)


def read_options(config: pytest.Config) -> Options:
    """The options, checked. Raises pytest.UsageError with one sentence about what is wrong."""
    try:
        return _read(config)
    except (ProfileError, TargetError, WaiverError, numbers.NumberError) as error:
        raise pytest.UsageError(str(error)) from error


def _read(config: pytest.Config) -> Options:
    option: Callable[[str], str | None] = config.getoption
    web, api, auth, target = option("base_url"), option("api_url"), option("auth_url"), option("target")
    profile = load_profile(target or "reference")
    wait_for = numbers.seconds(option("wait_for"), "--wait-for")
    for flag, given in (("--api-url", api), ("--auth-url", auth), ("--wait-for", wait_for)):
        if web is None and given:
            raise TargetError(f"{flag} speaks of a deployment; give its --base-url as well.")
    if target is None and auth is not None:
        raise TargetError('--auth-url needs the profile that says what is there (base = "auth"): give --target.')
    if web is not None and config.getoption("reference_setting"):
        raise TargetError("--reference-setting speaks of the reference backend; it means nothing with --base-url.")
    if web is None and target not in (None, "reference"):
        raise TargetError(f'--target "{target}" needs the --base-url where it runs.')
    mask_secrets_of(profile)
    settings = reference_settings(config.getoption("reference_setting"))
    if web is None:
        profile, settings = as_started(profile, settings)
    _mask_given(option("postgres_url"), settings)
    for word in config.invocation_params.args:
        publish(str(word))
    folder = _folder(config, option("report_dir") or "", "--report-dir")
    return Options(
        profile=profile,
        web=base_url(web, "--base-url") if web is not None else None,
        api=base_url(api, "--api-url") if api is not None else None,
        auth=base_url(auth, "--auth-url") if auth is not None else None,
        postgres=config.getoption("postgres"),
        postgres_url=option("postgres_url"),
        browser_executable=option("browser_executable"),
        display=Display(config.getoption("headed"), numbers.milliseconds(option("slowmo") or "", "--slowmo")),
        seed=_seed(option("seed")),
        throttle_budget=numbers.seconds(option("throttle_budget"), "--throttle-budget"),
        max_wait=numbers.seconds(option("max_wait"), "--max-wait"),
        answer_limit=numbers.seconds(option("answer_limit"), "--answer-limit", least=1),
        wait_for=wait_for,
        page_limit=numbers.seconds(option("page_limit"), "--page-limit", least=1),
        trust=_trust(config),
        listening=_listening(option("listener")),
        report_dir=folder,
        report_shown=f"{_shown(folder, config.invocation_params.dir)}/",
        cucumber=_file(config, "cucumber_messages", "--cucumber-messages"),
        history=_folder(config, given, "--history") if (given := option("history")) is not None else None,
        strictness=Strictness(bool(config.getini("strict")), config.getoption("require_tested")),
        waivers=_waivers(config),
        tracing=not config.getoption("no_traces"),
        examine=not config.getoption("skip_doctor"),
        looks=web is not None and target is None,
        reference_settings=settings,
        chain=chain_of(target) if target is not None else None,
    )


def _mask_given(postgres_url: str | None, settings: dict[str, str]) -> None:
    """Register the secrets of the command line, which the report names."""
    if postgres_url is not None:
        register(postgres_url, "database URL")
    for name, value in settings.items():
        if name.endswith(("_SECRET", "_DATABASE_URL")):
            register(value, name)


def _trust(config: pytest.Config) -> Trust:
    file = config.getoption("ca")
    trust = Trust(
        Path(config.invocation_params.dir, file) if file is not None else None, bool(config.getoption("insecure"))
    )
    try:
        trust.context()
    except TrustError as error:
        raise TargetError(f"--ca: {error}") from error
    return trust


def _listening(word: str | None) -> Place | None:
    try:
        return place_of(word) if word is not None else None
    except ValueError:
        shown = shortened(word or "", 40)
        raise TargetError(f'--listener "{shown}" is no HOST:PORT; write it like --listener 192.0.2.7:0.') from None


def _waivers(config: pytest.Config) -> Waivers:
    today = dt.datetime.now().astimezone().date()
    file = config.getoption("waivers")
    if file is None:
        return Waivers(today=today)
    allow = config.getoption("allow_critical_waivers")
    return load_waivers(Path(config.invocation_params.dir, file), today, allow_critical=allow)


def _file(config: pytest.Config, option: str, name: str) -> Path | None:
    """The file that an option names, to be written."""
    if (given := config.getoption(option)) is None:
        return None
    path = Path(config.invocation_params.dir, given)
    if path.is_dir() or any(exists(place) and not place.is_dir() for place in path.parents):
        raise TargetError(f'{name} "{path}" is a folder, or lies in what is none; name a file to be written.')
    return path


def _folder(config: pytest.Config, given: str, name: str) -> Path:
    path = Path(config.invocation_params.dir, given)
    if any(exists(place) and not place.is_dir() for place in (path, *path.parents)):
        raise TargetError(f'{name} "{path}" is not a folder and can\'t become one; name another.')
    return path


def _shown(path: Path, here: Path) -> Path:
    return path.relative_to(here) if path.is_relative_to(here) else path


def _seed(value: str | None) -> int:
    return secrets.randbelow(2**31) if value is None else numbers.seed(value, "--seed")
