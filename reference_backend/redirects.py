"""Where a person may be sent after signing in."""

import re

from reference_backend import origins
from reference_backend.errors import ApiError
from reference_backend.settings import Settings

MAX_LENGTH = 2048
# Browsers read a backslash as a slash and drop tabs and line breaks, so the path is an allowlist of characters;
# a slash or backslash in second place, also an encoded one, would name a host.
RELATIVE_PATH = re.compile(r"/(?!/|%2f|%5c)[\w.~%!$&'()*+,;=:@/?#-]*", re.ASCII | re.IGNORECASE)
ABSOLUTE_URL = re.compile(r"https?://[\w.~%!$&'()*+,;=:/?#\[\]-]+", re.ASCII)


def validate(settings: Settings, target: str) -> str:
    """Return the destination if it is ours or on a trusted origin.

    Otherwise raises a 403 ApiError.
    """
    short = len(target) <= MAX_LENGTH
    relative = RELATIVE_PATH.fullmatch(target)
    trusted = ABSOLUTE_URL.fullmatch(target) and origins.of(target) in settings.origins
    if short and (relative or trusted):
        return target
    raise ApiError(403, "INVALID_CALLBACK_URL", "Invalid callbackURL")
