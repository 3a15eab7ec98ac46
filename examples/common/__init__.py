"""What the examples share: starting a deployment, and comparing the suite's verdicts with the committed ones."""
