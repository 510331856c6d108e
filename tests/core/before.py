"""A house that is older than today's schema."""

from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from app.schema import config
from core.database import Database
from tests.engines import Cluster


def database_at(revision: str, request: pytest.FixtureRequest, folder: Path) -> Database:
    """An empty database of the engine ``request.param`` names, with the schema as it was then."""
    url = f"sqlite:///{folder / 'old.db'}"
    if request.param == "postgresql":
        cluster: Cluster | None = request.getfixturevalue("postgres_cluster")
        if cluster is None:
            pytest.skip("no PostgreSQL server binaries on this machine")
        url = cluster.new_database()
        with Database(url).engine.connect() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
            connection.commit()
    database, settings = Database(url), config()
    with database.engine.connect() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)
        connection.commit()
    return database


def insert(database: Database, table: str, **row: object) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    with database.engine.connect() as connection:
        values = ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
        connection.commit()


def at(database: Database, moment: datetime) -> object:
    """A moment as the engine keeps it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if database.is_sqlite else moment


def held_session(database: Database, number: int, moment: datetime) -> None:
    """A session that is over, of a course of its own."""
    when = at(database, moment)
    insert(database, "courses", id=1, title="教学屏", category="display", active=True, created_at=when)
    session = {
        "id": number,
        "course_id": 1,
        "code": "PX1234",
        "state": "held",
        "starts_at": when,
        "ends_at": when,
    }
    session |= {"lessons": 2, "lesson_minutes": 70, "break_minutes": 20, "seats": 30, "place": "三楼"}
    insert(database, "training_sessions", **session, category="display", revision=0, created_at=when)
