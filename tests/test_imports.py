"""Imports point one way: scheduler, console, app → bot, ivr → nlu, core; channels and phone do not know each other."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "core": set(),
    "nlu": {"core"},
    "bot": {"nlu", "core"},
    "ivr": {"nlu", "core"},
    "scheduler": {"bot", "ivr", "nlu", "core"},
    "console": {"scheduler", "bot", "ivr", "nlu", "core"},
    "app": {"scheduler", "console", "bot", "ivr", "nlu", "core"},
}
OURS = {*MAY_IMPORT, "tests", "benchmarks"}
FILES = [path for package in MAY_IMPORT for path in sorted((ROOT / package).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """The packages of ours that a file imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # A relative import stays inside its package; only the Rasa project's components use them.
            found.add((node.module or "").split(".")[0] if node.level == 0 else "")
    return found & OURS


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_one_way(package: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): outside
        for path in FILES
        if path.relative_to(ROOT).parts[0] == package
        and (outside := imported(path) - MAY_IMPORT[package] - {package})
    }
    assert wrong == {}


def test_one_channel_does_not_know_another() -> None:
    for path in (ROOT / "bot").rglob("*.py"):
        own = path.relative_to(ROOT / "bot").parts[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot."):
                assert (node.module or "").split(".")[1] == own, path


def test_the_core_reads_no_environment_and_no_http_but_for_the_tests_power_cut() -> None:
    outside = {"os", "httpx", "fastapi", "starlette", "requests"}
    for path in (ROOT / "core").rglob("*.py"):
        names = {
            alias.name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Import)
            for alias in node.names
        } | {
            (node.module or "").split(".")[0]
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.ImportFrom)
        }
        assert not names & outside or path.name == "faults.py", path


def test_there_is_something_to_look_at() -> None:
    assert len(FILES) > 80
