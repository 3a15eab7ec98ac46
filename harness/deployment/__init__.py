"""Speaks to a deployment in its profile's words."""
