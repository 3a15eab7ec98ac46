"""Each person's tasks under that person's own address: 403 under another's, 404 for a task that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.generics import GenericAPIView, ListCreateAPIView, RetrieveUpdateDestroyAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated

from tasks.models import Task
from tasks.serializers import TaskSerializer

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer


class IsOwnAddress(BasePermission):
    """The address names whoever asks."""

    def has_permission(self, request: Request, view: GenericAPIView) -> bool:
        """Compare the two."""
        return request.user.pk == view.kwargs["user_id"]


class OwnTasks(GenericAPIView):
    """What every view of tasks keeps to: the tasks of whoever asks."""

    permission_classes = (IsAuthenticated, IsOwnAddress)
    serializer_class = TaskSerializer
    lookup_url_kwarg = "task_id"

    def get_queryset(self) -> QuerySet[Task]:
        """Return the tasks of whoever asks."""
        return Task.objects.filter(owner=self.request.user)


class TaskListView(OwnTasks, ListCreateAPIView):
    """Lists tasks page by page, and makes new ones."""

    def perform_create(self, serializer: BaseSerializer) -> None:
        """Give the new task to whoever asks."""
        serializer.save(owner=self.request.user)


class TaskView(OwnTasks, RetrieveUpdateDestroyAPIView):
    """Shows, replaces, changes and deletes one task."""
