"""Sessions are brought to their end in whatever database the profile's statement is for."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from harness.deployment.errors import EndOutOfReach
from harness.deployment.expiry import Expiry
from harness.deployment.people import Device, PersonFactory
from harness.profile.loader import load_profile, parse_profile
from harness.profile.target import Target

PROFILE = """extends = "reference"
[age_session]
database_env = "SHOP_DATABASE_URL"
statement = "UPDATE sitting SET ends = '00:00:01' WHERE mail = :email AND mail LIKE '%@%'"
"""

NOBODY = "http://127.0.0.1:1"


@pytest.fixture
def ann() -> Device:
    return PersonFactory(load_profile("reference").people, 1).person("Ann").device("first device")


def expiry(url: str) -> Expiry:
    profile = parse_profile(PROFILE, "mine.toml", Path())
    return Expiry(Target(profile, NOBODY, NOBODY, database_url=url), 0.0)


def test_a_session_in_sqlite_is_aged(ann: Device, tmp_path: Path) -> None:
    file = tmp_path / "shop.sqlite"
    rows = sqlite3.connect(file)
    rows.execute("CREATE TABLE sitting (mail TEXT, ends TEXT)")
    rows.executemany(
        "INSERT INTO sitting VALUES (?, ?)", [(ann.person.email, "later"), ("bob@example.com", "later")]
    )
    rows.commit()
    assert expiry(f"sqlite:///{file}").end_sessions(ann)[1].startswith("age: ")
    assert rows.execute("SELECT ends FROM sitting ORDER BY ends").fetchall() == [("00:00:01",), ("later",)]
    rows.execute("DELETE FROM sitting")
    rows.commit()
    with pytest.raises(EndOutOfReach, match="changed no row"):
        expiry(f"sqlite:///{file}").end_sessions(ann)
    rows.close()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite://", r"could not be aged in the database \(OperationalError\)"),
        ("mysql://ann:s3cr3t@127.0.0.1:1/shop", "No module named 'MySQLdb'. Install the Python driver"),
        ("nothing://ann:s3cr3t@127.0.0.1:1/shop", r"\(NoSuchModuleError\)"),
        ("not a URL", r"\(OperationalError\)|\(ProgrammingError\)"),
        ("postgresql://ann:s3cr3t@127.0.0.1:1/shop", r"\(OperationalError\)"),
        ("postgresql+asyncpg://ann:s3cr3t@127.0.0.1:1/shop", r"\(OperationalError\)"),
    ],
    ids=["no such table", "no driver", "no such database", "no URL", "nobody there", "another driver"],
)
def test_what_can_not_be_aged_is_not_tested_and_no_secret_is_told(ann: Device, url: str, why: str) -> None:
    with pytest.raises(EndOutOfReach, match=why) as raised:
        expiry(url).end_sessions(ann)
    assert "s3cr3t" not in str(raised.value)


def test_a_table_without_a_user_is_asked_for_the_session(ann: Device, tmp_path: Path) -> None:
    file = tmp_path / "shop.sqlite"
    rows = sqlite3.connect(file)
    rows.execute("CREATE TABLE sitting (key TEXT, owner TEXT, ends TEXT)")
    rows.executemany(
        "INSERT INTO sitting VALUES (?, ?, 'later')", [("anns", "7"), ("anns-other", "7"), ("bobs", "8")]
    )
    rows.commit()
    ann.jar.store(["auth.session_token=anns; Path=/"], NOBODY)
    ann.person.id = "7"
    for condition, ended in (("key = :session", ["anns"]), ("owner = :user_id", ["anns", "anns-other"])):
        statement = f"UPDATE sitting SET ends = 'now' WHERE {condition}"
        changes = f'[age_session]\ndatabase_env = "SHOP_DATABASE_URL"\nstatement = "{statement}"\n'
        profile = parse_profile(f'extends = "reference"\n{changes}', "mine.toml", Path())
        Expiry(Target(profile, NOBODY, NOBODY, database_url=f"sqlite:///{file}"), 0.0).end_sessions(ann)
        assert [key for (key,) in rows.execute("SELECT key FROM sitting WHERE ends = 'now' ORDER BY key")] == ended
    rows.close()


def test_time_passes_for_a_session_and_a_refresh_token_ends(ann: Device, tmp_path: Path) -> None:
    file = tmp_path / "shop.sqlite"
    rows = sqlite3.connect(file)
    rows.execute("CREATE TABLE sitting (mail TEXT, ends INTEGER)")
    rows.executemany("INSERT INTO sitting VALUES (?, 1000)", [(ann.person.email,), ("bob@example.com",)])
    rows.commit()
    further = (
        'elapse = "UPDATE sitting SET ends = ends - :seconds WHERE mail = :email"\n'
        'refresh_statement = "UPDATE sitting SET ends = 0 WHERE mail = :email"\n'
    )
    profile = parse_profile(PROFILE + further, "mine.toml", Path())
    ageing = Expiry(Target(profile, NOBODY, NOBODY, database_url=f"sqlite:///{file}"), 0.0)
    assert ageing.pass_time(ann, 60.5, "a minute") == 61
    assert rows.execute("SELECT ends FROM sitting ORDER BY ends").fetchall() == [(939,), (1000,)]
    assert ageing.end_refresh_token(ann, "an-opaque-one")[1].startswith("age: ")
    assert rows.execute("SELECT ends FROM sitting ORDER BY ends").fetchall() == [(0,), (1000,)]
    rows.close()
