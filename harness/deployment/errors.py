"""What a deployment, or its profile, fails to give."""

from __future__ import annotations

from harness.core.blocker import Blocker
from harness.core.errors import Misfit, Unavailable


class Missing(Misfit):
    """Something that the profile names is not there.

    A value at a pointer, a cookie, the value of a placeholder.
    """


class NotGiven(Unavailable):
    """A variable that the profile asks for is not set."""

    blocker = Blocker.MISSING


class Unrecognised(Misfit):
    """An answer is none of those that the profile describes."""


class NotSignedIn(Unavailable):
    """Signing up or in did not leave the person signed in."""


class LockedOut(Unavailable):
    """A right password is refused because wrong ones came before it."""


class EndOutOfReach(Unavailable):
    """The end of a token or session can't be brought about here."""

    blocker = Blocker.MISSING


class NotThere(Misfit):
    """An operation is not where the profile says."""


class Indistinct(Unavailable):
    """Nothing distinguishes what an owner gets from what an anonymous client gets."""

    blocker = Blocker.MISSING
