"""Pages and scripts that hold secrets."""

from __future__ import annotations

from collections.abc import Callable

from tests.detection.answers import Exchanged, change_answers
from tests.detection.registry import fault

PAGE, SCRIPT = "page-holds-no-password-or-session", "script-holds-no-secret"
DATA, ASSETS = "ui-secret-in-page-data", "ui-secret-in-client-assets"


def page_data(text: Callable[[Exchanged], str], path: str = "/tasks") -> None:
    """Put the text into the data of that page."""

    def change(one: Exchanged) -> None:
        if one.path == path and one.method == "GET" and one.status == 200:
            one.says(f'<script type="application/json">{{"user": "{text(one)}"}}</script>')

    change_answers(change)


def script(text: Callable[[Exchanged], str], path: str = "/static/pending.js") -> None:
    """Put the text at the end of that script."""

    def change(one: Exchanged) -> None:
        if one.path == path:
            one.status, one.body = 200, one.body + f"\n{text(one)}\n".encode()

    change_answers(change)


@fault(defect=DATA, caught_by=PAGE, says="holds the hash of a password")
def the_page_has_the_hash() -> None:
    """The whole row of the user is serialized into the page."""
    page_data(lambda _: "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$iWh06vD8Fy27wf9npn6FXWiCX4K6pW6Ue1Bnzz07Z8A")


@fault(defect=DATA, caught_by=PAGE, says="holds the hash of a password")
def the_page_has_a_bcrypt_hash() -> None:
    """The same with another function."""
    page_data(lambda _: "$2b$12$" + "N9qo8uLOickgx2ZMRZoMye" + "IjZAgcfl7p92ldGxad68LJZdL17lhWy")


@fault(defect=DATA, caught_by=PAGE, says="holds a password")
def the_page_has_the_password() -> None:
    """The password is kept and shown in the settings of the page."""
    known: dict[str, str] = {}

    def remember(one: Exchanged) -> None:
        if one.path.endswith(("/sign-in/email", "/sign-up/email")) and b'"password"' in one.content:
            known["last"] = one.content.decode().partition('"password"')[2].split('"')[1]

    change_answers(remember)
    page_data(lambda _: known.get("last", ""))


@fault(defect=DATA, caught_by=PAGE, says='the value of the cookie "auth.session_token"')
def the_page_has_the_session() -> None:
    """The session's value is passed to scripts, which HttpOnly was to keep from it."""
    page_data(lambda one: one.cookie)


@fault(defect=DATA, caught_by=PAGE, says='the value of the cookie "auth.session_token"')
def the_front_page_has_the_session() -> None:
    """The same on a page that is not protected."""
    page_data(lambda one: one.cookie, "/")


@fault(defect=ASSETS, caught_by=SCRIPT, says="pending.js was answered 200 with the signing secret")
def a_script_has_the_signing_secret() -> None:
    """The secret has the prefix by which the bundler puts variables into scripts."""
    script(lambda one: f'const env = {{NEXT_PUBLIC_JWT_SECRET: "{one.settings.jwt_secret}"}};')


@fault(defect=ASSETS, caught_by=SCRIPT, says="with the address of a database with its password")
def a_script_has_the_database_s_address() -> None:
    """The server's configuration is imported by a component."""
    script(lambda _: 'const db = "postgres://tasks:Xy83kfpQ@db.internal:5432/tasks";')


@fault(defect=ASSETS, caught_by=SCRIPT, says="with a private key")
def a_script_has_a_private_key() -> None:
    """The key that signs tokens is in the bundle."""
    key = "-----BEGIN PRIVATE KEY-----\\n" + "MC4CAQAwBQYDK2VwBCIEIJ" * 3 + "\\n-----END PRIVATE KEY-----"
    script(lambda _: f'const key = "{key}";')


@fault(defect=ASSETS, caught_by=SCRIPT, says="pending.js.map was answered 200 with the signing secret")
def a_source_map_has_the_signing_secret() -> None:
    """The script is clean, and its map has the sources."""

    def change(one: Exchanged) -> None:
        if one.path == "/static/pending.js":
            one.body += b"\n//# sourceMappingURL=pending.js.map"
        if one.path == "/static/pending.js.map":
            one.status, one.body = 200, f'{{"sourcesContent": ["{one.settings.jwt_secret}"]}}'.encode()

    change_answers(change)


@fault(defect=ASSETS, caught_by=SCRIPT, says="/signin was answered 200 with the signing secret")
def the_sign_in_page_has_the_signing_secret() -> None:
    """The page's own configuration has it."""
    page_data(lambda one: one.settings.jwt_secret, "/signin")
