"""What a deployment declares: where things are, and in what words it answers."""
