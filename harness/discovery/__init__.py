"""Looks at a deployment and writes a first profile of it."""
