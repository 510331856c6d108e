"""`make bench` comes to its end whatever becomes of one bench, and says which failed."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import __main__ as bench
from benchmarks.result import Row, absolute


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Runs benches that are made up; the exit code, and what was written, by name."""

    def run(**benches: Callable[[], list[Row]]) -> tuple[int, dict[str, Any]]:
        for name, measure in benches.items():
            monkeypatch.setitem(sys.modules, f"benchmarks.{name}", SimpleNamespace(run=measure))  # type: ignore[misc]
        monkeypatch.setattr(bench, "BENCHES", tuple(benches))
        monkeypatch.setattr(bench, "RESULTS", tmp_path / "var" / "bench.json")
        code = bench.main([])
        rows = json.loads(bench.RESULTS.read_text("utf-8"))
        return code, {row["name"]: row for row in rows}

    return run


def good() -> list[Row]:
    return [absolute("a figure", 1.0, "s", most=2)]


def test_one_that_fails_is_named_and_the_others_are_measured(
    ran: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def bad() -> list[Row]:
        raise OSError("no room [on the disk]")

    code, rows = ran(bad=bad, good=good)
    assert code == 1 and rows["a figure"]["ok"]
    assert rows["bad"] | {"value": None, "ok": False} == rows["bad"]
    assert rows["bad"]["goal"] == "failed: OSError: no room [on the disk]"
    assert "no room [on" in capsys.readouterr().out


def test_one_that_never_ends_is_stopped(ran: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "LONGEST", 1)
    code, rows = ran(endless=lambda: time.sleep(60), good=good)
    assert code == 1 and rows["a figure"]["ok"]
    assert rows["endless"]["goal"] == "failed: TimeoutError: not done within 1 s"


def test_all_well(ran: Any) -> None:
    assert ran(good=good) == (0, {"a figure": good()[0].__dict__})
