"""The target profile: where things are on a deployment and in what words it answers (TOML, typed, strict).

A profile can't declare a requirement away. What it leaves out is an operation that the deployment does not
have, and every scenario that needs it says so.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Base = Literal["web", "api"]
Json = dict[str, Any]


def _is_pointer(value: str) -> str:
    if value and not value.startswith("/"):
        raise ValueError(f'a JSON pointer starts with "/" (RFC 6901); write "/{value}"')
    return value


def _is_path(value: str) -> str:
    if not value.startswith("/"):
        raise ValueError(f'a path starts with "/"; write "/{value}"')
    return value


def _is_regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


Pointer = Annotated[str, AfterValidator(_is_pointer)]
Path = Annotated[str, AfterValidator(_is_path)]
Regex = Annotated[str, AfterValidator(_is_regex)]


def _is_status(value: object) -> object:
    known = (isinstance(value, int) and 100 <= value <= 599) or (
        isinstance(value, str) and re.fullmatch(r"[1-5]xx", value)
    )
    if not known or isinstance(value, bool):
        raise ValueError('not a status; write a number such as 200, or a class such as "2xx"')
    return value


StatusPattern = Annotated[int | str, BeforeValidator(_is_status)]


class Model(BaseModel):
    """Strict: a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Predicate(Model):
    """One way an answer may look; every condition that is given must hold."""

    status: Annotated[list[StatusPattern], BeforeValidator(_as_list)]
    pointer: Pointer | None = None
    equals: Any = None
    present: bool | None = None
    null_body: bool = False
    location: Regex | None = None
    sets_cookie: str | None = None

    @model_validator(mode="after")
    def _pointer_for_conditions(self) -> Predicate:
        if self.pointer is None and (self.present is not None or self.equals is not None):
            raise ValueError('"equals" and "present" speak of a place in the body; give "pointer" as well')
        return self


Outcome = Annotated[list[Predicate], BeforeValidator(_as_list)]


class Outcomes(Model):
    """How an operation's answer is told apart; each class is a list of alternatives."""

    success: Outcome = [Predicate(status=["2xx"])]
    unauthenticated: Outcome = [Predicate(status=[401, 403])]


class Operation(Model):
    """One HTTP operation; ``credential`` names the credential it takes, absent for none."""

    method: Method
    path: Path
    base: Base = "web"
    query: dict[str, str] = {}
    body: Json | None = Field(default=None, alias="json")
    form: dict[str, str] | None = None
    headers: dict[str, str] = {}
    credential: str | None = None
    outcomes: Outcomes = Outcomes()

    @model_validator(mode="after")
    def _one_body(self) -> Operation:
        if self.body is not None and self.form is not None:
            raise ValueError('an operation sends "json" or "form", not both')
        return self


class SignIn(Operation):
    """Sign-in, and where it takes a target to go to afterwards."""

    redirect_in_body: str | None = None
    redirect_in_query: str | None = None
    redirect_answer: Pointer | None = None


class SignUp(Operation):
    """Sign-up; ``signs_in`` says whether a new account is signed in at once."""

    signs_in: bool = True


class SignOut(Operation):
    """Sign-out; ``ends`` says whether it ends this device's session only or every session of the person."""

    ends: Literal["this device", "every device"] = "this device"


class Session(Operation):
    """Who is signed in: the identity probe."""

    identity: Identity


class Identity(Model):
    """Where the session's answer says who it is."""

    id: Pointer | None = None
    email: Pointer
    name: Pointer | None = None


class Operations(Model):
    """What the deployment can do; an operation that is left out does not exist."""

    sign_up: SignUp
    sign_in: SignIn
    session: Session
    sign_out: SignOut | None = None
    token: Operation | None = None
    jwks: Operation | None = None
    refresh: Operation | None = None
    change_password: Operation | None = None
    update_user: Operation | None = None
    delete_user: Operation | None = None
    list_sessions: Operation | None = None
    revoke_session: Operation | None = None
    revoke_other_sessions: Operation | None = None


class CookieCredential(Model):
    """A session held in a cookie; ``cache_cookies`` may prolong it and are left out of replays."""

    kind: Literal["cookie"]
    cookie: str
    cache_cookies: list[str] = []


class HeaderCredential(Model):
    """A credential that ``issued_by`` returns and a header carries."""

    kind: Literal["jwt", "opaque"]
    issued_by: str
    pointer: Pointer
    header: str = "Authorization"
    scheme: str = "Bearer"


class BodyCredential(Model):
    """A credential that ``issued_by`` returns and a template (``{refresh_token}``) carries in a body."""

    kind: Literal["body"]
    issued_by: str
    pointer: Pointer
    reissued_pointer: Pointer | None = None


class Credentials(Model):
    """The credentials of the deployment by name."""

    session: CookieCredential
    token: HeaderCredential | None = None
    refresh: BodyCredential | None = None


class Jwt(Model):
    """Facts about the access token, where it is declared to be a JWT."""

    secret_env: str | None = None
    subject: str = "sub"
    identity_claims: list[str] = ["sub", "id", "email"]
    leeway: float = 0
    placeholder_secrets: list[str] = []


class Tasks(Model):
    """The protected resource: a person's own tasks."""

    base: Base = "api"
    credential: Literal["token", "session"]
    list: Operation
    create: Operation
    read: Operation | None = None
    replace: Operation | None = None
    update: Operation | None = None
    delete: Operation | None = None
    items: Pointer = ""
    item: Pointer = ""
    id: Pointer = "/id"
    title: Pointer = "/title"


class FormField(Model):
    """How a form field is found: by its label, placeholder or name attribute."""

    by: Literal["label", "placeholder", "name"] = "label"
    value: str


class Pages(Model):
    """The pages a person sees, and how a browser finds its way on them."""

    sign_up: Path
    sign_in: Path
    protected: list[Path]
    after_sign_in: Path
    after_sign_out: Path
    name: FormField | None = None
    email: FormField
    password: FormField
    sign_up_button: str
    sign_in_button: str
    sign_out_button: str
    bad_credentials: Regex


class People(Model):
    """What accounts look like: templates and the password policy that the deployment announces."""

    email: str = "{local}@{domain}"
    domain: str = "example.com"
    min_password_length: int = 8


class AgeSession(Model):
    """SQL that makes every session of ``:email`` end in the past, over the URL in ``database_env``."""

    database_env: str
    statement: str


class Profile(Model):
    """A whole profile."""

    name: str
    title: str
    operations: Operations
    credentials: Credentials
    jwt: Jwt = Jwt()
    tasks: Tasks
    proxy: Tasks | None = None
    pages: Pages | None = None
    people: People = People()
    age_session: AgeSession | None = None
    trusted_origins: list[str] = []

    @model_validator(mode="after")
    def _issuers_exist(self) -> Profile:
        declared = [name for name in Operations.model_fields if getattr(self.operations, name) is not None]
        for credential in (self.credentials.token, self.credentials.refresh):
            if credential is not None and credential.issued_by not in declared:
                raise ValueError(
                    f'issued_by = "{credential.issued_by}" names no operation of this profile; '
                    f"write one of {', '.join(declared)}"
                )
        return self
