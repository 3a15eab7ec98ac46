"""The target profile: where things are, and how a deployment answers.

TOML, typed, strict.

A profile can't declare a requirement away. What it leaves out is an operation that the deployment does not
have, and every scenario that needs it says so.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from harness.profile.credentials import CookieSession, Credentials, Leeway, Token
from harness.profile.csrf import Csrf
from harness.profile.environment import VARIABLE
from harness.profile.lookups import MOST_LOOKUPS, Lookup
from harness.profile.operation import Json, Model, Operation, Outcomes
from harness.profile.operations import WITHOUT_CREDENTIAL, Operations
from harness.profile.pages import Pages
from harness.profile.rate_limit import RateLimit
from harness.profile.reach import Reach
from harness.profile.resources import FurtherRoute, Resource
from harness.profile.tasks import VERBS, Tasks
from harness.profile.toml.strings import Host, Line, Origin, PlainHttp, Variable, as_list


class Jwt(Model):
    """Facts about an access token that is declared to be a JWT."""

    secret_env: Variable | None = None
    """The environment variable that holds the shared signing secret, where there is one."""
    algorithms: list[Line] = []
    """The algorithms it is signed with; `doctor` compares them with a real one, and of those with a shared secret
    (HS256, HS384, HS512) no other may sign it."""
    issuer: Line | None = None
    """The `iss` claim, where `{origin}` is the deployment's public origin; `doctor` compares it with a real one,
    and a token of another issuer has to be refused."""
    audience: Line | None = None
    """The `aud` claim, where `{origin}` is the deployment's public origin; `doctor` compares it with a real one,
    and a token for another audience has to be refused."""
    type: Line | None = Field(default=None, examples=["at+jwt"])
    """The `typ` header where tokens are typed explicitly (RFC 8725 section 3.11), such as `at+jwt`: a token of
    another type, or of none, has to be refused then."""
    subject: Line = "sub"
    """The claim that names the person."""
    leeway: Leeway = 0
    """Seconds after its end in which a verifier still accepts it."""
    placeholder_secrets: list[str] = []
    """Secrets from this stack's documentation and examples, tried offline besides the well-known ones."""


class People(Model):
    """What accounts look like."""

    email: Line = "{local}@{domain}"
    """The address of a new person; `{local}` is new each time."""
    domain: Host = "example.com"
    """The domain of the addresses."""
    min_password_length: Annotated[int, Field(ge=1, le=64)] | Literal["none"] = Field(default=8, examples=[12])
    """The minimum that the deployment announces, or `"none"` where it announces none; then 8 is asked for
    (ASVS 5.0 6.2.1)."""
    refuses_common_passwords: bool = False
    """Whether sign-up refuses passwords that everybody tries first, such as `password` (ASVS 5.0 6.2.4)."""

    @property
    def least_password_length(self) -> int:
        """Characters below which a password must be refused."""
        announced = self.min_password_length
        return announced if isinstance(announced, int) else 8

    def address(self, local: str, subdomain: str = "") -> str:
        """A person's address, with what is new in it."""
        return self.email.replace("{domain}", f"{subdomain}{self.domain}").replace("{local}", local)


_WHO = re.compile(r"(?<![:\w]):(email|user_id|session)\b")
"""What an ageing statement may ask for."""


def _ends_one(value: str) -> str:
    if not _WHO.search(value):
        raise ValueError(
            "it would end everybody's sessions; name the person by `:email` or `:user_id`, or the session itself "
            "by `:session`: `... WHERE email = :email`"
        )
    return value


def _passes_time(value: str) -> str:
    if not re.search(r"(?<![:\w]):seconds\b", value):
        raise ValueError(
            "say by how many seconds: `... SET ends = ends - :seconds * interval '1 second' WHERE ...`"
        )
    return _ends_one(value)


def asked_for(statement: str) -> set[str]:
    """By what a statement names whose session it is.

    Some of ``email``, ``user_id`` and ``session``.
    """
    return set(_WHO.findall(statement))


