"""`auth-conformance init` recognises the reference backend."""

from __future__ import annotations

from pathlib import Path

from harness.profile.loader import load_profile
from harness.reference.launch import reference_target
from tests.support.discovered_sites import discovered, same


def test_the_reference_backend_is_told_from_what_it_is_like(tmp_path: Path) -> None:
    with reference_target(load_profile("reference"), "auto", None, {}) as (target, _):
        profile, text = discovered(tmp_path / "found.toml", target.web)
    assert same(profile, load_profile("reference"))
    assert "Recognised: The reference backend." in text
