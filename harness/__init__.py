"""The machinery behind the specification.

ARCHITECTURE.md says what belongs in which room.
"""
