"""Judges the example: the whole suite with the cookie cache on, then expiry with lifetimes of seconds.

The third run is README's own first command, against pages and an API that are not quite those of the profile.

Arguments are handed on to the suite; see examples/common/judgement.py for the exit codes.
"""

from __future__ import annotations

import contextlib
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from serve import deployment

from examples.common.judgement import Run, Running, main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COOKIE_CACHE = {"COOKIE_CACHE": "300"}
LONG_CACHE = {"COOKIE_CACHE": "604800", "RATE_LIMIT": "0"}
SHORT_LIVED = {
    "SESSION_EXPIRES_IN": "6",
    "SESSION_UPDATE_AGE": "2",
    "JWT_EXPIRES_IN": "3s",
    "COOKIE_CACHE": "2",
    "RATE_LIMIT": "0",
}
OTHER_PAGES = {"FIELDS": "placeholders", "TASK_ROUTES": "collection", "RATE_LIMIT": "0"}
# All that ends a session, in every flow; the rest is as in the first run.
ENDED = (
    *("signout", "session-management", "password-change", "account-deletion", "ended-sessions"),
    "page-signed-out-session-is-refused",
)
ENDINGS = ("-m", "not needs-browser", "-k", " or ".join(ENDED))
# Three sign-ins in ten seconds: the whole suite waits for about ten minutes.
PATIENCE = ("--throttle-budget", "1800")


@contextlib.contextmanager
def started(settings: Mapping[str, str], *, may_age: bool) -> Iterator[Running]:
    """Run the deployment; ``may_age`` gives the suite the database's URL."""
    with deployment(settings) as running:
        known = {"AUTH_CONFORMANCE_DATABASE_URL": running.database_url} if may_age else {}
        yield Running(running.base_url, running.api_url, known)


RUNS = [
    # A session lives a week by default, so the suite ages it in the database; a short one it waits out.
    Run("cookie-cache", partial(started, COOKIE_CACHE, may_age=True), "better-auth", PATIENCE),
    Run("long-cache", partial(started, LONG_CACHE, may_age=True), "better-auth", ENDINGS),
    Run("short-lived", partial(started, SHORT_LIVED, may_age=False), "better-auth", ("-m", "expiry")),
    Run("other-pages", partial(started, OTHER_PAGES, may_age=False), "better-auth"),
]

if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent, RUNS, sys.argv[1:]))
