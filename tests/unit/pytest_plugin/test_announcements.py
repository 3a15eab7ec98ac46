"""What workers say reaches the process that the user started: masked, a line each, and not again and again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from queue import Queue

import pytest

from harness.core.redaction import register
from harness.pytest_plugin.announcements import QUIET_SECONDS, Announcements, send
from tests.support.limits import LIMIT_SECONDS


@pytest.fixture
def said() -> Queue[str]:
    return Queue()


@pytest.fixture
def announcements(said: Queue[str]) -> Iterator[Announcements]:
    opened = Announcements(said.put)
    yield opened
    opened.close()


def test_a_worker_s_lines_arrive_as_they_come(announcements: Announcements, said: Queue[str]) -> None:
    address = announcements.open()
    assert announcements.open() == address
    for line in ("installing Chromium", "throttled by /sign-in: waiting 9 s\nand more"):
        send(address, line)
    assert said.get(timeout=LIMIT_SECONDS) == "installing Chromium"
    assert said.get(timeout=LIMIT_SECONDS) == "throttled by /sign-in: waiting 9 s and more"


def test_who_lacks_the_key_is_not_heard(announcements: Announcements, said: Queue[str]) -> None:
    port, key = announcements.open()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for sent in (b"all is well", b"wrong all is well", b"\xff", b""):
            stranger.sendto(sent, ("127.0.0.1", port))
    send((port, "0" * len(key)), "all is well")
    send((port, key), "throttled")
    assert said.get(timeout=LIMIT_SECONDS) == "throttled"


def test_a_long_line_arrives_short(announcements: Announcements, said: Queue[str]) -> None:
    send(announcements.open(), "\U0001f512" * 5000)
    assert 100 < len(said.get(timeout=LIMIT_SECONDS)) < 500


def test_it_ends_with_the_run_and_leaves_nothing_behind(announcements: Announcements) -> None:
    port, _ = announcements.open()
    threads = threading.active_count()
    announcements.close()
    assert threading.active_count() == threads - 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as next_one:
        next_one.bind(("127.0.0.1", port))


def test_a_worker_that_nobody_hears_goes_on(announcements: Announcements) -> None:
    address = announcements.open()
    announcements.close()
    send(address, "throttled")


@pytest.mark.usefixtures("nothing_known")
def test_a_secret_leaves_no_worker(announcements: Announcements, said: Queue[str]) -> None:
    register("s3cret-of-a-worker", "password")
    send(announcements.open(), "throttled by /x?s3cret-of-a-worker")
    assert said.get(timeout=LIMIT_SECONDS) == "throttled by /x?<password>"


def test_the_like_of_it_is_not_repeated_at_once() -> None:
    heard: list[str] = []
    times = iter([0.0, 1.0, 1.0, QUIET_SECONDS])
    announcements = Announcements(heard.append, clock=lambda: next(times))
    for line in ("throttled by /a: 2 s (2 of 300)", "throttled by /a: 4 s (6 of 300)", "throttled by /b: 2 s"):
        announcements.take(line)
    announcements.take("throttled by /a: 8 s (14 of 300)")
    assert heard == ["throttled by /a: 2 s (2 of 300)", "throttled by /b: 2 s", "throttled by /a: 8 s (14 of 300)"]
