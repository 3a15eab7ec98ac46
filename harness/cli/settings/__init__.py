"""What a run is asked for beside the command line: a settings file and the environment."""
