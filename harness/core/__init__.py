"""What is true of any program: verdict words, findings, redaction, processes, texts."""
