"""What scenarios about the keys of tokens do and demand."""
