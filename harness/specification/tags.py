"""The tags that a scenario may carry, and what each one means.

A tag that is not here stops the run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.core.groups import grouped
from harness.core.verdict import Level, Severity

LEVELS = tuple(level.value for level in Level)
SEVERITIES = tuple(severity.value for severity in Severity)

TIERS = {"core": "one of the requirements that every deployment is judged by first"}

NEEDS = {
    "needs-browser": "runs in a real browser",
    "needs-pages": "needs pages",
    "needs-way-to-signin": "needs protected pages that send anonymous clients to sign-in",
    "needs-tasks": "needs tasks, or something like them, that a credential opens",
    "needs-session-tasks": "needs tasks that the session opens, at the API or through a front end",
    "needs-further-routes": "needs routes beside the five verbs of the tasks, or a further resource",
    "needs-token": "needs an access token that an API verifies",
    "needs-jwt": "needs the access token to be a JWT",
    "needs-shared-secret": "needs tokens signed with a secret that the suite was given",
    "needs-jwks": "needs published verification keys",
    "needs-refresh": "needs a refresh operation",
    "needs-rotate-keys": "needs a way to change the signing key",
    "needs-proxy": "needs a front end that forwards calls to the API",
    "needs-sign-out": "needs a sign-out operation",
    "needs-remember-me": "needs a way to ask at sign-in not to be remembered",
    "needs-rate-limit": "needs a declared limit on guessing passwords",
    "needs-blocklist": "needs a declared refusal of common passwords",
    "needs-idle-timeout": "needs sessions that end when they are not used",
    "needs-absolute-lifetime": "needs sessions that end however much they are used",
    "needs-session-renewal": "needs sessions whose end moves when they are used",
    "needs-session-without-sign-out": "needs a deployment without an operation that ends sessions",
    "needs-unrevocable-credential": "needs a credential that no operation revokes",
    "needs-change-password": "needs a password change",
    "needs-change-password-ending-sessions": "needs a password change that ends other sessions",
    "needs-request-reset": "needs a request for a reset of a forgotten password",
    "needs-delete-user": "needs a way to delete an account",
    "needs-list-sessions": "needs a list of the user's own sessions",
    "needs-revoke-session": "needs a way to revoke one session",
    "needs-revoke-other-sessions": "needs a way to revoke all other sessions",
    "needs-revoke-all-sessions": "needs a way to revoke all sessions, the current one included",
    "needs-alike-signup": "needs a sign-up that is declared to answer known and new addresses alike",
    "needs-production": "needs a deployment that is declared to be in production",
    "needs-plain-http": "needs the http address of a deployment that is reached over https",
    "needs-intrusive": "needs a profile that allows requests which can keep a deployment busy",
    "needs-https": "needs a deployment reached over https",
}

OBSERVATION = "observation"
"""The tag of what judges the answers of the scenarios before it."""
TOPICS = {
    "expiry": "about the expiry of a credential; worth a second run with short lifetimes",
    OBSERVATION: "about every response of the run; runs after those that get them",
}

FUNCTIONAL = "functional"
"""In place of a source: the scenario asks that a flow works, which no standard demands."""
PART_OF = "part-of-"
"""Before a source that demands more than the scenario does."""
_SECTION = r"[a-z]?\d+(\.\d+)*"
_SOURCE = re.compile(
    rf"{FUNCTIONAL}|({PART_OF})?(rfc\d+-{_SECTION}|rfc\d+bis-{_SECTION}|asvs-\d+\.\d+\.\d+|nist-800-63b-{_SECTION}"
    r"|cwe-\d+|wstg-[a-z]+-\d+|api\d+-2023|cve-\d+-\d+|ghsa(-[0-9a-z]{4}){3})"
)
_DEFECT = re.compile(r"defect-[a-z]{2}-[a-z0-9-]+")
_OTHER_MARKERS = {"parametrize", "usefixtures"}
_KINDS = ("identity", "level", "severity", "need", "source", "defect", "tier", "unknown")
_IDENTITY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")


@dataclass(frozen=True)
class Tags:
    """A scenario's tags, sorted by what they say."""

    identities: tuple[str, ...]
    levels: tuple[str, ...]
    severities: tuple[str, ...]
    needs: tuple[str, ...]
    sources: tuple[str, ...]
    defects: tuple[str, ...]
    tiers: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def identity(self) -> str:
        """The requirement's own name."""
        return self.identities[0]

    @property
    def level(self) -> Level:
        """How strongly it binds."""
        return Level(self.levels[0])

    @property
    def severity(self) -> Severity:
        """How much harm a deployment does that breaks it."""
        return Severity(self.severities[0])


def sort_tags(tags: list[str]) -> Tags:
    """Sort tags (without the leading ``@``) into their kinds."""
    kinds = grouped(tags, _kind)
    return Tags(*(tuple(kinds.get(kind, ())) for kind in _KINDS))


def _kind(tag: str) -> str:
    known = {**dict.fromkeys(LEVELS, "level"), **dict.fromkeys(NEEDS, "need"), **dict.fromkeys(TIERS, "tier")}
    known |= dict.fromkeys(SEVERITIES, "severity")
    known |= dict.fromkeys((*TOPICS, *_OTHER_MARKERS), "other")
    if tag in known:
        return known[tag]
    if _SOURCE.fullmatch(tag):
        return "source"
    if _DEFECT.fullmatch(tag):
        return "defect"
    is_identity = _IDENTITY.fullmatch(tag) and not tag.startswith("needs-")
    return "identity" if is_identity else "unknown"


def described() -> dict[str, str]:
    """Every tag with a fixed meaning, for pytest's list of markers."""
    levels = {level: f"a {level.upper()} of the specification" for level in LEVELS}
    severities = {word: f"{word} harm if it is broken" for word in SEVERITIES}
    return {**levels, **severities, **TIERS, **NEEDS, **TOPICS}
