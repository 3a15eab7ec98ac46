"""What is true of any HTTP server: client, cookie jar, transcript, secrets."""
