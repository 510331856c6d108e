"""The migrations build exactly what the models say, on both engines, and times keep their zone."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, inspect, select

from app.schema import is_current, upgrade
from core.database import Database
from core.house import House
from core.knowledge.model import Wording
from core.promise.model import Promise, promise
from core.schema import metadata
from core.service.model import Outlet


def test_migrations_equal_models(house: House) -> None:
    with house.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_every_index_of_the_models_is_in_the_database(house: House) -> None:
    """compare_metadata leaves partial indexes out where it cannot read their condition."""
    found = inspect(house.database.engine)
    for table in metadata.tables.values():
        names = {index["name"] for index in found.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= names, table.name


def test_upgrading_twice_changes_nothing(house: House) -> None:
    def counted() -> list[int | None]:
        with house.database.reading() as session:
            return [session.scalar(select(func.count()).select_from(model)) for model in (Outlet, Wording)]

    before = counted()
    upgrade(house.database)
    assert counted() == before and is_current(house.database)


def test_an_empty_database_is_told_from_a_current_one(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert not is_current(database)
    upgrade(database)
    assert is_current(database)
    database.close()


def test_times_come_back_aware_and_in_order(house: House) -> None:
    noon = datetime(2026, 11, 23, 12, 0, 0, 1, tzinfo=UTC)
    same = noon.astimezone(timezone(timedelta(hours=8)))
    with house.database.session() as session:
        promise(
            session,
            *({"key": f"{n}", "kind": "x", "due_at": t} for n, t in enumerate((same, noon + timedelta(1)))),
        )
        session.commit()
        found = session.scalars(select(Promise.due_at).where(Promise.due_at <= noon)).all()
    assert found == [noon] and found[0].tzinfo is not None


def test_a_naive_time_is_refused(house: House) -> None:
    with house.database.session() as session, pytest.raises(Exception, match="naive datetime"):
        session.scalars(select(Promise).where(Promise.due_at <= datetime(2026, 11, 23))).all()
