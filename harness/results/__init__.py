"""What is known of a scenario afterwards, and what excuses it."""
