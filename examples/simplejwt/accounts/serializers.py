"""What is sent and shown of an account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from rest_framework import serializers

from accounts.models import User


class UserSerializer(serializers.ModelSerializer):
    """An account as its owner sees it."""

    class Meta:
        """Which fields."""

        model = User
        fields = ("id", "email", "name")


class RegisterSerializer(serializers.ModelSerializer):
    """What somebody who registers sends."""

    class Meta:
        """Which fields; the password is never shown."""

        model = User
        fields = ("id", "email", "name", "password")
        extra_kwargs = {"password": {"write_only": True}}  # noqa: RUF012 - as DRF documents it

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a password that AUTH_PASSWORD_VALIDATORS refuse."""
        validate_password(attrs["password"], User(email=attrs["email"], name=attrs["name"]))
        return attrs

    def create(self, validated_data: dict[str, Any]) -> User:
        """Make the account."""
        return User.objects.create_user(**validated_data)
