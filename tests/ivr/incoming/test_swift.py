"""A step about the menu asks no thread and no ORM; whatever is out of the ordinary goes the long way with the same answer."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, select, text, update

from app.wiring import Frontdoor
from core.call.model import Call
from ivr import memory
from tests.engines import Cluster
from tests.ivr.incoming.line import Caller
from tests.waiting import PATIENCE

Calls = Callable[..., Caller]


@pytest.fixture
def database_url(postgres_cluster: Cluster) -> Iterator[str]:
    """On SQLite nothing is remembered: its steps are all taken the long way."""
    with postgres_cluster.database() as url:
        yield url


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """One event loop for all requests, as in a server."""
    client = TestClient(app)
    with start_blocking_portal() as client.portal:
        yield client


@contextmanager
def long_ways(front: Frontdoor) -> Iterator[list[str]]:
    """Statements about calls that went through SQLAlchemy."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]
        if "calls" in statement:
            seen.append(statement)

    for engine in front.house.database.engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in front.house.database.engines:
        event.remove(engine, "before_cursor_execute", note)


def row(front: Frontdoor) -> Call:
    with front.house.database.reading() as session:
        return session.scalars(select(Call)).one()


def refreshed(front: Frontdoor, caller: Caller) -> Caller:
    """Long before the next look at the version rows, so that no step of the test falls on it, however slow."""
    front.house.book.policy("voice"), front.phone.menus.of("zh")
    front.house.book._checked = front.phone.menus._checked = time.monotonic() + PATIENCE
    return caller


def test_menu_steps_take_the_short_way_and_are_stored(call: Calls, front: Frontdoor) -> None:
    caller = refreshed(front, call())
    with long_ways(front) as statements:
        heard = [caller.press(key) for key in ("4", "*", "4", "7")]
    assert statements == []
    assert "保修" in heard[0] and heard[0] == heard[2] and heard[1] != heard[0]
    kept = row(front)
    assert (kept.step, kept.document) == (5, caller.text)


def test_dead_connections_cost_the_long_way_once(call: Calls, front: Frontdoor) -> None:
    caller = refreshed(front, call())
    first = caller.press("4")
    with front.house.database.session() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND query LIKE 'UPDATE calls%'"
            )
        )
    refreshed(front, caller)
    with long_ways(front) as statements:
        caller.press("*")
        assert statements
        assert caller.press("4") == first
    assert row(front).step == 4


def test_what_changed_meanwhile_is_seen(call: Calls, front: Frontdoor) -> None:
    """Another process took the step that we think is next: ours has no effect and gets the document there is."""
    caller = refreshed(front, call())
    caller.press("4")
    with front.house.database.session() as session:
        session.execute(update(Call).values(changes=Call.changes + 1, step=3, document="<Response/>"))
        session.commit()
    caller.press("*")
    assert caller.text == "<Response/>"


def test_when_all_connections_are_busy_the_long_way_is_gone(
    call: Calls, front: Frontdoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "CONNECTIONS", 0)
    caller = refreshed(front, call())
    with long_ways(front) as statements:
        assert "保修" in caller.press("4")
    assert statements and row(front).step == 2


@pytest.mark.anyio
async def test_an_answer_that_fails_closes_its_connection(database_url: str) -> None:
    connections = memory.Connections(database_url)
    with pytest.raises(psycopg.errors.DivisionByZero):
        async with connections.one() as broken:
            await broken.execute("SELECT 1/0")
    async with connections.one() as fresh:
        assert fresh is not broken and broken.closed
        held = fresh
    async with connections.one() as again:
        assert again is held
    connections.close()