class AgeSession(Model):
    """How sessions are brought to their end in the database.

    The statement names whose session it is: by `:email`, by `:user_id` (`operations.session.identity.id`), or,
    where the table has no user, by `:session`, which is the session's value as the device sends it. Another user's
    session has to survive it.
    """

    database_env: Variable
    """The environment variable that holds the database's URL, of Postgres, SQLite or what SQLAlchemy knows."""
    statement: Annotated[str, AfterValidator(_ends_one)]
    """SQL that makes every session of `:email` or `:user_id`, or the one with `:session`, end in the past."""
    refresh_statement: Annotated[str, AfterValidator(_ends_one)] | None = None
    """SQL that makes their refresh tokens end in the past, where there are any. Left out: the end of one is waited
    for, see `credentials.refresh.lifetime`."""
    elapse: Annotated[str, AfterValidator(_passes_time)] | None = None
    """SQL that moves every moment of these sessions (begun, last used, ends) back by `:seconds`, as if so much
    time had passed. Left out: the limits in `credentials.session` are waited for, up to `--max-wait`."""


class Profile(Model):
    """A whole profile."""

    name: Line
    """A short name, for reports."""
    title: Line
    """What the deployment is, in a few words."""
    operations: Operations
    credentials: Credentials
    outcomes: Outcomes = Outcomes()
    """How answers are classified, for every operation that does not say otherwise, class by class."""
    csrf: Csrf | None = None
    """What requests that change something carry besides `Origin`, which is always sent."""
    jwt: Jwt = Jwt()
    tasks: Tasks | None = None
    proxy: Tasks | None = None
    """The same tasks as the front end serves them to a session."""
    resources: Annotated[list[Resource], BeforeValidator(as_list)] = []
    """What else belongs to a user and is no task."""
    user_lookups: Annotated[list[Lookup], BeforeValidator(as_list), Field(max_length=MOST_LOOKUPS)] = Field(
        default=[], examples=[["/users", "/users?email={email}", "/users/{user_id}"]]
    )
    """Paths of GET routes that look up users, where `{email}` and `{user_id}` are the sought user's. Each is asked
    at both addresses, beside those that an OpenAPI document describes, without a credential and by another user:
    neither may learn an address, an id or who has an account."""
    pages: Pages | None = None
    people: People = People()
    rate_limit: RateLimit | None = None
    """The limit on guessing passwords, where there is one."""
    age_session: AgeSession | None = None
    intrusive: bool = False
    """Whether requests may be sent that can keep a faulty deployment busy for minutes, or fill its memory: bodies
    of 5 MB, and tokens that are costly to decrypt. For a deployment that nobody else uses meanwhile."""
    reach: Reach = Reach()
    public_origin: Origin | None = None
    """The origin that the deployment knows itself by, where it is not the one of `--base-url`."""
    trusted_origins: list[Origin] = []
    """Origins besides its own that the deployment rightly leads to."""
    production: bool = False
    """Whether it is in production, where no documentation of the API and no debug page should be served."""
    plain_http: PlainHttp | None = None
    """The http address of a deployment that is reached over https. A few pages are asked for there, and the tasks
    with a made-up token; no real credential is ever sent to it."""
    custom: Line | None = None
    """A Python class for what TOML can't say, as `module:Class` or the name of an entry point in the group
    `auth_conformance.custom`; see `auth_conformance.Custom`."""

    @model_validator(mode="before")
    @classmethod
    def _spread_defaults(cls, raw: object) -> object:
        """Give each operation the profile's outcomes and its usual credential."""
        return _spread(raw) if isinstance(raw, dict) else raw

    @property
    def stateless_session(self) -> CookieSession | Token | None:
        """What is the session, where it is declared to outlive sign-out.

        None where it is revoked.
        """
        holder = self.credentials.session_holder
        return None if holder.dies_with_sign_out else holder

    @property
    def ends_sessions(self) -> bool:
        """Whether any operation is there to end sessions."""
        known = self.operations
        ending = (known.sign_out, known.revoke_session, known.revoke_other_sessions)
        return any(operation is not None for operation in ending)

    @property
    def unrevoked(self) -> dict[str, CookieSession | Token]:
        """The credentials that no operation ends, by their sections."""
        credentials = self.credentials
        holders = {"credentials.session": credentials.session_cookie, "credentials.token": credentials.token}
        return {
            section: holder
            for section, holder in holders.items()
            if holder is not None and not (self.ends_sessions and holder.dies_with_sign_out)
        }

    @property
    def has_tasks(self) -> bool:
        """Whether there are tasks, at the API or a front end."""
        return self.tasks is not None or self.proxy is not None

    @property
    def further_routes(self) -> list[FurtherRoute]:
        """The routes beside the five verbs.

        Those of the tasks, then those of each further resource.
        """
        of_tasks = [
            FurtherRoute(f"{name}.more[{index}]", section.base, section.credential, one)
            for name, section in (("tasks", self.tasks), ("proxy", self.proxy))
            if section is not None
            for index, one in enumerate(section.more)
        ]
        return of_tasks + [
            FurtherRoute(
                f"resources[{place}].routes[{index}]", resource.base, resource.credential, one, resource.name
            )
            for place, resource in enumerate(self.resources)
            for index, one in enumerate(resource.routes)
        ]

    @property
    def tasks_section(self) -> Literal["tasks", "proxy"]:
        """The section by which the tasks are judged.

        It is the front end's where there is no other way to them.
        """
        return "proxy" if self.tasks is None and self.proxy is not None else "tasks"

    @property
    def session_section(self) -> Literal["tasks", "proxy"] | None:
        """The section of the tasks that the session opens, if any."""
        if self.proxy is not None and self.proxy.credential == "session":
            return "proxy"
        return "tasks" if self.tasks is not None and self.tasks.credential == "session" else None

    @property
    def takes_authorization(self) -> str | None:
        """The first place that puts something into the header Authorization."""
        token = self.credentials.token
        if token is not None and token.by_header and token.header.lower() == "authorization":
            return "credentials.token"
        names = ((place, name) for place, one in self.every_operation() for name in one.headers)
        return next((f"{place}.headers" for place, name in names if name.lower() == "authorization"), None)

    def variables(self) -> list[str]:
        """The environment variables that templates ask for as ``{env:NAME}``."""
        templates = [
            [operation.path, operation.query, operation.body, operation.form, operation.headers]
            for _, operation in self.every_operation()
        ]
        return sorted({*_strings_in(templates, VARIABLE.pattern), *self.reach.variables()})

    def every_operation(self) -> list[tuple[str, Operation]]:
        """Each declared operation with its place, such as ``operations.sign_in``."""
        sections: list[tuple[str, Model | None, tuple[str, ...]]] = [
            ("operations", self.operations, tuple(Operations.model_fields)),
            ("tasks", self.tasks, VERBS),
            ("proxy", self.proxy, VERBS),
        ]
        return [
            (f"{section}.{name}", operation)
            for section, holder, names in sections
            if holder is not None
            for name in names
            if isinstance(operation := getattr(holder, name), Operation)
        ] + [(route.place, route.operation) for route in self.further_routes]


