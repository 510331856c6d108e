"""A house that has pictures of sessions and of visits keeps them, each with its own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from app.schema import upgrade
from core.database import Database
from core.media.album import Photo
from tests.core.before import at, database_at, held_session, insert

START = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The schema with one table for each."""
    database = database_at("0019", request, tmp_path)
    yield database
    database.close()


def _held(old: Database) -> None:
    """A session and a visit, numbered alike."""
    moment = at(old, START)
    held_session(old, 7, START)
    days = {"first_day": "2026-11-23", "last_day": "2026-11-23"} if old.is_sqlite else {}
    days = days or {"first_day": START.date(), "last_day": START.date()}
    insert(
        old,
        "rounds",
        id=1,
        title="巡检",
        kind="full",
        whole=1,
        state="going",
        by="赵经理",
        created_at=moment,
        **days,
    )
    insert(old, "round_visits", id=7, round_id=1, name="第一中学", day=days["first_day"], state="planned")


def test_pictures_of_both_are_kept(old: Database) -> None:
    _held(old)
    rest = {"mime": "image/jpeg", "by": "李工", "created_at": at(old, START)}
    for path in ("a.jpg", "b.jpg"):
        insert(old, "training_photos", session_id=7, path=path, **rest)
        insert(old, "round_photos", visit_id=7, path=f"v{path}", **rest)
    upgrade(old)
    with old.session() as session_now:
        rows = session_now.scalars(select(Photo).order_by(Photo.id)).all()
        assert [(row.session_id, row.visit_id, row.path, row.by) for row in rows] == [
            (7, None, "a.jpg", "李工"),
            (7, None, "b.jpg", "李工"),
            (None, 7, "va.jpg", "李工"),
            (None, 7, "vb.jpg", "李工"),
        ]
        assert rows[0].created_at == START
        session_now.add(Photo(session_id=7, path="c.jpg", mime="image/jpeg", by="李工", created_at=START))
        session_now.commit()
    assert not {"training_photos", "round_photos"} & set(inspect(old.engine).get_table_names())
