"""A task API that trusts the JWTs of a Better Auth server."""
