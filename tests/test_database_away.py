"""The database locked, the database restarted mid-turn, the model server hanging: nothing acknowledged is lost."""

import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from core.dialogue.turn import take_turn
from core.messaging.audit import audit
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.messaging.post import Bell, Pump
from core.ticket.model import Ticket
from nlu.client import NluClient
from tests.channels.desk import Desk, running, until
from tests.engines import Cluster
from tests.play import Story

VISITOR = "visitor-0001"


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else writes, and takes their time."""
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def answered(desk: Desk) -> bool:
    replies = [row.reply_to for row in desk.rows(OutboxMessage, OutboxMessage.reply_to.is_not(None))]
    assert len(replies) == len(set(replies))
    return replies == [row.id for row in desk.rows(InboxMessage)]


def conserved(desk: Desk) -> None:
    with desk.front.house.database.reading() as session:
        report = audit(session, now=desk.front.house.clock.now())
    assert report["ok"], report["violations"]


def test_a_lock_is_waited_for(sqlite_url: str) -> None:
    with running(sqlite_url) as desk:
        with locked(sqlite_url):
            answers: list[int] = []
            post = threading.Thread(
                target=lambda: answers.append(desk.post(VISITOR, "m1", "转人工").status_code)
            )
            post.start()
            post.join(timeout=2)
            assert answers == []  # not stored yet, so not acknowledged yet
        post.join()
        assert answers == [202]
        desk.quiet()
        assert answered(desk)
        conserved(desk)


def test_a_lock_that_lasts_is_told_and_loses_nothing(sqlite_url: str) -> None:
    with running(sqlite_url) as desk:
        engine = desk.front.house.database.engine
        event.listen(engine, "checkout", lambda raw, *_: raw.execute("PRAGMA busy_timeout=100"))
        until(lambda: desk.post(VISITOR, "m1", "转人工").status_code == 202)
        desk.quiet()
        with locked(sqlite_url):
            refused = desk.post(VISITOR, "m2", "13800138000")
            assert refused.status_code == 503 and int(refused.headers["Retry-After"]) > 0
        # A tenth of a second is soon over: our own workers write, too.
        until(lambda: desk.post(VISITOR, "m2", "13800138000").status_code == 202)
        desk.quiet()
        assert len(desk.rows(InboxMessage)) == 2 and answered(desk)
        conserved(desk)


def test_postgresql_restarted_under_the_running_app(postgres_cluster: Cluster | None) -> None:
    if postgres_cluster is None:
        pytest.skip("no PostgreSQL server binaries on this machine; nothing to restart")
    with running(postgres_cluster.new_database()) as desk:
        assert desk.post(VISITOR, "m1", "洗衣机漏电了").status_code == 202
        desk.quiet()
        postgres_cluster.stop()
        try:
            refused = desk.post(VISITOR, "m2", "13800138000")
            assert refused.status_code == 503 and int(refused.headers["Retry-After"]) > 0
        finally:
            postgres_cluster.start()
        until(lambda: desk.post(VISITOR, "m2", "13800138000").status_code == 202)
        desk.quiet()
        assert len(desk.rows(Ticket)) == 1 and answered(desk)
        conserved(desk)


def test_postgresql_restarted_in_the_middle_of_a_turn(postgres_cluster: Cluster | None) -> None:
    if postgres_cluster is None:
        pytest.skip("no PostgreSQL server binaries on this machine; nothing to restart")
    from tests.conftest import house_on

    house = house_on(postgres_cluster.new_database())
    understand, restarts = NluClient(None).parse, iter([True])

    def understood_after_a_restart(text: str):  # type: ignore[no-untyped-def]
        if next(restarts, False):
            postgres_cluster.stop()
            threading.Timer(1.0, postgres_cluster.start).start()
        return understand(text)

    story = Story(house, understood_after_a_restart)
    story.arrive("王女士", "洗衣机漏电了")
    pump = Pump(
        house.database,
        InboxMessage,
        lambda row: take_turn(house, row, story.understand),
        owner="test",
        slots=1,
        lease_seconds=600,
        bell=Bell(),
        durable=False,
    )
    pump.start()
    until(lambda: _said(story))
    pump.stop()
    assert len(story.tickets()) == 1
    story.work()
    assert "安全第一" in story.heard()
    story.conserved()
    house.database.close()


def _said(story: Story) -> int:
    from sqlalchemy import func, select
    from sqlalchemy.exc import DBAPIError

    try:
        with story.house.database.reading() as session:
            return session.scalar(select(func.count()).where(OutboxMessage.reply_to.is_not(None))) or 0
    except DBAPIError:
        return 0


@contextmanager
def a_server_that_never_answers() -> Iterator[tuple[str, list[socket.socket]]]:
    visits: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    visits.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", visits
        server.shutdown(socket.SHUT_RDWR)


def test_a_hanging_model_server_costs_three_messages_a_second_and_no_ticket(story: Story) -> None:
    """It never answers at all, so that this test ends is the proof that nobody waits for it."""
    with a_server_that_never_answers() as (url, visits):
        client = NluClient(url, timeout=0.5)
        story.understand = client.parse
        story.play(
            """
            客：格力空调不制热，直接报修
            答：型号
            客：跳过
            客：去年5月买的
            客：我叫王芳，电话13800138000，住成都市武侯区天府大道1号
            答：请您核对
            客：1
            答：工单号
            """
        )
        assert (
            len(story.tickets()) == 1 and len(visits) == 3
        )  # then the breaker spares the customers the wait
        assert client.state()["state"] == "keywords"
        client.close()
