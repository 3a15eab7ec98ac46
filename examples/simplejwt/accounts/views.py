"""Registering, and who is signed in."""

from __future__ import annotations

from rest_framework.generics import CreateAPIView, RetrieveAPIView
from rest_framework.permissions import AllowAny

from accounts.models import User
from accounts.serializers import RegisterSerializer, UserSerializer


class RegisterView(CreateAPIView):
    """Makes an account; signing in is a request of its own."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = RegisterSerializer


class MeView(RetrieveAPIView):
    """Shows whoever asks their own account."""

    serializer_class = UserSerializer

    def get_object(self) -> User:
        """Return the account of the token."""
        return self.request.user
