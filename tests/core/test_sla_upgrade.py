"""A house whose promises are older than its clocks is upgraded: due times stay, and nobody hears anything twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.schema import upgrade
from core.database import Database
from core.promise.clock import SlaClock
from core.promise.model import Promise
from tests.core.before import at, database_at, insert

START = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path) -> Iterator[Database]:  # type: ignore[no-untyped-def]
    """An empty database with the schema before the clocks."""
    database = database_at("0007", request, tmp_path)
    yield database
    database.close()


def old_promise(
    database: Database, percent: int, *, kind: str = "sla_solved", start: datetime = START, status: str
) -> None:
    due = start + timedelta(hours=8) * percent / 100
    insert(
        database,
        "promises",
        key=f"{kind}:2611230001:1:normal:{start.isoformat()}:{percent}",
        kind=kind,
        ticket_id=1,
        due_at=at(database, due),
        status=status,
        late=False,
        attempt=0,
        payload=f'{{"percent": {percent}}}',
        ended_at=at(database, due) if status != "pending" else None,
    )


def test_old_promises_become_clocks(old: Database) -> None:
    moment = at(old, START)
    insert(old, "customers", id=1, language="zh", created_at=moment)
    ticket = {"id": 1, "number": "2611230001", "kind": "repair", "state": "accepted", "severity": "normal"}
    ticket |= {"flagged": False, "customer_id": 1, "warranty": "unknown", "opened_via": "webchat", "round": 1}
    blank = {"warranty_reason": "{}", "outlet_reason": "{}", "opened_at": moment}
    insert(old, "tickets", **ticket, **blank)
    for percent in (50, 80, 100):
        old_promise(old, percent, kind="sla_reply", status="cancelled")
        old_promise(old, percent, start=START - timedelta(hours=1), status="cancelled")
        old_promise(old, percent, status="done" if percent == 50 else "pending")
    upgrade(old)
    with old.session() as session:
        clock = session.scalars(select(SlaClock)).one()
        assert (clock.clock, clock.started_at, clock.minutes, clock.mode) == (
            "solved",
            START,
            480,
            "calendar",
        )
        assert clock.due_at == START + timedelta(hours=8)
        assert clock.marked(50) and not clock.marked(80) and not clock.marked(100)
        pending = session.scalars(select(Promise).where(Promise.status == "pending")).all()
        assert {row.payload["round"] for row in pending} == {1} and len(pending) == 2


def test_a_house_without_tickets_is_upgraded(old: Database) -> None:
    upgrade(old)
    with old.session() as session:
        assert session.scalars(select(SlaClock)).all() == []
