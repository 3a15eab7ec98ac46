"""Answers without the headers that keep them from caches, frames and guesses."""

from __future__ import annotations

from tests.detection.answers import Exchanged, change_answers
from tests.detection.registry import fault

TOKENS, PRIVATE, JSON = (
    "caching-tokens-are-not-stored",
    "caching-private-responses-restrict-storage",
    "json-is-not-labelled-html",
)
NOSNIFF, FRAMES = "header-forbids-sniffing", "page-says-who-may-frame-it"
CREDENTIAL, ORIGIN = "caching-varies-by-credential", "caching-varies-by-origin"
SESSION = "/api/auth/get-session"


def header(name: str, value: str | None, *paths: str) -> None:
    """Give the answers of these paths, or all, that value of a header, or none."""

    def change(one: Exchanged) -> None:
        if not paths or one.path in paths:
            del one.headers[name]
            if value is not None:
                one.headers[name] = value

    change_answers(change)


@fault(
    defect="hc-credential-answer-cacheable",
    caught_by=TOKENS,
    says="GET .*/token was .*has no Cache-Control",
    level="should",
)
def the_token_says_nothing_of_caches() -> None:
    """The token endpoint has no Cache-Control."""
    header("cache-control", None, "/api/auth/token")


@fault(
    defect="hc-credential-answer-cacheable",
    caught_by=TOKENS,
    says="POST .*/sign-up/email was .*has Cache-Control: private=True, no-store=True",
    level="should",
)
def the_sign_up_has_a_malformed_cache_control() -> None:
    """The framework's keyword arguments were written as a header."""
    header("cache-control", "private=True, no-store=True", "/api/auth/sign-up/email")


@fault(defect="hc-no-store-missing", caught_by=PRIVATE, says="/api/tasks was .*no Cache-Control", level="should")
def the_tasks_say_nothing_of_caches() -> None:
    """The API sets no Cache-Control."""
    header("cache-control", None, "/api/tasks")


@fault(
    defect="hc-no-store-missing",
    caught_by=PRIVATE,
    says="get-session .*Cache-Control: private=True",
    level="should",
)
def the_session_is_private_in_no_cache_s_words() -> None:
    """A directive with an argument that it does not take is none."""
    header("cache-control", "private=True", SESSION)


@fault(defect="hc-no-store-missing", caught_by=PRIVATE, says="GET .*/tasks .*no Cache-Control", level="should")
def the_page_says_nothing_of_caches() -> None:
    """The protected page sets no Cache-Control, so that the back button shows it after sign-out."""
    header("cache-control", None, "/tasks")


@fault(defect="hc-wrong-content-type", caught_by=JSON, says="/api/tasks .*labelled text/html")
def the_tasks_are_labelled_html() -> None:
    """The handler writes JSON into the default response, which is HTML."""
    header("content-type", "text/html; charset=utf-8", "/api/tasks")


@fault(defect="hc-wrong-content-type", caught_by=JSON, says="/get-session .*labelled text/html")
def the_session_is_labelled_html() -> None:
    """The session endpoint writes JSON into a page's response."""
    header("content-type", "text/html", SESSION)


@fault(defect="hc-nosniff-missing", caught_by=NOSNIFF, says="has no X-Content-Type-Options", level="should")
def no_answer_forbids_sniffing() -> None:
    """The header is nowhere."""
    header("x-content-type-options", None)


@fault(defect="hc-nosniff-missing", caught_by=NOSNIFF, says="has X-Content-Type-Options: sniff", level="should")
def pages_have_a_made_up_value() -> None:
    """The pages' template of headers has a slip of the pen."""
    header("x-content-type-options", "sniff", "/signin", "/tasks")


@fault(defect="hc-framing-allowed", caught_by=FRAMES, says="GET .*/signin", level="should")
def any_site_may_frame_the_pages() -> None:
    """There is neither a policy nor X-Frame-Options."""
    header("content-security-policy", None)


@fault(defect="hc-framing-allowed", caught_by=FRAMES, says="GET .*/tasks was .*neither", level="should")
def any_site_may_frame_the_protected_page() -> None:
    """The policy of that page only speaks of scripts."""
    header("content-security-policy", "script-src 'self'", "/tasks")


@fault(
    defect="hc-vary-missing-on-cacheable",
    caught_by=CREDENTIAL,
    says="get-session .*no Vary: Cookie",
    level="should",
)
def the_session_is_kept_without_vary() -> None:
    """The browser may keep the session for a minute, whoever is signed in by then."""
    header("cache-control", "private, max-age=60", SESSION)


def _allows_who_asks(control: str) -> None:
    def change(one: Exchanged) -> None:
        if one.path == SESSION:
            one.headers["cache-control"] = control
            if origin := one.sent.get("origin"):
                one.headers["access-control-allow-origin"] = origin

    change_answers(change)


@fault(defect="cs-cors-vary-missing", caught_by=ORIGIN, says="allows the origin .*no Vary: Origin", level="should")
def the_allowed_origin_is_kept_without_vary() -> None:
    """The origin that asks is allowed, and the answer is kept for the next one."""
    _allows_who_asks("private, max-age=60")
