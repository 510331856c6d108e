"""Fixtures for every test: an engine, a house on it, and people to play stories with."""

import gc
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

from core.database import Database
from core.house import House
from core.knowledge.book import Book
from tests import indexes
from tests.engines import Cluster, cluster, new_sqlite
from tests.order import longest_first
from tests.play import FrozenClock, Story

# As the Makefile: a test starts dozens of servers and commands, and each would compile all libraries for itself.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# By itself hypothesis fails an example that takes 200 ms, as any does beside a busy neighbour.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

MONDAY_MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Chengdu, office hours


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):  # one of several
        longest_first(items)


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: looking through them for garbage took a good part of every test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def shared_indexes() -> Iterator[None]:
    with indexes.shared():
        yield


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster | None]:
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database on each engine in turn."""
    if request.param == "sqlite":
        yield new_sqlite(tmp_path)
        return
    running = request.getfixturevalue("postgres_cluster")
    if running is None:
        pytest.skip("no PostgreSQL server binaries on this machine; stories were played on SQLite only")
    with running.database() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return new_sqlite(tmp_path)


def house_on(url: str) -> House:
    database = Database(url)
    return House(database, FrozenClock(MONDAY_MORNING), Book(database), ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = house_on(database_url)
    yield opened
    opened.database.close()


@pytest.fixture
def story(house: House) -> Story:
    return Story(house)
