"""What keeps a requirement from being judged."""

from __future__ import annotations

from enum import StrEnum


class Blocker(StrEnum):
    """The classes of *not tested*, shown and counted apart."""

    MISSING = "missing"
    """Something that it takes is not at hand, such as a secret, a browser, a database: the user may give it."""
    UNFIT = "unfit"
    """The deployment is otherwise than its profile says."""
    STATE = "state"
    """The deployment throttles, is broken or too slow, or its answer to the control was not as it should be."""

    @property
    def clears_run(self) -> bool:
        """Whether a run may be green although a MUST was not judged."""
        return self is Blocker.MISSING
