"""What the suite writes is for its user alone, whatever the umask."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.core import private


@pytest.fixture(params=[0o000, 0o022, 0o377], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_a_new_folder_and_those_above_it_are_private(tmp_path: Path) -> None:
    private.make_folder(tmp_path / "new" / "deep" / "folder")
    assert {mode(tmp_path / one) for one in ("new", "new/deep", "new/deep/folder")} == {0o700}


@pytest.mark.usefixtures("umask")
def test_a_folder_of_the_user_keeps_its_mode(tmp_path: Path) -> None:
    (own := tmp_path / "own").mkdir()
    own.chmod(0o755)
    private.make_folder(own / "evidence")
    private.make_folder(own)
    assert (mode(own), mode(own / "evidence")) == (0o755, 0o700)


@pytest.mark.usefixtures("umask")
def test_a_file_is_private_and_so_is_one_that_was_there(tmp_path: Path) -> None:
    (old := tmp_path / "old").write_text("x")
    old.chmod(0o644)
    private.write_text(old, "ünicode")
    private.write_text(tmp_path / "new", "text")
    private.write_script(tmp_path / "script", "#!/bin/sh\n")
    assert [mode(tmp_path / one) for one in ("old", "new", "script")] == [0o600, 0o600, 0o700]
    assert old.read_text("utf-8") == "ünicode"


def test_a_folder_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    private.try_writing(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OSError, match="No such file or directory"):
        private.try_writing(tmp_path / "none")
