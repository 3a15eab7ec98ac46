"""What one process found out about pages is known to the next one."""

from __future__ import annotations

from harness.browser.shared import Shared


def test_what_is_known_of_pages_travels() -> None:
    doctor, worker = Shared({"/signin"}, unfit={"/signup"}), Shared({"/tasks"})
    worker.learn(doctor.known)
    assert worker.operated == {"/signin", "/tasks"}
    assert worker.unfit == {"/signup"}


def test_nothing_is_learnt_from_a_doctor_who_did_not_look() -> None:
    shared = Shared()
    shared.learn({})
    assert shared == Shared()
