"""The kinds of hostile server, one module for each group."""
