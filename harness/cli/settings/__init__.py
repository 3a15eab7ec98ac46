"""What a command is asked for beside its own words."""
