"""Everything an operator may set.

Read from `REFERENCE_*` environment variables and checked before start.
"""

import ipaddress
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "REFERENCE_"
SECRET_BYTES = 32  # RFC 7518 section 3.2: an HS256 key is at least as long as the hash.

# Secrets printed in documentation that people copy; compared without regard to case.
PUBLISHED = frozenset(
    {
        "your-secret-key-min-32-chars",
        "better-auth-secret-12345678901234567890",
        "your-256-bit-secret",
        "a-string-secret-at-least-256-bits-long",
        "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
    }
)
PLACEHOLDER_WORDS = ("your-", "your_", "changeme", "change-me", "change_me", "placeholder", "replace-me")
MIN_DISTINCT = 8  # characters; 32 random hexadecimal digits have about 14


class SettingsError(Exception):
    """The backend can't start.

    The text is one sentence that names the environment variable.
    """


class Settings(BaseSettings):
    """Settings of one backend.

    Durations are seconds, argon2 memory is KiB, lengths are code points.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True)

    database_url: str = Field(
        repr=False, description="a Postgres URL such as postgresql://user:password@127.0.0.1:5432/name"
    )
    secret: str = Field(
        repr=False, description="32 or more random bytes, for example from `openssl rand -base64 48`"
    )
    jwt_secret: str = Field("", repr=False)
    jwt_algorithm: Literal["HS256", "EdDSA"] = "HS256"
    base_url: str = ""
    trusted_origins: Annotated[tuple[str, ...], NoDecode] = ()

    session_expires_in: int = Field(604_800, gt=0)
    session_update_age: int = Field(86_400, ge=0)
    session_max_age: int = Field(2_592_000, gt=0)
    jwt_expires_in: int = Field(900, gt=0)
    refresh_expires_in: int = Field(604_800, gt=0)

    # Wrong passwords that one account from one place may be tried with in a window; 0 switches every limit off.
    sign_in_limit: int = Field(10, ge=0)
    # The same for one account from all places, and for one place on all accounts.
    sign_in_limit_overall: int = Field(100, ge=1)
    sign_in_window: int = Field(900, gt=0)
    # Behind a proxy: the header in which it puts the client's address, as the last one. Any client can write one
    # that the proxy does not, so none is read unless it is named here.
    client_address_header: str = ""

    password_min: int = Field(8, ge=1)
    password_max: int = Field(128, ge=64, le=1024)
    argon2_memory: int = Field(19_456, ge=8)
    argon2_time: int = Field(2, ge=1)
    argon2_parallelism: int = Field(1, ge=1)

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: str) -> str:
        scheme, separator, rest = value.partition("://")
        if scheme not in {"postgresql", "postgres", "postgresql+psycopg"} or not separator:
            raise ValueError("it must be a Postgres URL, postgresql://user:password@host:port/name")
        return f"postgresql+psycopg://{rest}"

    @field_validator("base_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        return confidential(_origin(value)) if value else value

    @field_validator("trusted_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(_origin(part.strip()) for part in value.split(",") if part.strip())

    @field_validator("secret")
    @classmethod
    def _strong(cls, value: str) -> str:
        return _strong(value)

    @model_validator(mode="after")
    def _jwt_secret(self) -> "Settings":
        if self.jwt_algorithm == "HS256":
            try:
                _strong(self.jwt_secret)
            except ValueError as error:
                raise ValueError(f"{PREFIX}JWT_SECRET signs HS256 tokens: {error}") from None
        return self

    @property
    def https(self) -> bool:
        """Whether people reach this backend over https."""
        return self.base_url.startswith("https://")

    @property
    def origins(self) -> frozenset[str]:
        """The origins whose pages may act for a signed-in person."""
        return frozenset({self.base_url, *self.trusted_origins})


def load() -> Settings:
    """Read the environment; raises SettingsError with the first thing that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        reason = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:
            raise SettingsError(f"{reason}.") from None
        field = str(first["loc"][0])
        variable = f"{PREFIX}{field.upper()}"
        if first["type"] == "missing":
            hint = Settings.model_fields[field].description
            raise SettingsError(f"{variable} is not set: give {hint}.") from None
        raise SettingsError(f"{variable} can't be used: {reason}.") from None


def confidential(origin: str) -> str:
    """Return an origin whose traffic nobody on the network reads.

    That is https, or this machine. Raises ValueError for every other one.
    """
    parts = urlsplit(origin)
    host = parts.hostname or ""
    if parts.scheme == "https" or host == "localhost" or host.endswith(".localhost"):
        return origin
    try:
        if ipaddress.ip_address(host).is_loopback:
            return origin
    except ValueError:
        pass  # a name
    raise ValueError("over http everybody on the way reads passwords and sessions; give the https:// origin")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
        raise ValueError("expected scheme://host or scheme://host:port with nothing behind it")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _strong(secret: str) -> str:
    remedy = "make one with `openssl rand -base64 48`"
    lowered = secret.lower()
    if not secret:
        raise ValueError(f"it is not set; {remedy}")
    if lowered in PUBLISHED or any(word in lowered for word in PLACEHOLDER_WORDS):
        raise ValueError(f"it is a published placeholder that anyone can look up; {remedy}")
    if len(secret.encode()) < SECRET_BYTES:
        raise ValueError(f"it is {len(secret.encode())} bytes long and must be {SECRET_BYTES} or more; {remedy}")
    # A string is a repetition of a shorter one exactly when it occurs inside its own double.
    if len(set(secret)) < MIN_DISTINCT or secret in (secret + secret)[1:-1]:
        raise ValueError(f"it repeats too few characters to be random; {remedy}")
    return secret
