"""Windows without a browser, which show the pages of `FakeBackend` as a person sees them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import urlsplit

from harness.browser.forms import Form
from harness.browser.shared import Shared
from harness.core.exchange import Exchange
from harness.core.findings import Unmet
from harness.deployment.deployment import Deployment
from harness.profile.pages import FormField
from tests.support.fake_backend import AUTH, FakeBackend
from tests.support.fake_client import WEB, Answer, Sent

WRONG = "Invalid email or password"
JSON = ("Content-Type", "application/json")


@dataclass
class Locator:
    """A field or button of a page; ``is_there`` says whether it is found."""

    is_there: bool = True
    is_usable: bool = True
    kind: str = "password"
    pressed: Callable[[], None] = lambda: None

    def count(self) -> int:
        """How many there are."""
        return int(self.is_there)

    def is_enabled(self) -> bool:
        """Whether it can be pressed."""
        return self.is_usable

    def evaluate(self, _: str) -> str:
        """The field's type."""
        return self.kind

    def click(self) -> None:
        """Press it."""
        self.pressed()

    def press(self, _: str) -> None:
        """Press a key in it."""
        self.pressed()


@dataclass
class FakeWindow:
    """One window; a test that needs the front end wrong replaces what it does on ``sign_in`` or at a page."""

    deployment: Deployment
    backend: FakeBackend
    who: str
    jar: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    history: list[tuple[str, str]] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    appeared: set[str] = field(default_factory=set)
    watched: list[str] = field(default_factory=list)
    left_for: str | None = None
    readable: dict[str, Any] = field(default_factory=lambda: {"cookie": "", "local": {}, "session": {}})
    failing: str | None = None
    """What the requests carry that fail on the way."""
    failed: list[str] = field(default_factory=list)
    shows_failure: bool = False
    takes_pasted: bool = True
    skipped: str = ""
    """The field that Tab does not reach."""
    focused: str = ""
    alert: bool = False
    """Whether the page has an alert."""
    other: list[tuple[str, str]] = field(default_factory=list)
    """The history of the other tab."""
    hovered: Callable[[], None] = lambda: None
    says_of_autocomplete: str = ""
    renders_markup: bool = False
    """Whether pages make elements of tags that they show."""
    hidden: str = ""
    """What is part of the page and can't be seen."""
    pressed: list[str] = field(default_factory=list)
    password_field: Locator = field(default_factory=Locator)
    sign_in_button: Locator = field(default_factory=Locator)
    pages: dict[str, str] = field(default_factory=dict)
    """Pages that are there instead of the backend's, by path."""
    shared: Shared = field(default_factory=Shared)
    opened: str = "/"
    after_sign_in: str = "/tasks"
    after_sign_out: str = "/signin"

    @property
    def page(self) -> Any:
        """Where the window is, as Playwright has it."""
        return SimpleNamespace(url=f"{WEB}{self.history[-1][0]}" if self.history else "about:blank")

    @property
    def path(self) -> str:
        """The path of the open page."""
        return str(urlsplit(self.page.url).path)

    # --- doing ---

    def open(self, path: str) -> None:
        """Open a page, and those that it leads to."""
        self.asked.append(f"{WEB}{path}")
        self.opened = urlsplit(path).path
        answer = self.ask("GET", path)
        location = next((value for name, value in answer.headers if name == "Location"), None)
        if location is not None:
            self.open(location)
            return
        self.show(path, self.pages.get(urlsplit(path).path, str(answer.body)))

    def show(self, path: str, text: str) -> None:
        """Show a text at a path."""
        self.history.append((path, text))
        self.appeared.update(word for word in self.watched if word in text)

    def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        """Ask the backend with the window's cookies, and keep those that it sets."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        headers = [JSON, ("Origin", WEB), *([("Cookie", cookie)] if cookie else [])]
        answer = self.backend(Sent(self.who, method, f"{WEB}{path}", headers, body))
        for name, value in answer.headers:
            if name == "Set-Cookie":
                key, _, kept = value.partition(";")[0].partition("=")
                self.jar[key] = kept
        self.jar = {name: value for name, value in self.jar.items() if value}
        url = f"{WEB}{path}"
        self.exchanges.append(
            Exchange(self.who, method, url, headers, body, answer.status, answer.headers, b"", 0.0)
        )
        return answer

    def fill(self, form_field: FormField, value: str | bool) -> None:
        """Type into a field."""
        self.typed[form_field.value] = str(value)

    def copy(self, text: str) -> bool:
        """Copy a text."""
        FakeWindow.copied = text
        return self.takes_pasted

    copied: ClassVar[str] = ""

    def paste(self, form_field: FormField) -> None:
        """Paste what was copied into a field."""
        if self.field(form_field).is_usable:
            self.typed[form_field.value] = FakeWindow.copied

    def value(self, form_field: FormField) -> str:
        """What a field holds."""
        return self.typed.get(form_field.value, "")

    def autocomplete(self, form_field: FormField) -> str:
        """What the page says of filling in the password."""
        return self.says_of_autocomplete

    def fail_requests(self, text: str = "") -> list[str]:
        """Let requests with the text fail."""
        self.failing = text
        return self.failed

    def can_press(self, _: str) -> bool:
        """Whether the button that signs in can be pressed."""
        return self.sign_in_button.is_usable

    def throttled_since(self, mark: int) -> Exchange | None:
        """The first answer 429 from the ``mark``-th exchange on."""
        return next((one for one in self.exchanges[mark:] if one.status == 429), None)

    def tab_to(self, form_field: FormField) -> bool:
        """Press Tab until a field has the focus."""
        self.focused = form_field.value
        return form_field.value != self.skipped

    def tab_to_button(self, _: str) -> bool:
        """Press Tab until a button has the focus."""
        return True

    def type(self, text: str) -> None:
        """Type where the focus is."""
        self.typed[self.focused] = text

    def press_key(self, key: str) -> None:
        """Press Enter, which sends the form."""
        if key == "Enter":
            self.press("Sign in")

    def double_press(self, name: str) -> None:
        """Press a button twice, of which the form is sent once."""
        self.press(name)

    def switch_tab(self) -> None:
        """Go to the other tab."""
        self.history, self.other = self.other, self.history

    def clear_cookies(self) -> None:
        """Take all cookies away."""
        self.jar.clear()

    def complains(self) -> bool:
        """Whether there is an alert."""
        return self.alert

    def hover_links(self) -> None:
        """Pass the pointer over each link."""
        self.hovered()

    def kind(self, form_field: FormField) -> str:
        """The type of a field."""
        found = self.field(form_field)
        if not found.count():
            raise self.unmet(f'that the field "{form_field.value}" can be filled in')
        return str(found.evaluate("field => field.type"))

    def field(self, form_field: FormField) -> Locator:
        """The field of the password; others are as they should be."""
        return self.password_field if form_field.value == "Password" else Locator()

    def button(self, _: str) -> Locator:
        """The button that signs in."""
        return self.sign_in_button

    def submit(self, form: Form, settled: Callable[[], bool]) -> bool:
        """Fill in a form and press its button."""
        for form_field, value in form.entries:
            self.fill(form_field, value)
        self.press(form.button)
        return settled()

    def press(self, button: str, steps: Sequence[str] = ()) -> None:
        """Sign up, in or out, as the button says."""
        self.pressed += steps
        do = {"Sign up": self.sign_up, "Sign in": self.sign_in, "Sign out": self.sign_out}
        do[button]()

    def sign_up(self) -> None:
        """Ask for an account with what was typed."""
        name, email, password = (self.typed[key] for key in ("Name", "Email", "Password"))
        self._go_on(self.ask("POST", f"{AUTH}/sign-up/email", _json(name=name, email=email, password=password)))

    def sign_in(self) -> None:
        """Sign in with what was typed."""
        email, password = self.typed["Email"], self.typed["Password"]
        if self.failing is not None and self.failing in email:
            self.failed.append(f"{WEB}{AUTH}/sign-in/email")
            self.sign_in_button.pressed()
            return
        self._go_on(self.ask("POST", f"{AUTH}/sign-in/email", _json(email=email, password=password)))

    def _go_on(self, answer: Answer) -> None:
        if answer.status == 200:
            self.open(self.after_sign_in)
        else:
            self.show(self.history[-1][0], WRONG)

    def sign_out(self) -> None:
        """Sign out."""
        if self.failing is not None:
            self.failed.append(f"{WEB}{AUTH}/sign-out")
            return
        self.ask("POST", f"{AUTH}/sign-out", b"{}")
        self.open(self.after_sign_out)

    def back(self) -> bool:
        """Load the page before again, as a page that no cache kept."""
        if len(self.history) < 2:
            return False
        path = self.history[-2][0]
        del self.history[-2:]
        self.open(path)
        return True

    def reload(self) -> None:
        """Load the page again."""
        path = self.history.pop()[0]
        self.open(path)

    def add_cookies(self, cookies: list[dict[str, Any]]) -> None:
        """Put cookies into the window."""
        self.jar |= {cookie["name"]: cookie["value"] for cookie in cookies}

    def watch_for(self, texts: list[str]) -> None:
        """Note in ``appeared`` which of the texts is ever shown."""
        self.watched = texts

    # --- seeing ---

    def wait(self, condition: Callable[[], bool], seconds: float = 0.0) -> bool:
        """Whether the condition is true: nothing changes by itself here."""
        return condition() and seconds >= 0

    def at(self, path: str) -> bool:
        """Whether the window is at a page."""
        return re.split(r"[?#]", self.page.url)[0] == f"{WEB}{path}"

    def text(self) -> str:
        """What can be seen."""
        return self.history[-1][1] if self.history else ""

    def shows(self, texts: list[str]) -> bool:
        """Whether one of the texts can be seen."""
        return any(text in self.text() for text in texts)

    def asks_for_password(self) -> bool:
        """Whether there is a field for a password."""
        return "Password" in self.text()

    def holds(self, texts: list[str]) -> str | None:
        """The first of the texts that is part of the page, seen or not."""
        return next((text for text in texts if text in self.text() + self.hidden), None)

    def injected(self, word: str) -> str | None:
        """What markup with that word became, other than text."""
        return "an <img> element" if self.renders_markup and f"<img src={word} " in self.text() else None

    def cookies(self) -> list[dict[str, Any]]:
        """Every cookie."""
        plain = {"path": "/", "domain": "127.0.0.1", "httpOnly": True, "secure": False}
        return [{"name": name, "value": value, **plain} for name, value in self.jar.items()]

    def readable_by_scripts(self) -> dict[str, Any]:
        """What a script gets at."""
        return self.readable

    def unmet(self, expected: str, came: str | None = None) -> Unmet:
        """The finding that something was not there."""
        return Unmet(expected, came or self.describe(), self.exchanges[-3:])

    def not_shown(self, expected: str) -> Unmet:
        """The finding that what was to come did not."""
        return self.unmet(expected)

    def describe(self) -> str:
        """Where the window is."""
        return (
            f"the browser was sent to {self.left_for}" if self.left_for else f"the browser is at {self.page.url}"
        )


class FakeBrowsers:
    """Opens windows; ``prepare`` makes something of each one wrong before it is used."""

    def __init__(self, deployment: Deployment, backend: FakeBackend) -> None:
        self._deployment = deployment
        self._backend = backend
        self.windows: list[FakeWindow] = []
        self.prepare: Callable[[FakeWindow], None] = lambda _: None

    def open(self, who: str, *, scripts: bool = True) -> FakeWindow:
        """A new window."""
        window = FakeWindow(self._deployment, self._backend, who)
        self.prepare(window)
        self.windows.append(window)
        return window

    @contextlib.contextmanager
    def temporary(self, who: str) -> Iterator[FakeWindow]:
        """A window that is gone afterwards."""
        yield self.open(who)
        self.windows.pop()

    def close_windows(self) -> None:
        """Forget every window."""
        self.windows.clear()

    @property
    def current(self) -> FakeWindow:
        """The window that was opened last."""
        return self.windows[-1]


def _json(**fields: str) -> bytes:
    pairs = ", ".join(f'"{name}": "{value}"' for name, value in fields.items())
    return f"{{{pairs}}}".encode()
