"""Whether a deployment can be tested as its profile says, asked with few requests before anything is judged."""
