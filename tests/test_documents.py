"""The documents that name tests name tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NAMES = re.compile(r"\btest_\w+(?!\w*\.py)(?=`)")
FILES = re.compile(r"tests/[\w/]+\.py")


def written() -> str:
    return "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("name", ["training-tests.md", "phone-tests.md"])
def test_each_test_that_is_named_is_there(name: str) -> None:
    text, tests = (ROOT / "docs" / name).read_text("utf-8"), written()
    named = set(NAMES.findall(text))
    assert len(named) > 50
    assert [one for one in sorted(named) if f"def {one}(" not in tests] == []
    assert [one for one in sorted(set(FILES.findall(text))) if not (ROOT / one).exists()] == []
