"""What was said on the wire, without its secrets."""
