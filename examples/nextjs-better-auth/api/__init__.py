"""The FastAPI backend of the documented stack: tasks for whoever brings a JWT."""
