"""Deployments that try to break the judge, and what came of each: `python -m tests.hostile`."""
