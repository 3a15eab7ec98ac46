import pytest

from reference_backend.settings import Settings, SettingsError, load

GOOD = {
    "DATABASE_URL": "postgresql://user@127.0.0.1/name",
    "SECRET": "Qm9vLXNlY3JldC1mb3ItdGhlLXRlc3RzLW9ubHkh",
    "JWT_SECRET": "eG90aGVyLXNlY3JldC1mb3ItdGVzdHMtb25seS1oZXJl",
}


def environment(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> None:
    for name, value in (GOOD | changes).items():
        if value is None:
            monkeypatch.delenv(f"REFERENCE_{name}", raising=False)
        else:
            monkeypatch.setenv(f"REFERENCE_{name}", value)


def test_good_settings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(
        monkeypatch, BASE_URL="https://App.example.com/", TRUSTED_ORIGINS="https://a.example, http://b.example:81"
    )
    settings = load()
    assert settings.database_url == "postgresql+psycopg://user@127.0.0.1/name"
    assert settings.origins == {"https://app.example.com", "https://a.example", "http://b.example:81"}
    assert settings.https


@pytest.mark.parametrize("name", ["SECRET", "JWT_SECRET"])
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "not set"),
        ("short-Zq81x", "bytes long"),
        ("your-secret-key-min-32-chars", "published placeholder"),
        ("Better-Auth-secret-12345678901234567890", "published placeholder"),
        ("your-256-bit-secret", "published placeholder"),
        ("please-changeme-please-changeme-1234567", "published placeholder"),
        ("a" * 40, "too few characters"),
        ("abababababababababababababababababababab", "too few characters"),
        ("k3Zp9QwLx" * 5, "too few characters"),
    ],
)
def test_weak_secrets_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None, reason: str
) -> None:
    environment(monkeypatch, **{name: value})
    with pytest.raises(SettingsError, match=f"REFERENCE_{name} .*{reason}") as caught:
        load()
    assert "\n" not in str(caught.value)
    assert value is None or value not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", None),
        ("DATABASE_URL", "mysql://user@127.0.0.1/name"),
        ("BASE_URL", "app.example.com"),
        ("BASE_URL", "http://app.example.com"),
        ("BASE_URL", "http://192.0.2.1:8000"),
        ("BASE_URL", "http://0.0.0.0:8000"),
        ("TRUSTED_ORIGINS", "https://a.example/path"),
        ("SESSION_EXPIRES_IN", "a week"),
        ("JWT_ALGORITHM", "none"),
        ("PASSWORD_MAX", "20"),
    ],
)
def test_wrong_settings_name_their_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str | None) -> None:
    environment(monkeypatch, **{name: value})
    with pytest.raises(SettingsError, match=rf"^REFERENCE_{name} "):
        load()


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "http://127.0.0.2", "http://app.localhost", "https://a.example"]
)
def test_traffic_that_stays_on_this_machine_needs_no_https(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    environment(monkeypatch, BASE_URL=url)
    assert load().base_url == url


def test_a_shared_secret_is_not_needed_with_a_key_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, JWT_SECRET=None, JWT_ALGORITHM="EdDSA")
    assert load().jwt_algorithm == "EdDSA"


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    shown = repr(Settings())
    assert GOOD["SECRET"] not in shown
    assert GOOD["JWT_SECRET"] not in shown
    assert "user@" not in shown
