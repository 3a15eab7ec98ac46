"""True of any HTTP server: client, cookie jar, transcript, secrets seen on the wire."""
