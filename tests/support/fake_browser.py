"""What `harness.browser` asks of Playwright, for the pages of `fake_deployment`, with a note of each thing done.

A locator is known by the words with which it was asked for, so that two ways of finding a field are told apart.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from harness.wire.cookies import CookieJar
from tests.support.fake_deployment import WEB, Deployment

Noted = Callable[[str], None]
_STOPPED = 599
_FIELDS = {"name": "name", "email": "email", "password": "password", "confirm": "confirm"}
_FORMS = {"/signin": ("POST", "/login", "/home"), "/signup": ("POST", "/signup", "/home")}


@dataclass(eq=False)
class FakeRequest:
    """A request for a document."""

    method: str
    url: str
    headers: dict[str, str]
    frame: FakeFrame
    resource_type: str = "document"
    post_data_buffer: bytes | None = None

    def is_navigation_request(self) -> bool:
        return True


@dataclass
class FakeRoute:
    """A request that may be stopped."""

    request: FakeRequest
    is_stopped: bool = False

    def abort(self, why: str) -> None:
        self.is_stopped = True

    def continue_(self) -> None:
        pass


@dataclass
class FakeFrame:
    """The frame that fills the window."""

    page: FakePage
    parent_frame: None = None

    def evaluate(self, expression: str, word: str) -> list[str]:
        """What was made of markup: nothing."""
        return []

    def locator(self, selector: str) -> FakeLocator:
        return self.page.locator(selector)


@dataclass
class FakeResponse:
    """Its answer."""

    request: FakeRequest
    status: int
    headers: dict[str, str]


class FakeBrowser:
    """Makes contexts."""

    def __init__(self, deployment: Deployment, noted: Noted) -> None:
        self._deployment = deployment
        self._noted = noted

    def new_context(self, **options: object) -> FakeContext:
        self._noted(f"new context {options}")
        return FakeContext(self._deployment, self._noted)

    def is_connected(self) -> bool:
        return True


class FakeContext:
    """Cookies and one page; what is copied is every context's."""

    clipboard = ""

    def __init__(self, deployment: Deployment, noted: Noted) -> None:
        self.deployment = deployment
        self.noted = noted
        self.jar = CookieJar()
        self.decide: Callable[[Any], None] = lambda _: None
        self.listeners: dict[str, Callable[[Any], None]] = {}

    def on(self, event: str, listener: Callable[[Any], None]) -> None:
        self.listeners[event] = listener

    def set_default_timeout(self, milliseconds: float) -> None:
        pass

    def new_page(self) -> FakePage:
        return FakePage(self)

    def close(self) -> None:
        self.noted("close")

    def cookies(self) -> list[dict[str, Any]]:
        held = self.jar.cookies_for(WEB)
        common = {"domain": urlsplit(WEB).hostname, "path": "/", "httpOnly": True, "secure": True}
        return [{"name": name, "value": value, **common} for name, value in held.items()]

    def add_cookies(self, cookies: list[dict[str, Any]]) -> None:
        self.noted(f"add cookies {[(one['name'], one['value']) for one in cookies]}")
        self.jar.store([f"{one['name']}={one['value']}; Path=/; Secure" for one in cookies], WEB)

    def clear_cookies(self) -> None:
        self.noted("clear cookies")
        self.jar = CookieJar()

    def route(self, pattern: str, decide: Callable[[Any], None]) -> None:
        self.noted(f"decide about {pattern}")
        self.decide = decide

    def expose_function(self, name: str, function: object) -> None:
        pass

    def add_init_script(self, script: str) -> None:
        self.noted(f"watch {script[-200:]}")


