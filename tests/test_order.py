"""What is begun first is there, and nothing is lost by it."""

from pathlib import Path
from types import SimpleNamespace

from tests.order import LONGEST, longest_first

ROOT = Path(__file__).parents[1]


def test_the_longest_files_are_files() -> None:
    assert [name for name in LONGEST if not (ROOT / name).is_file()] == []


def test_they_come_first_and_a_file_keeps_its_order() -> None:
    names = [
        "tests/a.py::one",
        f"{LONGEST[1]}::two",
        "tests/a.py::three",
        f"{LONGEST[0]}::four",
        f"{LONGEST[1]}::five",
    ]
    items = [SimpleNamespace(nodeid=name) for name in names]
    longest_first(items)
    assert [item.nodeid.partition("::")[2] for item in items] == ["four", "two", "five", "one", "three"]
