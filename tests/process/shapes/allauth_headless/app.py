"""django-allauth headless, for browsers or for apps, and items of each user behind either's session."""

import json
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
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "allauth",
        "allauth.account",
        "allauth.headless",
        "allauth.usersessions",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "allauth.account.middleware.AccountMiddleware",
        "allauth.usersessions.middleware.UserSessionsMiddleware",
    ],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.ScryptPasswordHasher"],
    AUTH_PASSWORD_VALIDATORS=[{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}],
    AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
    ACCOUNT_LOGIN_METHODS={"email"},
    ACCOUNT_SIGNUP_FIELDS=["email*", "password1*"],
    ACCOUNT_EMAIL_VERIFICATION="none",
    ACCOUNT_RATE_LIMITS=False,
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    HEADLESS_ONLY=True,
    HEADLESS_CLIENTS=[sys.argv[3]],
)
django.setup()

from allauth.headless.internal.sessionkit import authenticate_by_x_session_token  # noqa: E402
from django.http import HttpResponse, JsonResponse  # noqa: E402
from django.views.decorators.csrf import csrf_exempt, csrf_protect  # noqa: E402

KEPT: dict[int, dict[str, str]] = {}
IS_APP = sys.argv[3] == "app"


def _title(request):
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    text = given.get("title") if isinstance(given, dict) else None
    return text if isinstance(text, str) and 0 < len(text) <= 500 and text.isprintable() else None


def _shown(key, title):
    return {"id": key, "title": title}


def _list(request, kept):
    if request.method == "GET":
        return JsonResponse([_shown(*one) for one in kept.items()], safe=False)
    if request.method != "POST":
        return HttpResponse(status=405)
    if (title := _title(request)) is None:
        return HttpResponse(status=400)
    key = secrets.token_hex(8)
    kept[key] = title
    return JsonResponse(_shown(key, title), status=201)


def _one(request, kept, key):
    if key not in kept:
        return HttpResponse(status=404)
    if request.method == "DELETE":
        del kept[key]
        return HttpResponse(status=204)
    if request.method == "PUT":
        if (title := _title(request)) is None:
            return HttpResponse(status=400)
        kept[key] = title
    return JsonResponse(_shown(key, kept[key])) if request.method in ("GET", "PUT") else HttpResponse(status=405)


def _guarded(view):
    def answer(request, **words):
        if IS_APP:
            found = authenticate_by_x_session_token(request.headers.get("X-Session-Token", ""))
            if found is None or found.user is None:
                return HttpResponse(status=401)
            request.user = found.user
        return _as(request, view, words)

    return csrf_exempt(answer) if IS_APP else csrf_protect(answer)


def _as(request, view, words):
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    return view(request, KEPT.setdefault(request.user.pk, {}), **words)


urlpatterns = [
    path("", lambda request: HttpResponse("It works.")),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/items", _guarded(_list)),
    path("api/items/<str:key>", _guarded(_one)),
]

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("runserver", f"127.0.0.1:{sys.argv[1]}", use_reloader=False, verbosity=0)
