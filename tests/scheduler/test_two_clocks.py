"""Two clocks: one is elected, the other waits for its place; even both at once keep each promise once."""

import threading
from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from core.election import Election
from core.house import House
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise, promise
from core.promise.sweep import sweep
from scheduler.clock import ClockWork
from scheduler.handlers import HANDLERS
from tests.channels.desk import at_once, until
from tests.conftest import house_on
from tests.play import Story

EMERGENCY = "洗衣机漏电了，13800138000，成都市武侯区天府大道1号"


def test_one_is_elected_and_the_other_follows_when_it_resigns(house: House) -> None:
    first, second = Election(house.database), Election(house.database)
    assert first.won() and first.won()
    assert not second.won()
    first.resign()
    until(second.won)  # PostgreSQL takes a moment to notice that the connection is gone
    assert not first.won()
    second.resign()


def test_both_sweeping_at_once_keep_each_promise_once(house: House) -> None:
    kept: Counter[str] = Counter()
    lock = threading.Lock()

    def keep(_session: object, _house: object, row: Promise, _now: object) -> None:
        with lock:
            kept[row.key] += 1

    now = house.clock.now()
    with house.database.session() as session:
        promise(session, *({"key": f"p{n}", "kind": "test", "due_at": now} for n in range(60)))
        session.commit()
    other = house_on(house.database.url)
    later = now + timedelta(minutes=1)
    at_once(*[lambda h=h: sweep(h, {"test": keep}, now=later) for h in (house, other, house, other)])
    other.database.close()
    assert len(kept) == 60 and set(kept.values()) == {1}


def test_two_running_clocks_warn_and_survey_once(house: House) -> None:
    story, other = Story(house), house_on(house.database.url)
    story.says(EMERGENCY)
    story.staff("done", story.tickets()[0]["number"])
    story.says("冰箱冒烟了", who="张先生")
    for one in (house, other):
        one.clock.move_to(house.clock.now() + timedelta(hours=24))
    clocks = [ClockWork(house), ClockWork(other)]
    for clock in clocks:
        clock.start()
    until(lambda: not _due(house))
    for clock in clocks:
        clock.stop()
    other.database.close()
    with house.database.reading() as session:
        keys = session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.is_not(None))).all()
    assert len(keys) == len(set(keys))
    assert sum(key.startswith(("survey:", "follow_up:")) for key in keys) == 1
    story.conserved()


def _due(house: House) -> int:
    with house.database.reading() as session:
        query = select(Promise).where(Promise.status == "pending", Promise.due_at <= house.clock.now())
        return len(session.scalars(query).all())


def test_a_broken_promise_is_put_off_and_holds_up_nobody(house: House) -> None:
    now = house.clock.now()

    def broken(*_: object) -> None:
        raise RuntimeError("as it happens")

    with house.database.session() as session:
        rows = ({"key": kind, "kind": kind, "due_at": now} for kind in ("broken", "unheard_of", "fine"))
        promise(session, *rows)
        session.commit()
    sweep(house, {"broken": broken, "fine": lambda *_: None}, now=now)
    with house.database.reading() as session:
        by_key = {row.key: row for row in session.scalars(select(Promise))}
    assert by_key["fine"].status == "done"
    assert by_key["broken"].status == "pending" and by_key["broken"].due_at > now
    assert "as it happens" in (by_key["broken"].reason or "")
    assert by_key["unheard_of"].status == "pending" and "unheard_of" in (by_key["unheard_of"].reason or "")
    assert set(HANDLERS) >= {"follow_up", "survey", "sla_reply", "sla_solved"}
