"""Finds a Chromium to drive, or installs one.

In this order: the one that is given, one that is installed, Playwright's own, one that Playwright downloads,
Debian's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.core import processes
from harness.core.paths import exists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

VARIABLE = "AUTH_CONFORMANCE_BROWSER"
HEADLESS_SHELLS = ("chromium-headless-shell", "chrome-headless-shell", "headless_shell")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPLICATIONS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)
# Playwright switches off most of what Chromium does by itself; these are the rest that would reach the network.
QUIET = ("--disable-background-networking", "--disable-domain-reliability", "--disable-sync", "--no-pings")
DIRECT = "--no-proxy-server"
"""As the suite's own requests, the browser's go through no proxy of the environment."""

PLAYWRIGHT = (sys.executable, "-m", "playwright", "install")
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=60", "-q")
APT_UPDATE = (*APT, "update")
APT_INSTALL = (*APT, "install", "-y", "--no-install-recommends")

QUESTION_SECONDS = 20.0
INSTALL_SECONDS = 300.0
START_SECONDS = 10.0
POLL_SECONDS = 0.05


class BrowserError(Exception):
    """The requested browser can't be used; the message says why."""


@dataclass(frozen=True)
class Display:
    """Whether a person can look on, and how slowly."""

    headed: bool = False
    slow_motion: float = 0
    """Milliseconds before each thing that is done."""

    @property
    def names(self) -> tuple[str, ...]:
        """The programs that will do, the preferred ones first."""
        return BROWSERS if self.headed else (*HEADLESS_SHELLS, *BROWSERS)

    @property
    def words(self) -> tuple[str, ...]:
        """What ``playwright install`` is to install."""
        return ("--no-shell" if self.headed else "--only-shell", "chromium")

    @property
    def package(self) -> str:
        """Debian's package."""
        return "chromium" if self.headed else "chromium-headless-shell"

    @property
    def remedy(self) -> str:
        """The command by which a person installs it."""
        return " ".join(("playwright install --with-deps", *self.words))


UNSEEN = Display()


@dataclass(frozen=True)
class BrowserChoice:
    """The browser of a run.

    Without one, ``why`` is a sentence and ``command`` is what to run to get one.
    """

    executable: Path | None
    why: str = ""
    command: str = ""


def find_executable(explicit: str | None = None, display: Display = UNSEEN) -> Path | None:
    """Return a Chromium that is there already, or None.

    Headless shells go first, and don't do where it is to be seen.

    Args:
        explicit: a path, or a name on the PATH; goes before the environment variable AUTH_CONFORMANCE_BROWSER.
        display: whether it has to show a window.

    Raises:
        BrowserError: the one that was given does not exist or is not executable.

    """
    return given_executable(explicit, display) or _installed(display) or _playwrights_own(display)


def given_executable(explicit: str | None = None, display: Display = UNSEEN) -> Path | None:
    """Return the Chromium that the user names, or None.

    It is named by an option or in the environment.

    Raises:
        BrowserError: as `find_executable`.

    """
    if explicit:
        return _given(explicit, "--browser-executable", display)
    if variable := os.environ.get(VARIABLE):
        return _given(variable, VARIABLE, display)
    return None


def ensure_browser(
    explicit: str | None = None, announce: Callable[[str], None] = lambda _: None, display: Display = UNSEEN
) -> BrowserChoice:
    """Find a browser, else install one.

    That takes up to minutes, which ``announce`` says.

    Raises:
        BrowserError: as `find_executable`.

    """
    if found := find_executable(explicit, display):
        return BrowserChoice(found)
    failures = []
    for install in (_install_playwrights, _install_debians):
        if failure := install(announce, display):
            failures.append(failure)
        elif found := find_executable(display=display):
            return BrowserChoice(found)
    which = " that shows a window" if display.headed else ""
    return BrowserChoice(None, f"No Chromium{which} is installed. {' '.join(failures)}", display.remedy)


def launch_arguments(executable: Path, pins: Sequence[str] = (), display: Display = UNSEEN) -> dict[str, Any]:
    """Return the keyword arguments for Playwright's ``chromium.launch``.

    ``pins`` are keys of certificates that are accepted (`harness.wire.trust`).
    """
    accepted = [f"--ignore-certificate-errors-spki-list={','.join(pins)}"] if pins else []
    return {
        "executable_path": str(executable),
        "headless": not display.headed,
        "slow_mo": display.slow_motion,
        "args": [*QUIET, DIRECT, *accepted],
        "chromium_sandbox": _sandbox_is_possible(),
    }


