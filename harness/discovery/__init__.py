"""Discovery: looks at a deployment from outside, with harmless requests, and writes the profile it suggests."""
