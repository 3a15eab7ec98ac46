"""What a deployment declares: where things are, how it answers."""