@dataclass
class FakePage:
    """A page with its forms; what is typed is known by the word that the field is found by."""

    context: FakeContext
    url: str = "about:blank"
    body: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    history: list[str] = field(default_factory=list)

    focused: str = ""

    def __post_init__(self) -> None:
        self.keyboard = FakeKeyboard(self)
        self.main_frame = FakeFrame(self)
        self.frames = [self.main_frame]

    def on(self, event: str, listener: Callable[[Any], None]) -> None:
        pass

    def set_content(self, page: str) -> None:
        self.body = page

    def bring_to_front(self) -> None:
        pass

    def close(self) -> None:
        pass

    # --- moving ---

    def goto(self, url: str, wait_until: str) -> FakeResponse:
        self.context.noted(f"go to {url}")
        self.history.append(self.url)
        return self._load(url)

    def _load(self, url: str) -> FakeResponse:
        response = self._ask("GET", url, b"")
        while 300 <= response.status < 400:
            response = self._ask("GET", urljoin(url, response.headers["location"]), b"")
        return response

    def _ask(self, method: str, url: str, body: bytes) -> FakeResponse:
        cookies = "; ".join(f"{name}={value}" for name, value in self.context.jar.cookies_for(url).items())
        headers = {"cookie": cookies, "content-type": "application/x-www-form-urlencoded", "accept": "text/html"}
        request = FakeRequest(method, url, headers, self.main_frame, post_data_buffer=body)
        self.context.listeners["request"](request)
        route = FakeRoute(request)
        self.context.decide(route)
        if route.is_stopped:
            return FakeResponse(request, _STOPPED, {})
        answer = self.context.deployment.answer(method, url, headers.items(), body)
        self.context.jar.store([value for name, value in answer.headers if name == "Set-Cookie"], url)
        self.url, self.body, self.typed = url, answer.body.decode(), {}
        response = FakeResponse(request, answer.status, {name.lower(): value for name, value in answer.headers})
        self.context.listeners["response"](response)
        self.context.listeners["requestfinished"](request)
        return response

    def reload(self, wait_until: str) -> None:
        self.context.noted("reload")
        self._load(self.url)

    def go_back(self, wait_until: str) -> FakeResponse | None:
        self.context.noted("back")
        before = self.history.pop() if self.history else "about:blank"
        if before == "about:blank":
            return None
        return self._load(before)

    def wait_for_load_state(self, state: str, timeout: float) -> None:
        self.context.noted(f"wait for {state}")

    def wait_for_timeout(self, milliseconds: float) -> None:
        time.sleep(milliseconds / 1000)

    def is_closed(self) -> bool:
        return False

    # --- finding ---

    def locator(self, selector: str) -> FakeLocator:
        return FakeLocator(self, selector, "password" if selector == "[type=password]" else None)

    def get_by_label(self, text: str | re.Pattern[str], *, exact: bool = False) -> FakeLocator:
        word = _word_in(text)
        return FakeLocator(self, f"label {word!r} exact={exact}", word)

    def get_by_placeholder(self, text: str, *, exact: bool = False) -> FakeLocator:
        return FakeLocator(self, f"placeholder {text!r} exact={exact}", text)

    def get_by_title(self, text: str, *, exact: bool = False) -> FakeLocator:
        return FakeLocator(self, f"title {text!r} exact={exact}", text)

    def get_by_role(self, role: str, *, name: str | re.Pattern[str], exact: bool = False) -> FakeLocator:
        word = _word_in(name)
        return FakeLocator(self, f"{role} {word!r} exact={exact}", word)

    def get_by_text(self, text: re.Pattern[str]) -> FakeLocator:
        return FakeLocator(self, f"text {_word_in(text)!r}", _word_in(text))

    def get_by_alt_text(self, text: re.Pattern[str]) -> FakeLocator:
        return FakeLocator(self, f"alternative {_word_in(text)!r}", _word_in(text))

    def press(self, button: str) -> None:
        """What the page does when its button is pressed."""
        path = urlsplit(self.url).path
        wanted = {"/signin": "Sign in", "/signup": "Sign up", "/home": "Sign out"}.get(path)
        if button != wanted:
            return
        if path == "/home":
            if self._ask("POST", f"{WEB}/logout", b"").status == _STOPPED:
                return
            self._load(f"{WEB}/signin")
            return
        method, action, after = _FORMS[path]
        if self._ask(method, f"{WEB}{action}", urlencode(self.typed).encode()).status < 300:
            self.history.append(f"{WEB}{path}")
            self._load(f"{WEB}{after}")
        else:
            self.url, self.body = f"{WEB}{path}", "Email Password Sign in Wrong address or password"

    def shows(self, word: str) -> bool:
        """Whether the page has a field or button of that word."""
        return bool(word) and word.lower() in self.body.lower()


