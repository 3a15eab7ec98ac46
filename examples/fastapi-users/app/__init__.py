"""A task API whose users are kept by fastapi-users."""
