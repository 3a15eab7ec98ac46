"""A found profile without what did not work."""

from __future__ import annotations

from harness.discovery.found import FoundProfile


def test_what_did_not_work_is_left_out_with_the_line_to_write() -> None:
    content = {"pages": {"sign_in": "/enter"}, "operations": {"refresh": {}, "sign_in": {}}}
    left = FoundProfile(content, None, []).without(["pages.sign_out_button", "operations.refresh"])
    assert left.content == {"operations": {"sign_in": {}}}
    assert [one.line for one in left.left_out] == ['sign_out_button = "..." in [pages]', "[operations.refresh]"]
    assert content["operations"] == {"refresh": {}, "sign_in": {}}
