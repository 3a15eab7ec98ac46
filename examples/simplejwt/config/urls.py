"""Every address of the API; each ends in a slash."""

from accounts.views import MeView, RegisterView
from django.urls import path
from rest_framework_simplejwt.views import TokenBlacklistView, TokenObtainPairView, TokenRefreshView
from tasks.views import TaskListView, TaskView

urlpatterns = [
    path("api/register/", RegisterView.as_view(), name="register"),
    path("api/token/", TokenObtainPairView.as_view(), name="token_obtain_pair"),
    path("api/token/refresh/", TokenRefreshView.as_view(), name="token_refresh"),
    path("api/token/blacklist/", TokenBlacklistView.as_view(), name="token_blacklist"),
    path("api/me/", MeView.as_view(), name="me"),
    path("api/users/<int:user_id>/tasks/", TaskListView.as_view(), name="tasks"),
    path("api/users/<int:user_id>/tasks/<int:task_id>/", TaskView.as_view(), name="task"),
]