def _given(value: str, source: str, display: Display) -> Path:
    found = shutil.which(Path(value).expanduser())
    if found and display.headed and Path(found).name in HEADLESS_SHELLS:
        raise BrowserError(
            f'The browser "{value}" of {source} has no window that --headed could show: '
            "give a Chromium or a Chrome."
        )
    if found:
        return Path(found).absolute()
    fault = "is not an executable file" if exists(Path(value).expanduser()) else "does not exist"
    raise BrowserError(
        f'The browser "{value}" of {source} {fault}: give the path of a Chromium, a Chrome or a headless shell.'
    )


def _installed(display: Display) -> Path | None:
    on_path = (shutil.which(name) for name in display.names)
    applications = (shutil.which(path) for path in MAC_APPLICATIONS)
    return next((Path(found).absolute() for found in (*on_path, *applications) if found), None)


def _playwrights_own(display: Display) -> Path | None:
    """Look where this version of Playwright would install to.

    Its headless shell goes first.
    """
    answer = subprocess.run(  # noqa: S603 - our own command
        (*PLAYWRIGHT, "--dry-run", "chromium"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=QUESTION_SECONDS,
        check=False,
    )
    locations = [Path(line) for line in re.findall(r"Install location:\s+(\S.*)", answer.stdout)]
    found = {path.name: path for location in locations for path in _executables(location)}
    wanted = (*display.names, "Google Chrome for Testing", "Chromium")
    return next((found[name] for name in wanted if name in found), None)


def _executables(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and os.access(path, os.X_OK))


def _install_playwrights(announce: Callable[[str], None], display: Display) -> str:
    """Install Playwright's own; return why not, or nothing.

    The download goes first: where its host can't be reached that shows at once, before any library is installed.
    """
    announce(f"no browser found: downloading Playwright's {_said(display)}")
    failure = _run((*PLAYWRIGHT, *display.words), "Playwright's download")
    if not failure:
        # Without root there may be no right to install libraries, and they may be there all the same.
        _run(
            (*PLAYWRIGHT, "--with-deps", *display.words),
            f"installing the libraries of Playwright's {_said(display)}",
        )
    return failure


def _said(display: Display) -> str:
    return "Chromium" if display.headed else "headless shell"


def _install_debians(announce: Callable[[str], None], display: Display) -> str:
    """Install Debian's as root; return why not, or nothing."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return "Debian's package needs root and apt-get."
    announce(f"installing Debian's {display.package}")
    # Old package lists may still do, so only the installation counts.
    _run(APT_UPDATE, "apt-get update")
    return _run((*APT_INSTALL, display.package), f"apt-get install {display.package}")


def _run(command: Sequence[str], name: str) -> str:
    """Run a command without a terminal; return why it failed.

    So nothing can ask for a password.
    """
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    deadline = time.monotonic() + INSTALL_SECONDS
    try:
        with processes.start(
            command, name=name, ready=lambda: True, timeout=START_SECONDS, env=environment
        ) as process:
            while process.running and time.monotonic() < deadline:
                time.sleep(POLL_SECONDS)
            in_time = not process.running
    except processes.ProcessError as error:
        return f"{error}"
    if not in_time:
        return f"{name} did not end within {INSTALL_SECONDS:g} s."
    if process.exit_code != 0:
        lines = [line.strip() for line in process.tail().splitlines()]
        # Node's stack traces follow what they are about.
        told = [line for line in lines if line and not line.startswith("at ")]
        return f"{name} failed (exit code {process.exit_code}: {told[-1] if told else 'it printed nothing'})."
    return ""


def _sandbox_is_possible() -> bool:
    """Whether Chromium's sandbox works.

    Not as root, and on Linux only with user namespaces.

    Containers and some distributions forbid those to ordinary users, and Chromium then refuses to start.
    """
    if os.geteuid() == 0:
        return False
    if sys.platform != "linux":
        return True
    unshare = shutil.which("unshare")
    if unshare is None:
        return False
    probe = (unshare, "--user", "--map-root-user", "true")
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0  # noqa: S603
