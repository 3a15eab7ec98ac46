"""dj-rest-auth with its token, on one file of Django, and items of each user behind it."""

import secrets
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.urls import include, path

settings.configure(
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    SECRET_KEY=secrets.token_urlsafe(32),
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[2]}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.sites",
        "rest_framework",
        "rest_framework.authtoken",
        "allauth",
        "allauth.account",
        "allauth.socialaccount",
        "dj_rest_auth",
        "dj_rest_auth.registration",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    SITE_ID=1,
    PASSWORD_HASHERS=["django.contrib.auth.hashers.ScryptPasswordHasher"],
    AUTH_PASSWORD_VALIDATORS=[{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}],
    AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
    ACCOUNT_LOGIN_METHODS={"email"},
    ACCOUNT_SIGNUP_FIELDS=["email*", "password1*", "password2*"],
    ACCOUNT_EMAIL_VERIFICATION="none",
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    REST_AUTH={"SESSION_LOGIN": False},
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    },
)
django.setup()

from django.http import HttpResponse  # noqa: E402 - after setup
from rest_framework import routers, serializers, status, viewsets  # noqa: E402
from rest_framework.response import Response  # noqa: E402

KEPT: dict[int, dict[str, str]] = {}


class ItemSerializer(serializers.Serializer):
    """What a user keeps."""

    title = serializers.CharField(max_length=500)


class Items(viewsets.ViewSet):
    """Each user's own items."""

    def _own(self, request, pk):
        kept = KEPT.setdefault(request.user.pk, {})
        return kept if pk in kept else None

    def _title(self, request):
        given = ItemSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return given.validated_data["title"]

    def list(self, request):
        kept = KEPT.setdefault(request.user.pk, {})
        return Response([{"id": key, "title": title} for key, title in kept.items()])

    def create(self, request):
        key = secrets.token_hex(8)
        KEPT.setdefault(request.user.pk, {})[key] = self._title(request)
        return Response({"id": key, "title": KEPT[request.user.pk][key]}, status.HTTP_201_CREATED)

    def retrieve(self, request, pk):
        kept = self._own(request, pk)
        return Response({"id": pk, "title": kept[pk]}) if kept else Response(status=status.HTTP_404_NOT_FOUND)

    def update(self, request, pk):
        kept = self._own(request, pk)
        if not kept:
            return Response(status=status.HTTP_404_NOT_FOUND)
        kept[pk] = self._title(request)
        return Response({"id": pk, "title": kept[pk]})

    def destroy(self, request, pk):
        kept = self._own(request, pk)
        if not kept:
            return Response(status=status.HTTP_404_NOT_FOUND)
        del kept[pk]
        return Response(status=status.HTTP_204_NO_CONTENT)


router = routers.SimpleRouter()
router.register("api/items", Items, basename="items")
urlpatterns = [
    path("", lambda request: HttpResponse("It works.")),
    path("dj-rest-auth/", include("dj_rest_auth.urls")),
    path("dj-rest-auth/registration/", include("dj_rest_auth.registration.urls")),
    *router.urls,
]

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("runserver", f"127.0.0.1:{sys.argv[1]}", use_reloader=False, verbosity=0)
