"""Service levels from the command line: severity, waiting, and a customer's contract."""

import json
from pathlib import Path

import pytest

from tests.conftest import house_on
from tests.play import REPORT, Story
from tests.test_linking_commands import run


@pytest.fixture
def home(tmp_path: Path, sqlite_url: str) -> Path:
    """A house where 王女士 reported by web chat."""
    house = house_on(sqlite_url)
    Story(house).play(REPORT)
    house.database.close()
    return tmp_path


def ticket(home: Path) -> dict[str, object]:
    found: list[dict[str, object]] = json.loads(run(home, "tickets", "--json").stdout)
    return found[0]


def test_severity_contract_and_waiting(home: Path) -> None:
    before = ticket(home)
    number = str(before["number"])
    assert run(home, "ticket", "severity", number, "serious", "--by", "赵经理").returncode == 0
    refused = run(home, "ticket", "severity", number, "dire")
    assert refused.returncode != 0 and "normal, serious, urgent" in refused.stderr
    assert run(home, "customer", "13800138000", "--contract", "medical").returncode == 0
    assert run(home, "customer", "13800138000", "--contract", "gold").returncode == 2
    assert run(home, "ticket", "wait_customer", number, "--note", "等客户回电").returncode == 0
    assert run(home, "ticket", "go_on", number).returncode == 0
    after = ticket(home)
    assert (before["severity"], after["severity"]) == ("normal", "serious")
    assert (before["contract"], after["contract"]) == ("standard", "medical")
    assert before["due_at"] != after["due_at"]
    timeline = after["timeline"]
    assert isinstance(timeline, list)
    verbs = [entry["verb"] for entry in timeline]
    assert {"severity", "contract", "sla_recomputed", "wait_customer", "go_on"} <= set(verbs)
