"""Reads feature files, without pytest."""
