"""A document of a run, and its forms."""
