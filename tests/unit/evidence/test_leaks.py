"""A file that holds a secret is masked, whatever spelling or archive the secret is in."""

import zipfile
from pathlib import Path

import pytest

from harness.core.redaction import register
from harness.evidence.leaks import Leak, mask_archive, mask_leaks
from tests.support.wiretap import spellings


@pytest.mark.parametrize("spelling", ["raw", "percent-encoded", "base64", "inside an archive"])
def test_a_planted_leak_is_found_and_masked(tmp_path: Path, spelling: str) -> None:
    secret = register("a/planted secret+of-26-characters", "password")
    forms = sorted(spellings(secret), key=len)
    clean, leaky = tmp_path / "clean.txt", tmp_path / "leaky"
    clean.write_text("nothing to see", "utf-8")
    if spelling == "inside an archive":
        with zipfile.ZipFile(leaky, "w") as archive:
            archive.writestr("trace.network", f'{{"value": "{secret}"}}')
    else:
        leaky.write_text({"raw": secret, "percent-encoded": forms[1], "base64": forms[2]}[spelling], "utf-8")
    assert mask_leaks([clean, leaky]) == [Leak(leaky, ("password",), is_removed=False)]
    assert clean.read_text("utf-8") == "nothing to see"
    assert mask_leaks([leaky]) == []
    assert zipfile.is_zipfile(leaky) or leaky.read_text("utf-8") == "<password>"


def test_what_is_no_text_can_not_be_masked_and_is_removed(tmp_path: Path) -> None:
    picture = tmp_path / "screenshot.png"
    picture.write_bytes(b"\x89PNG\xff" + register("a-planted-secret-of-26-chars", "password").encode())
    assert mask_leaks([picture]) == [Leak(picture, ("password",), is_removed=True)]
    assert not picture.exists()


def test_a_part_of_an_archive_that_is_no_text_is_emptied(tmp_path: Path) -> None:
    path = tmp_path / "trace.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("resources/font", b"\xff\xfe" + register("one-more-planted-secret-0", "token").encode())
        archive.writestr("trace.trace", "{}")
    assert mask_leaks([path]) == [Leak(path, ("token",), is_removed=False, emptied=("resources/font",))]
    with zipfile.ZipFile(path) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "resources/font": b"",
            "trace.trace": b"{}",
        }


def test_an_archive_is_masked_name_by_name(tmp_path: Path) -> None:
    secret = register("another planted secret of ours", "password")
    path = tmp_path / "trace.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("trace.trace", f'{{"value": "{secret}"}}')
        archive.writestr("resources/picture", b"\x89PNG\r\n\xff\xfe")
    mask_archive(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("trace.trace") == b'{"value": "<password>"}'
        assert archive.read("resources/picture") == b"\x89PNG\r\n\xff\xfe"
    assert mask_leaks([path]) == []
