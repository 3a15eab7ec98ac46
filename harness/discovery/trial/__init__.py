"""Confirming a draft by trying it, with one account."""
