"""A person's own tasks: the protected resource, by token at the API or by session through the front end."""
