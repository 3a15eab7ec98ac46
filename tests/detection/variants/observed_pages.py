"""Pages and scripts that hold what they may."""

from __future__ import annotations

from tests.detection.answers import Exchanged, change_answers
from tests.detection.faults.observed_pages import PAGE, SCRIPT, page_data, script
from tests.detection.variant_registry import variant


@variant(
    stays_green=PAGE,
    never_fail_on={"ui-secret-in-page-data": "Tokens handed out by declaration; values under 16 characters."},
)
def the_page_has_the_access_token() -> None:
    """The page passes the access token to its scripts, which call the API with it."""
    known: dict[str, str] = {}

    def remember(one: Exchanged) -> None:
        if one.path == "/api/auth/token" and b'"token":"' in one.body:
            known[one.cookie] = one.text.partition('"token":"')[2].split('"')[0]

    change_answers(remember)
    page_data(lambda one: known.get(one.cookie, ""))


@variant(stays_green=SCRIPT, never_fail_on={"ui-secret-in-client-assets": "NEXT_PUBLIC_APP_URL etc. are fine."})
def a_script_has_public_settings() -> None:
    """A script has the public address, the header line of keys, and the example of a database's address."""
    text = (
        'const env = {NEXT_PUBLIC_APP_URL: "https://app.example.com"};\n'
        'const header = "-----BEGIN PRIVATE KEY-----"; if (!pem.startsWith(header)) throw new TypeError();\n'
        'const hint = "postgres://user:password@localhost:5432/app";'
    )
    script(lambda _: text)
