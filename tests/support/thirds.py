"""What takes long runs in three thirds, one each day."""

THIRD = "--third"
"""The option of pytest that says which: 0, 1 or 2. Without it all of it runs."""
THIRDS = 3
