"""What keeps a deployment from being asked, or its answers from being understood."""

from __future__ import annotations

from harness.core.errors import Unavailable


class Missing(Unavailable):
    """Something that the profile speaks of is not there: a value at a pointer, a cookie, a placeholder's."""


class Unrecognised(Unavailable):
    """An answer is none of those that the profile describes."""


class NotSignedIn(Unavailable):
    """Signing up or in did not leave the person signed in."""


class EndOutOfReach(Unavailable):
    """The end of a token or session can't be brought about here."""
