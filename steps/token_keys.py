"""Sentences of token-keys.feature."""
