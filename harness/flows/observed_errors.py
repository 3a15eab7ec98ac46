"""What errors of the run may not say."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from harness.core.redaction import masked_cut
from harness.deployment.people import CANARY
from harness.flows.seen import Rule, always, each

if TYPE_CHECKING:
    from harness.flows.seen import Seen
    from harness.profile.target import Target

_ASSETS = ("text/css", "text/javascript", "application/javascript", "application/wasm", "text/x-component")
_ASSET_KINDS = ("image/", "font/", "audio/", "video/", "application/font", "application/x-javascript")
_ASSET_PATH = re.compile(r"\.(?:js|mjs|css|map|wasm|woff2?|ico|svg|png)(?:\?|$)")
_MOST = 512 * 1024
"""Characters of a body that are searched."""
_SHOWN = 100
_SOURCE = r"(?:js|mjs|cjs|jsx|ts|mts|tsx)"

_TRACES = {
    "a Python traceback": r'Traceback \(most recent call last\)|File "[^"\n]{1,300}\.py\\?", line \d+',
    "a JavaScript stack": rf"\bat (?:[^\s()]{{1,100}} )?\(?(?:file:|node:|webpack|/|\.|[A-Z]:\\)[^\s()]{{1,300}}"
    rf"\.{_SOURCE}:\d+:\d+",
    "a Java stack": r"\bat [\w$.]{3,200}\([\w$]+\.(?:java|kt|scala):\d+\)",
    "a .NET stack": r"\bat [\w.`<>]{3,200}\([^)\n]{0,200}\) in [^\n]{1,300}:line \d+",
    "a PHP error": r"(?:Fatal error|Warning|Notice|Exception)\b[^\n]{0,400} in [^\s<]{1,200}\.php(?: on line |:)",
    "a Go stack": r"goroutine \d+ \[running\]",
    "a Ruby stack": r"/[\w./-]{1,200}\.rb:\d+:in [`']",
    "an error of the database": r"sqlalchemy\.exc\.|\(psycopg2?\.\w|\bpsycopg2?\.errors\.|asyncpg\.exceptions\."
    r"|\bsqlite3\.\w+Error|\bSQLSTATE\[|\bORA-\d{5}:|You have an error in your SQL syntax|PrismaClient\w+Error",
    "a query": r"\bSELECT\s[^;]{1,400}?\sFROM\s+[\w\".`\[]+|\bINSERT INTO [\w\".`]+ ?\("
    r"|\bUPDATE [\w\".`]+ SET \w|\bDELETE FROM [\w\".`]+ WHERE\b",
    "a path of the server": r"(?<![\w/.:~-])/(?:app|home/[\w.-]+|root|usr/src|usr/local/lib|var/www|opt|srv)/"
    rf"(?:[\w.@+-]+/){{0,20}}[\w.@+-]+\.(?:py|rb|java|go|cs|{_SOURCE}:\d+)\b"
    r"|(?<![\w/.:~-])/(?:var/www|usr/(?:src|share))/(?:[\w.@+-]+/){0,20}[\w.@+-]+\.php\b"
    r"|(?:^|[\s\"'(/])node_modules/[@\w]",
    "a debugger": r"Werkzeug Debugger|EVALEX = |<code>DEBUG = True</code>|DJANGO_SETTINGS_MODULE",
}
_PATTERNS = {what: re.compile(pattern) for what, pattern in _TRACES.items()}
_HINT = re.compile(
    r"Traceback|\.py|\.js|\.mjs|\.cjs|\.ts|\.tsx|\.jsx|\.java|\.kt|\.scala|:line |\.php|goroutine|\.rb|sqlalchemy"
    r"|psycopg|asyncpg|sqlite3|SQLSTATE|ORA-|SQL syntax|Prisma|SELECT|INSERT|UPDATE|DELETE|node_modules"
    r"|\.go\b|\.cs\b|Werkzeug|EVALEX|DEBUG = True|DJANGO_"
)
"""One of these is in whatever a pattern finds."""
_DEVELOPMENT = re.compile(r"/_next/static/development/|webpack-hmr|hmr-client|/@vite/client|/@react-refresh")
"""What only the pages of a development server load."""


def _is_examined(seen: Seen) -> bool:
    kind = seen.media_type
    if kind in _ASSETS or kind.startswith(_ASSET_KINDS) or _ASSET_PATH.search(seen.exchange.url):
        return False
    # Of a page that is no error only its text is private: it names its scripts by their paths.
    return bool(seen.exchange.body) and (seen.is_error or not seen.is_page)


def _trace(seen: Seen) -> str | None:
    text = seen.exchange.text[:_MOST]
    if _HINT.search(text) is None or (seen.is_page and _DEVELOPMENT.search(text)):
        return None
    asked = _request_of(seen)
    spelled = dict.fromkeys((text.replace('\\"', '"').replace("\\n", "\n"), html.unescape(text)))
    for what, pattern in _PATTERNS.items():
        for plain in spelled:
            found = pattern.search(plain)
            if found is not None and found[0] not in asked:
                return f'shows {what}: "{masked_cut(found[0], _SHOWN)}"'
    return None


def _request_of(seen: Seen) -> str:
    exchange = seen.exchange
    sent = "\n".join(value for _, value in exchange.request_headers)
    return f"{exchange.url}\n{sent}\n{exchange.request_body.decode('utf-8', 'replace')}"


TRACES = Rule(
    "answer with text",
    "that no answer shows a stack trace, a query or a path of the server",
    _is_examined,
    each(_trace),
)

# --- secrets ---

_SHORTEST_SECRET = 12
_SHORTEST_TOKEN = 20
_EXPECTED = re.compile(r"(?i)expected signature\W{1,5}[\w+/=-]{20,}")


def _is_error_with_text(seen: Seen) -> bool:
    return seen.is_error and bool(seen.exchange.body)


def _secret(seen: Seen) -> str | None:
    said, secret = seen.exchange.everything, seen.target.jwt_secret
    if secret is not None and len(secret) >= _SHORTEST_SECRET and secret in said:
        return "contains the signing secret"
    if _EXPECTED.search(said):
        return "says which signature was expected"
    asked = _request_of(seen)
    if seen.is_anonymous and any(canary not in asked for canary in CANARY.findall(said)):
        return "shows a user's private text to an anonymous client"
    return None


SECRETS = Rule(
    "error",
    "that no error contains the signing secret or shows an anonymous client a user's data",
    _is_error_with_text,
    each(_secret),
)


def _presented(seen: Seen) -> list[str]:
    """The credentials of a request, by the places that the profile declares."""
    named = seen.target.profile.credentials.cookies
    cookies = [value for _, value in seen.cookies_sent(named)]
    return [value for value in (*seen.tokens, *cookies) if len(value) >= _SHORTEST_TOKEN]


def _repeated_token(seen: Seen) -> str | None:
    return "repeats the credential of the request" if _says(seen, _presented(seen)) else None


TOKENS = Rule(
    "error to a request with a credential",
    "that no error repeats the credential of its request",
    lambda seen: _is_error_with_text(seen) and bool(_presented(seen)),
    each(_repeated_token),
)


def _passwords(seen: Seen) -> list[str]:
    """The passwords of a request that are no text by chance."""
    return [one for one in seen.passwords if _is_telling(one)]


def _is_telling(password: str) -> bool:
    kinds = (str.isdigit, str.isalpha, lambda letter: not letter.isalnum())
    return len(password) >= 8 and all(any(map(kind, password)) for kind in kinds)


def _repeated_password(seen: Seen) -> str | None:
    return "repeats the password that was sent" if _says(seen, _passwords(seen)) else None


def _says(seen: Seen, values: list[str]) -> bool:
    text = seen.exchange.text
    return any(value in text or html.escape(value) in text for value in values)


PASSWORDS = Rule(
    "error to a request with a password",
    "that no error repeats the password that was sent",
    lambda seen: _is_error_with_text(seen) and bool(_passwords(seen)),
    each(_repeated_password),
)

# --- the challenge ---


def _is_of_bearer_api(seen: Seen) -> bool:
    """Whether an API that takes the token alone turned a caller away."""
    if seen.exchange.status != 401 or not any(one.credential == "token" for one in seen.declared):
        return False
    by_session = any(one.credential == "session" for one in seen.declared)
    # What the session opens at the same address need not know of tokens.
    return not (by_session and seen.exchange.sent("cookie"))


def _unchallenged(seen: Seen) -> str | None:
    token = seen.target.profile.credentials.token
    scheme = token.scheme if token is not None else ""
    given = seen.exchange.all_headers("www-authenticate")
    challenges = [part.strip().lower() for value in given for part in value.split(",")]
    if any(challenge.split(" ")[0] == scheme.lower() for challenge in challenges):
        return None
    return f"has WWW-Authenticate: {', '.join(given)}" if given else "has no WWW-Authenticate"


def _without_scheme(target: Target) -> str | None:
    token = target.profile.credentials.token
    if token is None or not token.by_header or token.header.lower() != "authorization" or not token.scheme:
        return "The profile declares no token that Authorization carries with a scheme."
    return None


CHALLENGES = Rule(
    "401 of the API that a token opens",
    "that each 401 of the API has a challenge of the token's scheme",
    _is_of_bearer_api,
    each(_unchallenged),
    _without_scheme,
    rare=always,
)

# --- problem details ---


def _invalid_problem(seen: Seen) -> str | None:
    try:
        problem = seen.exchange.json()
    except ValueError:
        return "is no JSON"
    if not isinstance(problem, dict):
        return "is no JSON object"
    status = problem.get("status", seen.exchange.status)
    if isinstance(status, bool) or status != seen.exchange.status:
        return f"says that the status is {status}, and it is {seen.exchange.status}"
    kind = problem.get("type", "")
    if not isinstance(kind, str) or re.search(r"[\s<>\"{}|\\^`]", kind):
        return "has a type that is no URI reference"
    texts = [name for name in ("title", "detail", "instance") if not isinstance(problem.get(name, ""), str)]
    return f"has a {texts[0]} that is no string" if texts else None


PROBLEMS = Rule(
    "answer of the type application/problem+json",
    "that each application/problem+json is valid",
    lambda seen: seen.media_type == "application/problem+json" and seen.exchange.method != "HEAD",
    each(_invalid_problem),
    rare=always,
)
