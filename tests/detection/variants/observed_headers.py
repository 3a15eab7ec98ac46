"""Headers that are right and unusual."""

from __future__ import annotations

from tests.detection.answers import Exchanged, change_answers
from tests.detection.faults.observed_headers import (
    CREDENTIAL,
    FRAMES,
    JSON,
    ORIGIN,
    PRIVATE,
    SESSION,
    TOKENS,
    header,
)
from tests.detection.registry import HTTPS
from tests.detection.variant_registry import variant

HSTS = "header-demands-https"


@variant(
    stays_green=TOKENS,
    never_fail_on={"hc-credential-answer-cacheable": "Answers that only set a cookie and are not cacheable"},
)
def what_only_changes_a_cookie_says_nothing_of_caches() -> None:
    """Answers to a POST that hand out no token have no Cache-Control."""

    def change(one: Exchanged) -> None:
        if one.method == "POST" and b"oken" not in one.body:
            del one.headers["cache-control"]

    change_answers(change)


@variant(
    warns={TOKENS: "sign-up/email .*has no Cache-Control", PRIVATE: "/token was .*has no Cache-Control"},
    never_fail_on={
        "hc-no-store-missing": "Better Auth: get-session has no-store, /token and sign-in have none; FastAPI none"
    },
)
def only_the_session_endpoint_says_no_store() -> None:
    """All but the session endpoint have no Cache-Control, which is a warning."""

    def change(one: Exchanged) -> None:
        if one.path != SESSION:
            del one.headers["cache-control"]

    change_answers(change)


@variant(stays_green=PRIVATE)
def private_answers_are_asked_for_each_time() -> None:
    """Private answers are kept by the browser and asked for again each time."""
    header("cache-control", "no-cache, must-revalidate", "/api/tasks", "/tasks", SESSION)


@variant(
    stays_green=JSON,
    never_fail_on={"hc-wrong-content-type": "application/*+json; missing type on empty bodies."},
)
def the_json_has_a_type_of_its_own() -> None:
    """The API's JSON is application/vnd.api+json, and what is empty has no type."""

    def change(one: Exchanged) -> None:
        if one.path.startswith("/api/tasks"):
            del one.headers["content-type"]
            if one.body:
                one.headers["content-type"] = "application/vnd.api+json"

    change_answers(change)


@variant(stays_green=FRAMES, never_fail_on={"hc-framing-allowed": "Embeddable apps: profile."})
def partners_may_frame_the_pages() -> None:
    """The policy names the sites that may frame the pages."""
    policy = "script-src 'self'; frame-ancestors https://partner.example"
    header("content-security-policy", policy, "/tasks", "/signin")


@variant(stays_green=FRAMES)
def the_pages_have_x_frame_options() -> None:
    """The pages have the older header in place of a policy."""

    def change(one: Exchanged) -> None:
        del one.headers["content-security-policy"]
        one.headers["x-frame-options"] = "SAMEORIGIN"

    change_answers(change)


@variant(
    not_applicable={HSTS: "reached on this machine"},
    never_fail_on={"hc-hsts-missing": "localhost, http: skip."},
    settings=HTTPS,
)
def a_developer_s_machine_has_a_certificate() -> None:
    """TLS on the loopback interface, without Strict-Transport-Security."""
    header("strict-transport-security", None)


@variant(stays_green=CREDENTIAL, never_fail_on={"hc-vary-missing-on-cacheable": "no-store answers."})
def private_answers_do_not_vary() -> None:
    """No answer has Vary, and what is private is not stored."""
    header("vary", None)


@variant(stays_green=CREDENTIAL)
def what_is_kept_varies() -> None:
    """The session is kept for a minute, by cookie."""

    def change(one: Exchanged) -> None:
        if one.path == SESSION:
            one.headers["cache-control"] = "private, max-age=60"
            one.headers["vary"] = "Accept-Encoding, cookie"

    change_answers(change)


@variant(stays_green=ORIGIN, never_fail_on={"cs-cors-vary-missing": "no-store answers need no Vary."})
def an_allowed_origin_is_not_stored() -> None:
    """The page's own origin is allowed to read what no cache keeps, without Vary."""

    def change(one: Exchanged) -> None:
        if one.path == SESSION and one.sent.get("origin") == one.settings.base_url:
            one.headers["access-control-allow-origin"] = one.settings.base_url

    change_answers(change)
