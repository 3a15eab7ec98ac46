"""The commands besides `run` and `serve`, one module each."""
