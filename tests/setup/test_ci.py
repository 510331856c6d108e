"""What CI takes: all tests, or one or two that failed in the crowd and pass alone, by name; never one that fails twice."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = """
WORKERS ?= 2
lint:
\t@true
test:
\t@.venv/bin/python -m pytest -q -n $(WORKERS) --dist loadfile $(ARGS)
"""
ONCE = """
import pathlib
import pytest
def fails_once(name):
    seen = pathlib.Path(name)
    if not seen.exists():
        seen.write_text("")
        assert False
def test_fine(): pass
"""
Runs = Callable[[str], subprocess.CompletedProcess[str]]


@pytest.fixture
def ci(tmp_path: Path) -> Runs:
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci/run").write_bytes((ROOT / ".ci/run").read_bytes())
    (tmp_path / "Makefile").write_text(MAKEFILE)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    python = tmp_path / ".venv/bin/python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)

    def run(tests: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "test_them.py").write_text(ONCE + tests)
        return subprocess.run(["bash", ".ci/run"], cwd=tmp_path, capture_output=True, text=True, timeout=120)

    return run


def test_green(ci: Runs) -> None:
    done = ci("def test_too(): pass\n")
    assert done.returncode == 0 and "2 passed" in done.stdout and "UNSTEADY" not in done.stdout


def test_who_passes_alone_is_named(ci: Runs) -> None:
    done = ci("def test_races(): fails_once('a')\n")
    assert done.returncode == 0
    assert done.stdout.rstrip().endswith("to be mended:\ntest_them.py::test_races")


@pytest.mark.parametrize(
    "tests",
    [
        "def test_wrong(): assert False\n",
        "def test_wrong(): assert False\ndef test_races(): fails_once('a')\n",
        "@pytest.mark.parametrize('name', 'abc')\ndef test_races(name): fails_once(name)\n",
        "import nothing_of_this_name\n",
    ],
    ids=["fails twice", "one of two fails twice", "three", "cannot be read"],
)
def test_red(ci: Runs, tests: str) -> None:
    done = ci(tests)
    assert done.returncode != 0 and "UNSTEADY" not in done.stdout
