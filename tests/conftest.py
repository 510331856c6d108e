"""Fixtures for every test: an engine, a house on it, and people to play stories with."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.database import Database
from core.house import House
from core.knowledge.book import Book
from tests.engines import Cluster, cluster, new_sqlite
from tests.play import FrozenClock, Story

MONDAY_MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Chengdu, office hours


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster | None]:
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database on each engine in turn."""
    if request.param == "sqlite":
        return new_sqlite(tmp_path)
    running = request.getfixturevalue("postgres_cluster")
    if running is None:
        pytest.skip("no PostgreSQL server binaries on this machine; stories were played on SQLite only")
    return running.new_database()


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
