"""Whether a deployment can be judged as its profile describes it."""
