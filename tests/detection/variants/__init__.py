"""Correct variants: what deployments rightly do otherwise."""
