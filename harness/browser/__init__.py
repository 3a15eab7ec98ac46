"""Chromium, and a window of it."""
