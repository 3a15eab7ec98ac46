"""A started process is ready or an error, is drained, and is gone with its owner, however that one ended."""

import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from harness.core import processes
from tests.support.limits import LIMIT_SECONDS, wait_until

ROOT = Path(__file__).resolve().parents[3]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

ANNOUNCE = "import json, time; print(json.dumps({'port': 1234}), flush=True); time.sleep(600)"
OWNER = """
import sys, time
from pathlib import Path
from harness.core import processes
child = processes.start(
    ["/bin/sh", "-c", "sleep 600 & echo '{\\"grandchild\\": '$!'}'; wait"],
    name="the sleeper", ready="json-line", timeout=float(sys.argv[3]),
    cleanup_paths=[Path(sys.argv[1])], cleanup_command=["touch", sys.argv[2]],
)
print(child.pid, child.ready_line["grandchild"], flush=True)
time.sleep(600)
"""


def is_gone(pid: int) -> bool:
    """Whether that process has ended; a zombie that nobody reaps has."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return not state.strip() or state.startswith("Z")


def start_python(code: str, **options: Any) -> processes.Supervised:
    settings: dict[str, Any] = {"name": "the child", "ready": "json-line", "timeout": LIMIT_SECONDS, **options}
    return processes.start([sys.executable, "-c", code], **settings)


def test_a_free_port_can_be_bound() -> None:
    with socket.create_server(("127.0.0.1", processes.free_port())) as server:
        assert server.getsockname()[0] == "127.0.0.1"


def test_a_process_announces_itself_and_is_gone_after_stop() -> None:
    with start_python(ANNOUNCE) as child:
        assert child.ready_line == {"port": 1234}
        assert child.running
        assert not is_gone(child.pid)
    assert is_gone(child.pid)
    assert child.exit_code == -signal.SIGTERM
    child.stop()


def test_readiness_can_be_a_question(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    code = f"import pathlib, time; pathlib.Path({str(flag)!r}).touch(); time.sleep(600)"
    with start_python(code, ready=flag.exists) as child:
        assert child.running


def test_a_process_that_dies_is_an_error_with_its_last_output() -> None:
    with pytest.raises(processes.ProcessError) as error:
        start_python("print('no database'); raise SystemExit(3)")
    assert (
        str(error.value) == "the child ended with exit code 3 before it was ready. Its last output:\nno database"
    )


def test_a_process_that_is_never_ready_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = tmp_path / "pid"
    code = f"import os, pathlib, time; pathlib.Path({str(pid)!r}).write_text(str(os.getpid())); time.sleep(600)"

    def never() -> bool:
        if pid.exists() and pid.read_text():
            monkeypatch.setattr(time, "monotonic", lambda: math.inf)
        return False

    with pytest.raises(
        processes.ProcessError, match=r"^the child was not ready after 1000 s\. It printed nothing\.$"
    ):
        start_python(code, ready=never, timeout=1000)
    assert is_gone(int(pid.read_text()))


def test_a_missing_program_is_one_sentence() -> None:
    with pytest.raises(processes.ProcessError, match=r"^the server could not be started: FileNotFoundError: "):
        processes.start(["/nowhere/server"], name="the server", ready="json-line", timeout=LIMIT_SECONDS)


def test_much_output_does_not_block_a_process() -> None:
    flood = "import sys\nfor n in range(20000): print('line', n, 'x' * 100)\n"
    with start_python(flood + ANNOUNCE) as child:
        lines = child.tail().splitlines()
    assert len(lines) == processes.TAIL_LINES
    assert lines[-2].startswith("line 19999")


def test_a_line_that_only_looks_like_json_does_not_announce() -> None:
    with start_python("print('{not json')\n" + ANNOUNCE) as child:
        assert child.ready_line == {"port": 1234}


@linux_only
def test_the_environment_is_in_no_argument_list_and_no_error() -> None:
    secret = "correct-horse-battery-staple"
    with start_python(ANNOUNCE, env={**os.environ, "SECRET": secret}) as child:
        assert secret in Path(f"/proc/{child.pid}/environ").read_text()
        parent = int(Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[1])
        assert secret not in Path(f"/proc/{parent}/cmdline").read_text()
        assert secret not in str(child.failure("The child failed."))


def test_a_process_that_ignores_the_stop_signal_is_killed() -> None:
    code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + ANNOUNCE
    with start_python(code, grace=0.2) as child:
        pass
    assert child.exit_code == -signal.SIGKILL
    assert is_gone(child.pid)


def test_a_process_that_ends_by_itself_is_cleaned_up_after(tmp_path: Path) -> None:
    directory = tmp_path / "data"
    directory.mkdir()
    with start_python("print('{}', flush=True)", cleanup_paths=[directory]) as child:
        wait_until(lambda: not child.running, "the end of the child")
        wait_until(lambda: not directory.exists(), "the removal of its directory")
    assert child.exit_code == 0


def test_a_failed_clean_up_is_an_error() -> None:
    child = start_python(ANNOUNCE, cleanup_command=["/bin/sh", "-c", "echo engine gone; exit 1"])
    with pytest.raises(processes.ProcessError, match=r"(?s)^What the child left behind could not.*engine gone$"):
        child.stop()
    child.stop()


def test_a_guard_cleans_up_without_a_process(tmp_path: Path) -> None:
    directory = tmp_path / "data"
    directory.mkdir()
    with processes.guard(name="the guard", cleanup_paths=[directory]):
        assert directory.exists()
    assert not directory.exists()


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[int], Path, Path]]:
    """A process that owns a server, with the ids of what it started, a directory and a clean-up's trace."""
    directory, trace = tmp_path / "data", tmp_path / "cleaned"
    directory.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(directory), str(trace), str(LIMIT_SECONDS)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    assert process.stdout
    with process, process.stdout:
        pids = [int(word) for word in process.stdout.readline().split()]
        assert len(pids) == 2
        try:
            yield process, pids, directory, trace
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_its_owner(
    owner: tuple[subprocess.Popen[str], list[int], Path, Path], number: signal.Signals
) -> None:
    process, pids, directory, trace = owner
    # To the whole group, as a terminal does it on Ctrl-C.
    os.killpg(process.pid, number)
    for pid in pids:
        wait_until(partial(is_gone, pid), f"the end of process {pid}")
    wait_until(trace.exists, "the clean-up command")
    wait_until(lambda: not directory.exists(), "the removal of the directory")


@linux_only
def test_a_process_does_not_outlive_its_guardian() -> None:
    child = start_python(ANNOUNCE)
    guardian = int(Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(guardian, signal.SIGKILL)
    wait_until(lambda: is_gone(child.pid), "the end of the child")
    child.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may start a process as somebody else")
def test_root_can_start_a_process_as_nobody() -> None:
    command = ["/bin/sh", "-c", 'echo "{\\"user\\": \\"$(id -un)\\"}"; exec sleep 600']
    with processes.start(
        command, name="the child", ready="json-line", timeout=LIMIT_SECONDS, user="nobody", cwd=Path("/")
    ) as child:
        assert child.ready_line == {"user": "nobody"}
