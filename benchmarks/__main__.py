"""`make bench`: every figure with its goal, printed and written to var/bench.json."""

import argparse
import importlib
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from benchmarks.result import Row, failed, show, write

BENCHES = (
    "process",
    "turns",
    "webhooks",
    "outbox",
    "promises",
    "pushes",
    "calls",
    "model",
    "nlu",
    "retrieval",
)
LONGEST = 780  # seconds for one; the pipeline that ``nlu`` stands beside is trained in eight minutes, once for a machine
RESULTS = Path(__file__).parent.parent / "var" / "bench.json"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", choices=BENCHES, action="append")
    only = parser.parse_args(arguments).only or BENCHES
    rows: list[Row] = []
    signal.signal(signal.SIGALRM, _too_long)
    for name in only:
        rows += measured(name)
        write(rows, RESULTS)  # each time: who stops it half-way keeps what was measured
    show(rows)
    return 0 if all(row.ok for row in rows) else 1


def measured(name: str) -> list[Row]:
    """The rows of one bench; one row that says why, where it fails: the others are measured all the same."""
    print(f"bench: {name} …", file=sys.stderr, flush=True)
    started = time.monotonic()
    signal.alarm(LONGEST)
    try:
        rows: list[Row] = importlib.import_module(f"benchmarks.{name}").run()
    except Exception as problem:
        traceback.print_exc()
        rows = [failed(name, f"{type(problem).__name__}: {problem}")]
    finally:
        signal.alarm(0)
    print(f"bench: {name} took {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return rows


def _too_long(*_: Any) -> None:
    raise TimeoutError(f"not done within {LONGEST} s")


if __name__ == "__main__":
    raise SystemExit(main())
