"""A file that holds a secret is found and removed, whatever spelling or archive the secret is in."""

import zipfile
from pathlib import Path

import pytest

from harness.core.redaction import register
from harness.evidence.captures import mask_archive
from harness.evidence.leaks import remove_leaks
from tests.support.wiretap import spellings


@pytest.mark.parametrize("spelling", ["raw", "percent-encoded", "base64", "inside an archive"])
def test_a_planted_leak_is_found_and_removed(tmp_path: Path, spelling: str) -> None:
    secret = register("a/planted secret+of-26-characters", "password")
    forms = sorted(spellings(secret), key=len)
    clean, leaky = tmp_path / "clean.txt", tmp_path / "leaky"
    clean.write_text("nothing to see", "utf-8")
    if spelling == "inside an archive":
        with zipfile.ZipFile(leaky, "w") as archive:
            archive.writestr("trace.network", f'{{"value": "{secret}"}}')
    else:
        leaky.write_text({"raw": secret, "percent-encoded": forms[1], "base64": forms[2]}[spelling], "utf-8")
    [leak] = remove_leaks([clean, leaky])
    assert str(leak) == "leaky held a secret (password) and was removed"
    assert clean.exists()
    assert not leaky.exists()


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
    assert remove_leaks([path]) == []