@dataclass
class FakeKeyboard:
    """Types where the focus is."""

    page: FakePage

    def type(self, text: str) -> None:
        self.page.context.noted(f"type {text}")
        self.page.typed[self.page.focused] = text

    def press(self, key: str) -> None:
        self.page.context.noted(f"press {key}")
        if key == "Enter":
            self.page.press("Sign in")


class FakeLocator:
    """Something on a page, by the words with which it was asked for."""

    def __init__(self, page: FakePage, asked: str, word: str | None = None) -> None:
        self.page = page
        self.asked = asked
        self.word = word

    @property
    def first(self) -> FakeLocator:
        return self

    def and_(self, other: FakeLocator) -> FakeLocator:
        return FakeLocator(self.page, f"{self.asked} and {other.asked}", other.word)

    def or_(self, other: FakeLocator) -> FakeLocator:
        return FakeLocator(self.page, f"{self.asked} or {other.asked}", self.word or other.word)

    def filter(self, *, has_text: re.Pattern[str] | None = None, **conditions: object) -> FakeLocator:
        return self if has_text is None else FakeLocator(self.page, f"{self.asked} of text", _word_in(has_text))

    def locator(self, selector: str) -> FakeLocator:
        return FakeLocator(self.page, f"{self.asked} {selector}", self.word)

    def get_by_role(self, role: str, *, name: str | re.Pattern[str]) -> FakeLocator:
        return self.page.get_by_role(role, name=name)

    def count(self) -> int:
        return 1 if self.word is None or self.page.shows(self.word) else 0

    def is_enabled(self) -> bool:
        return True

    def is_visible(self) -> bool:
        return self.count() > 0

    def element_handles(self) -> list[FakeLocator]:
        return [self] * self.count()

    def evaluate_all(self, expression: str, named: object) -> list[dict[str, Any]]:
        """What the page has, in the words that its text is made of."""
        words = self.page.body.split() if "form" not in self.asked else []
        texts = ("label", "said", "placeholder", "name", "text", "message")
        truths = dict.fromkeys(("asked", "ticks", "empty", "named"), False)
        return [{**dict.fromkeys(texts, ""), **truths, "label": word, "text": word} for word in words]

    def set_checked(self, checked: bool) -> None:
        self.page.context.noted(f"tick {self.asked}: {checked}")

    def focus(self) -> None:
        pass

    def fill(self, value: str) -> None:
        self.page.context.noted(f"fill {self.asked} with {value}")
        self.page.typed[(self.word or _name_in(self.asked)).lower()] = value

    def input_value(self) -> str:
        return self.page.typed.get(self.key, "")

    @property
    def key(self) -> str:
        return (self.word or _name_in(self.asked)).lower()

    def all(self) -> list[FakeLocator]:
        return [self] * self.count()

    def hover(self, timeout: float) -> None:
        self.page.context.noted(f"point at {self.asked}")

    def dblclick(self) -> None:
        self.click()

    def click(self) -> None:
        self.page.context.noted(f"click {self.asked}")
        self.page.press(self.word or "")

    def press(self, key: str) -> None:
        self.page.context.noted(f"press {key} in {self.asked}")
        if key.endswith("+C"):
            FakeContext.clipboard = self.input_value()
        elif key.endswith("+V"):
            self.page.typed[self.key] = FakeContext.clipboard

    def evaluate(self, expression: str, timeout: float | None = None) -> Any:
        if ":focus" in expression:
            self.page.focused = self.key
            return True
        if "autocomplete" in expression:
            return ""
        if "document.cookie" in expression:
            return {"cookie": "", "local": {}, "session": {}}
        if "field.type" in expression:
            return "password"
        if "field.tagName" in expression:
            return "INPUT"
        return "" if "role=alert" in expression else self.page.body


def _word_in(text: str | re.Pattern[str]) -> str:
    """The word that is looked for, without what a pattern says besides."""
    return text if isinstance(text, str) else re.sub(r"\\s\*|[\\^$]", "", text.pattern)


def _name_in(selector: str) -> str:
    found = re.fullmatch(r"\[name=(.*)\]", selector)
    return str(json.loads(found[1])) if found else selector
