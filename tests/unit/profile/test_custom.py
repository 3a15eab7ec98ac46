"""A profile's Python class is found beside the profile or by name, and what can't be loaded is one sentence."""

from __future__ import annotations

import hashlib
import hmac
import re
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import auth_conformance
from auth_conformance import Custom
from harness.core.errors import Unavailable
from harness.core.exchange import Exchange
from harness.profile import custom
from harness.profile.custom import CustomError, Request, load_custom, located
from harness.profile.loader import load_profile
from harness.profile.operation import Operation
from harness.wire.client import Client
from harness.wire.throttle import ThrottleBudget
from tests.support.suite import ROOT

CLASS = "from auth_conformance import Custom\n\nclass Club(Custom):\n    pass\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "club.py").write_text(CLASS, "utf-8")
    return tmp_path


def made(folder: Path, spec: str = "club:Club") -> Custom:
    """The class that a profile in that folder names."""
    return load_custom(located(spec, folder))


def why_not(folder: Path, spec: str) -> str:
    with pytest.raises(CustomError) as error:
        made(folder, spec)
    return str(error.value)


def test_the_public_class_is_the_one_that_the_suite_knows() -> None:
    assert auth_conformance.Custom is custom.Custom
    assert auth_conformance.__all__ == ["Custom", "__version__"]
    assert not hasattr(auth_conformance, "Request")


def test_no_class_is_one_that_does_nothing() -> None:
    nothing, request = load_custom(None), Request("GET", "https://app.example.com", (), None)
    assert type(nothing) is Custom
    assert nothing.prepare(Operation(method="GET", path="/"), request) is request
    with pytest.raises(Unavailable, match=r"the account of ann@example\.com waits"):
        nothing.verify("ann@example.com", Client(frozenset(), ThrottleBudget(0)))


def test_a_class_beside_the_profile_is_taken_and_nothing_else_there_can_be_imported(folder: Path) -> None:
    before = list(sys.path)
    assert type(made(folder)).__name__ == "Club"
    assert sys.path == before
    assert "club" not in sys.modules


def documented(module: str) -> str:
    """The example of that name in the documentation."""
    page = (ROOT / "docs" / "profile.intro.md").read_text("utf-8")
    (code,) = re.findall(rf"```python\n(# {module}\.py.*?)```", page, re.DOTALL)
    return str(code)


def test_the_class_in_the_documentation_signs_a_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "signer.py").write_text(documented("signer"), "utf-8")
    monkeypatch.setenv("SIGNING_KEY", "secret")
    request = Request("POST", "https://app.example.com", [("Accept", "text/html")], b"{}")
    (kept, signature) = (
        made(tmp_path, "signer:Signer").prepare(Operation(method="POST", path="/"), request).headers
    )
    assert kept == ("Accept", "text/html")
    assert signature == ("X-Signature", hmac.new(b"secret", b"{}", hashlib.sha256).hexdigest())


def test_the_class_in_the_documentation_follows_the_link_in_a_message(tmp_path: Path) -> None:
    (tmp_path / "mailbox.py").write_text(documented("mailbox"), "utf-8")
    link, asked = "https://app.example.com/verify?code=1", []

    class Sending(Client):
        def send(self, who: str, method: str, url: str, *_: object, **__: object) -> Exchange:
            asked.append(url)
            return Exchange(who, method, url, [], b"", 200, [], f"Please open {link}".encode(), 0.0)

    client = Sending(frozenset(), ThrottleBudget(0))
    made(tmp_path, "mailbox:Mailbox").verify("ann@example.com", client)
    assert asked == ["https://app.example.com/test/mail?to=ann@example.com", link]


def test_it_is_beside_the_profile_that_names_it(folder: Path) -> None:
    (folder / "base.toml").write_text('extends = "reference"\ncustom = "club:Club"\n', "utf-8")
    (folder / "own").mkdir()
    (folder / "own" / "own.toml").write_text('extends = "../base.toml"\n', "utf-8")
    spec = load_profile(str(folder / "own" / "own.toml")).custom
    assert spec == f"{folder}/club:Club"
    assert type(load_custom(spec)).__name__ == "Club"


@pytest.mark.parametrize("name", ["steps", "json", "pytest", "harness"])
def test_a_module_of_a_name_that_is_taken_takes_nothing_over(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.py").write_text(CLASS, "utf-8")
    before = sys.modules.get(name)
    assert type(made(tmp_path, f"{name}:Club")).__name__ == "Club"
    assert sys.modules.get(name) is before


def test_two_profiles_classes_of_one_name_are_two(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "other"]
    for place in folders:
        place.mkdir()
        (place / "club.py").write_text(CLASS, "utf-8")
    one, other = (type(made(place)) for place in folders)
    assert one is not other


def test_a_class_in_a_package_beside_the_profile_is_taken(tmp_path: Path) -> None:
    package = tmp_path / "club"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "door.py").write_text(CLASS, "utf-8")
    assert type(made(tmp_path, "club.door:Club")).__name__ == "Club"


def test_a_module_that_is_installed_is_taken_by_its_name(tmp_path: Path) -> None:
    assert located("auth_conformance:Custom", tmp_path) == "auth_conformance:Custom"
    assert type(load_custom("auth_conformance:Custom")) is Custom


def test_an_entry_point_is_taken_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def installed(*, group: str, name: str) -> list[EntryPoint]:
        found = EntryPoint("club", "auth_conformance:Custom", group)
        return [found] if (group, name) == (custom.GROUP, "club") else []

    monkeypatch.setattr(custom, "entry_points", installed)
    assert type(load_custom("club")) is Custom
    with pytest.raises(CustomError, match='there is no entry point "clubs" in the group'):
        load_custom("clubs")


@pytest.mark.parametrize(
    ("code", "spec", "sentence"),
    [
        (CLASS, "club:Clubs", "has no attribute 'Clubs'. Write it as \"module:Class\"."),
        (CLASS, "clubs:Club", "No module named 'clubs'. Write it as \"module:Class\"."),
        ("1 / 0", "club:Club", "it raised ZeroDivisionError('division by zero'). Write it as"),
        ("import nothing_of_that_name", "club:Club", "No module named 'nothing_of_that_name'. Write it as"),
        ("Club = 7", "club:Club", "is no class derived from auth_conformance.Custom."),
        ("class Club: ...", "club:Club", "is no class derived from auth_conformance.Custom."),
        (
            "from auth_conformance import Custom\nclass Club(Custom):\n    def __init__(self):\n        1 / 0",
            "club:Club",
            "it raised ZeroDivisionError('division by zero'). Write it as",
        ),
    ],
    ids=["no class", "no module", "raises", "imports", "no class at all", "another class", "raises when made"],
)
def test_what_can_not_be_loaded_is_one_sentence(tmp_path: Path, code: str, spec: str, sentence: str) -> None:
    (tmp_path / "club.py").write_text(code, "utf-8")
    said = why_not(tmp_path, spec)
    assert said.startswith('custom = "')
    assert sentence in said
    assert "\n" not in said


def test_a_module_that_failed_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "club.py").write_text("1 / 0", "utf-8")
    why_not(tmp_path, "club:Club")
    (tmp_path / "club.py").write_text(f"# longer than before\n{CLASS}", "utf-8")
    assert type(made(tmp_path)).__name__ == "Club"
