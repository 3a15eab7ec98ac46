"""The tasks."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Task(models.Model):
    """Something that one person has to do."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=200)
    completed = models.BooleanField(default=False)

    class Meta:
        """In which order they are listed."""

        ordering = ("id",)

    def __str__(self) -> str:
        """Return the title."""
        return self.title
