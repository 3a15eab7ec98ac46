"""A person's own tasks, the protected resource.

By token at the API, or by session through the front end.
"""
