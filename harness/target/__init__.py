"""Profiles: where things are on a deployment and in what words it answers."""