def _spread(raw: dict[str, Any]) -> dict[str, Any]:
    spread = dict(raw)
    own = raw.get("outcomes")
    common = own if isinstance(own, dict) else {}
    for section in ("operations", "tasks", "proxy"):
        held = raw.get(section)
        if isinstance(held, dict):
            spread[section] = {name: _with_defaults(section, name, value, common) for name, value in held.items()}
            if "more" in held:
                spread[section]["more"] = _each_with_outcomes(held["more"], common)
    if "resources" in raw:
        spread["resources"] = [
            {**one, "routes": _each_with_outcomes(one["routes"], common)} if _has_routes(one) else one
            for one in _several(raw["resources"])
        ]
    return spread


def _several(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _has_routes(resource: object) -> bool:
    return isinstance(resource, dict) and "routes" in resource


def _each_with_outcomes(routes: object, common: Json) -> list[object]:
    return [_with_outcomes(one, common) if isinstance(one, dict) else one for one in _several(routes)]


def _with_outcomes(value: dict[str, Any], common: Json) -> dict[str, Any]:
    own = value.get("outcomes", {})
    return {**value, "outcomes": {**common, **own}} if isinstance(own, dict) and (common or own) else dict(value)


def _with_defaults(section: str, name: str, value: object, common: Json) -> object:
    if not isinstance(value, dict) or (section != "operations" and name not in VERBS):
        return value
    filled = _with_outcomes(value, common)
    if section == "operations" and "credential" not in filled:
        filled["credential"] = "none" if name in WITHOUT_CREDENTIAL else "session"
    return filled


def _strings_in(template: object, pattern: str) -> list[str]:
    """What the pattern's group finds in every string of a template."""
    if isinstance(template, dict):
        return [found for value in template.values() for found in _strings_in(value, pattern)]
    if isinstance(template, list):
        return [found for value in template for found in _strings_in(value, pattern)]
    return re.findall(pattern, template) if isinstance(template, str) else []
