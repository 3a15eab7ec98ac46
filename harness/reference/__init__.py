"""Starts the reference backend, on a Postgres of its own."""
