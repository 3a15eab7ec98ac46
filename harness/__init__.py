"""The machinery behind the specification, in rooms; ARCHITECTURE.md says what belongs in which."""
