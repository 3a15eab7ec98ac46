"""A machine that has no other programs than those that a test makes."""

from tests.support.programs import program, programs

__all__ = ["program", "programs"]
