"""True of any program: verdict words, findings, an exchange, redaction, processes, small texts."""
