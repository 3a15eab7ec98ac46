"""The browsers of a run: one Chromium for each process.

It is started when the first scenario needs it.

Pages load what they like from elsewhere, and no window leaves the deployment: see `confinement`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.browser import install
from harness.browser.shared import Shared
from harness.core import processes
from harness.core.blocker import Blocker
from harness.core.errors import Unavailable
from harness.core.findings import HarnessError

if TYPE_CHECKING:
    from collections.abc import Collection

    from playwright.sync_api import Browser

    from harness.browser.install import Display
    from harness.browser.window import Window
    from harness.deployment.deployment import Deployment
    from harness.wire.client import Client
    from harness.wire.trust import Trust

REQUIRED = "AUTH_CONFORMANCE_REQUIRE_BROWSER"
"""The environment variable that, set to 1, makes a run red for which no browser can be had."""
_SCRATCH = "auth-conformance-browser-"
# After a SIGKILL of the run the browser ends by itself, and may make its folder again meanwhile.
_REMOVE = ("sh", "-c", 'while [ -d "$0" ]; do rm -rf "$0"; sleep 1; done')


class NoBrowser(Unavailable):
    """No browser can be had here."""

    blocker = Blocker.MISSING


@dataclass
class Browsers:
    """Opens windows for scenarios.

    ``executable`` is what the user gave; ``announce`` tells what takes long; ``tracing`` keeps what a trace needs;
    ``shared`` is what every window adds to.
    """

    deployment: Deployment
    executable: str | None = None
    announce: Callable[[str], None] = lambda _: None
    tracing: bool = False
    windows: list[Window] = field(default_factory=list)
    shared: Shared = field(default_factory=Shared)
    display: Display = install.UNSEEN
    _resources: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _running: Browser | None = None
    _missing: str = ""

    def open(self, who: str, *, scripts: bool = True) -> Window:
        """A window of its own, without cookies, cache or history.

        Raises NoBrowser when no browser can be had, HarnessError when there must be one.
        """
        running = self._browser()
        # Playwright takes as long to import as a whole scenario, which a run over HTTP alone need not pay.
        from harness.browser.window import Window

        client = self.deployment.client
        context = running.new_context(
            base_url=self.deployment.target.web,
            # With a certificate of its own Playwright's driver makes the connections, and no pin is asked for.
            ignore_https_errors=client.trust.insecure and client.trust.own is not None,
            locale="en-US",
            java_script_enabled=scripts,
            client_certificates=_shown(client.trust, client.origins),
        )
        window = Window(self.deployment, context, who, traced=self.tracing, shared=self.shared)
        self.windows.append(window)
        return window

    @contextlib.contextmanager
    def temporary(self, who: str) -> Iterator[Window]:
        """A window that is closed at the end.

        The current one stays the current one.
        """
        window = self.open(who)
        self.windows.remove(window)
        try:
            yield window
        finally:
            window.close()

    @property
    def current(self) -> Window:
        """The window opened last in this scenario. Raises HarnessError before one was."""
        if not self.windows:
            raise HarnessError("no step of this scenario opened a browser")
        return self.windows[-1]

    def close_windows(self) -> None:
        """Close what a scenario opened, with its cookies.

        A browser that broke is started again for the next one.
        """
        self.shared.other_origins.clear()
        if not self.windows:
            return
        from playwright.sync_api import Error

        with contextlib.suppress(Error):
            for window in self.windows:
                window.close()
        self.windows.clear()
        if self._running is not None and not self._running.is_connected():
            self.stop()

    def stop(self) -> None:
        """End the browser and remove its files."""
        self.windows.clear()
        self._running = None
        self._resources.close()

    def _browser(self) -> Browser:
        if self._missing:
            raise _unavailable(self._missing)
        if self._running is None:
            try:
                _must_be_possible(self.deployment.client)
                self._running = self._start(self._found())
            except NoBrowser as missing:
                self._missing = str(missing)
                raise _unavailable(self._missing) from missing
        return self._running

    def _found(self) -> Path:
        # Of several workers without a browser the first one installs it and the others find it.
        with Path(install.__file__).open() as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            choice = install.ensure_browser(self.executable, self.announce, self.display)
        if choice.executable is None:
            raise NoBrowser(choice.why, f"Run: {choice.command}")
        return choice.executable

    def _pins(self) -> list[str]:
        """The certificates that the client accepts."""
        client = self.deployment.client
        return client.trust.pins(client.origins, client.proxy)

    def _start(self, executable: Path) -> Browser:
        from playwright.sync_api import Error, sync_playwright

        from harness.browser.confinement import confine

        with contextlib.ExitStack() as starting:
            scratch = Path(tempfile.gettempdir(), f"{_SCRATCH}{secrets.token_hex(8)}")
            guard = processes.guard(
                name="the browser's temporary files",
                cleanup_command=(*_REMOVE, str(scratch)),
                cleanup_paths=[scratch],
            )
            starting.callback(guard.stop)
            starting.callback(shutil.rmtree, scratch, ignore_errors=True)
            scratch.mkdir(mode=0o700)
            with _environment(TMPDIR=str(scratch), **_authorities(self.deployment.client.trust)):
                playwright = starting.enter_context(sync_playwright())
            try:
                client = self.deployment.client
                running = playwright.chromium.launch(
                    **install.launch_arguments(executable, self._pins(), client.proxy, self.display),
                    # Ctrl-C is pytest's to answer; it closes the browser on its way out.
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
                confine(running, self.deployment.target.origins, client.gate, client.proxy)
            except Error as error:
                why = error.message.strip().splitlines()[0]
                raise NoBrowser(
                    f"The browser {executable} does not start ({why}).", f"Run: {self.display.remedy}"
                ) from error
            self._resources = starting.pop_all()
        return running


def _unavailable(sentence: str) -> Exception:
    if os.environ.get(REQUIRED) == "1":
        return HarnessError(f"{sentence} ({REQUIRED}=1 makes this an error.)")
    return NoBrowser(sentence)


def _must_be_possible(client: Client) -> None:
    if client.proxy is not None and client.trust.own is not None:
        raise NoBrowser(
            "The browser can't show a client certificate (reach.certificate) through a proxy (reach.proxy).",
            "Run where the deployment is reached without a proxy.",
        )


def _shown(trust: Trust, origins: Collection[str]) -> list[Any] | None:
    """The suite's certificate, for the deployment's own origins."""
    if (own := trust.own) is None:
        return None
    common: dict[str, Any] = {"certPath": own.file, "keyPath": own.key or own.file}
    if own.password is not None:
        common["passphrase"] = own.password
    return [{"origin": one, **common} for one in sorted(origins) if one.startswith("https:")]


def _authorities(trust: Trust) -> dict[str, str]:
    """Where Playwright's driver finds the authorities that the client accepts."""
    file = trust.ca or os.environ.get("SSL_CERT_FILE")
    return {"NODE_EXTRA_CA_CERTS": str(file)} if file and trust.own is not None else {}


@contextlib.contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Set variables for processes that are started meanwhile."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
