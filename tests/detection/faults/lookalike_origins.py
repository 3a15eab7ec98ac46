"""Origins that are compared in part, and types of a body that are compared letter by letter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request

from reference_backend import origins
from reference_backend.settings import Settings
from tests.detection.faults.cross_site import SIGN_OUT, TASKS, UPDATE, share, skip_origin_check, take_any_body
from tests.detection.registry import fault
from tests.detection.seams import wrap

LOOKALIKE = "csrf-lookalike-origin-changes-nothing"
NULL = "csrf-null-origin-changes-nothing"
WHOLE = "csrf-origin-is-compared-whole"
REFERER = "csrf-foreign-referer-changes-nothing"
TYPES = "csrf-body-of-any-type-changes-nothing"
READS_NOTHING = "cors-lookalike-origin-cannot-read"


def trust(fits: Callable[[str, str], bool]) -> None:
    """Take an origin for the own one where ``fits`` says so of it and of the own one."""

    def check(original: Any, request: Request, settings: Settings) -> None:
        origin = request.headers.get("origin")
        if origin is None or not any(fits(origin, own) for own in settings.origins):
            original(request, settings)

    wrap(origins, "check", check)


def host(origin: str) -> str:
    """The host of an origin."""
    return urlsplit(origin).hostname or ""


# --- whose page it was ---


@fault(
    defect="cs-origin-match-flaw",
    caught_by=LOOKALIKE,
    says=r"origin http://127\.0\.0\.1\.evil\.invalid:\d+ to sign her out .*; but .*she was signed out",
)
def an_origin_is_compared_by_its_beginning() -> None:
    """Whatever host begins as the own one does is trusted."""
    trust(lambda origin, own: host(origin).startswith(host(own)))


@fault(
    defect="cs-origin-match-flaw",
    caught_by=LOOKALIKE,
    says=r"origin http://evil127\.0\.0\.1:\d+ to sign her out .*; but .*she was signed out",
)
def an_origin_is_compared_by_its_end() -> None:
    """Whatever host ends as the own one does is trusted, as for subdomains, but for the dot."""
    trust(lambda origin, own: host(origin).endswith(host(own)))


@fault(
    defect="cs-origin-match-flaw",
    caught_by=LOOKALIKE,
    says=r"origin http://127x0x0x1:\d+ to sign her out .*; but .*she was signed out",
)
def the_own_host_is_a_pattern() -> None:
    """The own host is put into a regular expression as it stands, where a dot is any letter."""
    trust(lambda origin, own: re.fullmatch(host(own), host(origin)) is not None)


@fault(
    defect="cs-origin-match-flaw",
    caught_by=LOOKALIKE,
    says=r"origin http://.*evil.* to change her name .*text/plain .*; but .*her name was changed",
)
def a_profile_change_looks_for_the_host_in_the_origin() -> None:
    """An origin that contains the own host is trusted, and any body is read as JSON."""
    trust(lambda origin, own: host(own) in origin)
    take_any_body(UPDATE)


@fault(
    defect="cs-null-origin-accepted",
    caught_by=NULL,
    says="page of the origin null to sign her out .*; but .*she was signed out",
)
def a_page_without_an_origin_is_taken_for_a_file() -> None:
    """The origin null is trusted, for pages that are opened from a disk."""
    trust(lambda origin, _: origin == "null")


@fault(
    defect="cs-null-origin-accepted",
    caught_by=NULL,
    says="page of the origin null to change her name .*text/plain .*; but .*her name was changed",
)
def a_frame_without_an_origin_changes_the_name() -> None:
    """The origin null is trusted, and any body is read as JSON."""
    trust(lambda origin, _: origin == "null")
    take_any_body(UPDATE)


@fault(
    defect="cs-origin-match-flaw",
    caught_by=WHOLE,
    says=r"origin http://127\.0\.0\.1:\d+ to sign her out .*; but .*she was signed out",
    level="should",
)
def the_port_of_an_origin_is_not_looked_at() -> None:
    """Every port of the own host is trusted."""
    trust(lambda origin, own: origin.rpartition(":")[0] == own.rpartition(":")[0])


@fault(
    defect="cs-origin-match-flaw",
    caught_by=WHOLE,
    says=r"origin https://127\.0\.0\.1:\d+ to sign her out .*; but .*she was signed out",
    level="should",
)
def the_scheme_of_an_origin_is_not_looked_at() -> None:
    """The own host and port are trusted under each scheme."""
    trust(lambda origin, own: urlsplit(origin).netloc == urlsplit(own).netloc)


@fault(
    defect="cs-referer-not-checked",
    caught_by=REFERER,
    says="Referer https://evil.invalid/x, to sign her out .*; but .*she was signed out",
    level="should",
)
def a_referer_stands_for_no_origin() -> None:
    """A request without an Origin passes, whatever its Referer says."""
    skip_origin_check(lambda request: "origin" not in request.headers and request.url.path == SIGN_OUT)


# --- what it sent ---


def _is_let_by(unusual: Callable[[str | None], bool]) -> None:
    """Look at the origin of a profile change unless its body has such a type."""
    skip_origin_check(lambda request: request.url.path == UPDATE and unusual(request.headers.get("content-type")))
    take_any_body(UPDATE)


@fault(
    defect="cs-content-type-spelling",
    caught_by=TYPES,
    says="change her name with a body of type Text/Plain .*; but .*her name was changed",
)
def types_are_known_in_lower_case() -> None:
    """The types of forms are looked for as they are written mostly."""
    _is_let_by(lambda kind: kind is not None and kind != kind.lower())


@fault(
    defect="cs-content-type-spelling",
    caught_by=TYPES,
    says="change her name with a body of type text/plain;x=1 .*; but .*her name was changed",
)
def a_type_with_a_parameter_is_none_of_a_form() -> None:
    """The types of forms are compared whole, parameters included."""
    _is_let_by(lambda kind: kind is not None and kind.startswith("text/plain;"))


@fault(
    defect="cs-content-type-spelling",
    caught_by=TYPES,
    says="change her name with a body of type absent .*; but .*her name was changed",
)
def a_body_without_a_type_is_no_form() -> None:
    """A body whose type nobody says is read as JSON, and no form sends one."""
    _is_let_by(lambda kind: kind is None)


# --- who may read ---


@fault(
    defect="cs-cors-null-or-lookalike",
    caught_by=READS_NOTHING,
    says="that null is not allowed to read .*/get-session; but Access-Control-Allow-Origin is null",
)
def the_origin_null_may_read_the_session() -> None:
    """The session endpoint allows the origin null with credentials."""
    share("/api/auth/get-session", allow_origins=["null"], allow_credentials=True)


@fault(
    defect="cs-cors-null-or-lookalike",
    caught_by=READS_NOTHING,
    says=r"that http://127\.0\.0\.1\.evil\.invalid:\d+ is not allowed to read .*/api/tasks; but .*credentials are",
)
def hosts_that_begin_as_the_own_one_may_read_the_tasks() -> None:
    """A pattern without an end allows the own host with more after it."""
    share(TASKS, allow_origin_regex=r"http://127\.0\.0\.1.*", allow_credentials=True)


@fault(
    defect="cs-cors-null-or-lookalike",
    caught_by=READS_NOTHING,
    says=r"that http://evil127\.0\.0\.1:\d+ is not allowed to read .*/api/tasks; but .*credentials are",
)
def hosts_that_end_as_the_own_one_may_read_the_tasks() -> None:
    """A pattern without a beginning allows the own host with more before it."""
    share(TASKS, allow_origin_regex=r"http://.*127\.0\.0\.1:\d+", allow_credentials=True)


@fault(
    defect="cs-cors-null-or-lookalike",
    caught_by=READS_NOTHING,
    says=r"that http://127x0x0x1:\d+ is not allowed to read .*/api/tasks; but .*credentials are",
)
def a_dot_in_a_pattern_is_any_letter() -> None:
    """The pattern of the origins that may read leaves the dots as they are."""
    share(TASKS, allow_origin_regex=r"http://127.0.0.1:\d+", allow_credentials=True)
