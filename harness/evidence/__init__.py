"""The files of a finding: a script that reproduces it, a screenshot, a trace."""
