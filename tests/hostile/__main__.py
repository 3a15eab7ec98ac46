"""`python -m tests.hostile`: the suite against every hostile server, written to docs/hostile.md.

With names only those run, and the page is written with `--write` alone. Exit code 1 when a run ends otherwise
than it may, 2 when there is no Postgres to run on, 130 when interrupted.
"""

from __future__ import annotations

import argparse
import queue
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path

from harness.reference.postgres import PostgresUnavailable, open_server
from tests.hostile.page import PAGE, page
from tests.hostile.registry import Kind, all_kinds
from tests.hostile.trial import Lane, Trial, lane


def main() -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("names", nargs="*", help="the kinds to run (all)")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    parser.add_argument("--show", action="store_true", help="print what each run printed")
    parser.add_argument("--write", action="store_true", help="write the page also where names are given")
    arguments = parser.parse_args()
    known = all_kinds()
    if unknown := [name for name in arguments.names if name not in known]:
        parser.error(f"there is no kind {unknown[0]}; there are {', '.join(known)}")
    chosen = [kind for name, kind in known.items() if not arguments.names or name in arguments.names]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    try:
        trials = _run(chosen, arguments.jobs, show=arguments.show)
    except PostgresUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    if arguments.write or not arguments.names:
        PAGE.write_text(page(trials, len(known)), "utf-8")
    wrong = [trial for trial in trials if trial.problems]
    seconds = time.monotonic() - started
    sys.stdout.write(f"{len(trials)} kinds, {len(wrong)} not as they may be, {seconds:.0f} s\n")
    return 1 if wrong else 0


def _run(chosen: list[Kind], jobs: int, *, show: bool) -> list[Trial]:
    done: dict[str, Trial] = {}
    with ExitStack() as stack:
        server = stack.enter_context(open_server())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="auth-conformance-hostile-")))
        free: queue.Queue[Lane] = queue.Queue()
        for _ in range(min(jobs, len(chosen))):
            free.put(stack.enter_context(lane(server, folder)))
        pool = stack.enter_context(ThreadPoolExecutor(jobs))
        waiting = [pool.submit(_one, free, kind, folder / kind.name) for kind in chosen]
        try:
            for number, future in enumerate(as_completed(waiting), 1):
                trial = future.result()
                done[trial.kind.name] = trial
                _tell(trial, f"[{number}/{len(chosen)}]", show=show)
        finally:
            pool.shutdown(cancel_futures=True)
    return [done[kind.name] for kind in chosen]


def _one(free: queue.Queue[Lane], kind: Kind, folder: Path) -> Trial:
    folder.mkdir()
    one = free.get()
    try:
        return one.run(kind, folder)
    finally:
        free.put(one)


def _tell(trial: Trial, count: str, *, show: bool) -> None:
    sys.stdout.write(
        f"{count} {trial.kind.name}: exit {trial.code}, {trial.counts}, {trial.seconds:.1f} s, "
        f"{trial.megabytes} MB\n"
    )
    sys.stdout.writelines(f"    {problem}\n" for problem in trial.problems)
    if show:
        sys.stdout.write(trial.output)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
