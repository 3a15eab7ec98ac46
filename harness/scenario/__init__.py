"""The state of one scenario."""
