"""What is sent and shown of a task."""

from __future__ import annotations

from rest_framework import serializers

from tasks.models import Task


class TaskSerializer(serializers.ModelSerializer):
    """A task; whose it is says its address."""

    class Meta:
        """Which fields."""

        model = Task
        fields = ("id", "title", "completed")
