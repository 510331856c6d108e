"""`make bench`: every figure with its goal, printed and written to var/bench.json."""

import argparse
import importlib
import sys
from pathlib import Path

from benchmarks.result import Row, show, write

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


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", choices=BENCHES, action="append")
    only = parser.parse_args().only or BENCHES
    rows: list[Row] = []
    for name in only:
        print(f"bench: {name} …", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"benchmarks.{name}").run()
    show(rows)
    write(rows, Path(__file__).parent.parent / "var" / "bench.json")
    return 0 if all(row.ok for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
