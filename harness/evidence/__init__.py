"""The files of a finding: a script, a screenshot, a trace."""
