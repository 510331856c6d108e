"""The clock buttons of /try: each moves business time as far as it says, and promises are kept on the way."""

import re
import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.house import House
from core.promise.model import Promise
from core.promise.sweep import next_due
from scheduler import demo
from scheduler.clock import sweep_due
from tests.channels.desk import Desk, running
from tests.play import Story

REAL = timedelta(seconds=20)  # so long may the clicks themselves take


def click(desk: Desk, button: str) -> tuple[datetime, datetime, list[dict[str, str]]]:
    """Business time before and after, and what happened on the way."""
    before = datetime.fromisoformat(desk.client.get("/try/state").json()["now"])
    answer = desk.client.post("/try/clock", json={"advance": button})
    assert answer.status_code == 200, answer.text
    passed = answer.json()
    return before, datetime.fromisoformat(passed["now"]), passed["fired"]


def test_an_hour_a_day_and_to_the_next_promise(database_url: str) -> None:
    with running(database_url) as desk:
        buttons = re.findall(r'data-advance="(\w+)"', desk.client.get("/try").text)
        assert buttons == ["1h", "1d", "next"]
        desk.post("visitor-0001", "m1", "洗衣机漏电了，13800138000，成都市武侯区天府大道1号")
        desk.quiet()
        before, hour, fired = click(desk, "1h")
        assert timedelta(hours=1) <= hour - before < timedelta(hours=1) + REAL
        before, day, _ = click(desk, "1d")
        assert timedelta(days=1) <= day - before < timedelta(days=1) + REAL
        desk.post("visitor-0002", "m2", "冰箱冒烟了，13800138001，成都市武侯区天府大道1号")
        desk.quiet()
        with desk.front.house.database.reading() as session:
            due = next_due(session)
        assert due is not None and due > day
        _, there, _ = click(desk, "next")
        assert due - timedelta(seconds=1) <= there < due + REAL
        kept = desk.rows(Promise, Promise.status == "done")
        assert fired and {row.kind for row in kept} >= {"sla_reply"}
        for row in kept:
            assert row.ended_at is not None
            assert timedelta(0) <= row.ended_at - row.due_at < REAL, (row.key, row.due_at, row.ended_at)


def test_a_span_that_makes_no_sense_moves_nothing(sqlite_url: str) -> None:
    with running(sqlite_url) as desk:
        for span in ("-1h", "0h", "tomorrow", "9999d"):
            assert desk.client.post("/try/clock", json={"advance": span}).status_code == 409
        assert (
            desk.client.post("/try/clock", json={"advance": "next"}).status_code == 409
        )  # nothing is promised


def test_what_another_clock_keeps_first_is_kept_at_its_own_time_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ticking clock is quicker than the button, every time: still nothing is left for the end."""

    def too_late(house: House) -> int:
        sweep_due(house)
        return 0

    monkeypatch.setattr(demo, "sweep_due", too_late)
    Story(house).says("冰箱冒烟了，13800138001，成都市武侯区天府大道1号")
    demo.advance(house, "48h")
    kept = done(house)
    assert len({row.due_at for row in kept}) > 2
    for row in kept:
        assert row.ended_at is not None
        assert row.ended_at - row.due_at < REAL, (row.key, row.due_at, row.ended_at)


def test_a_promise_in_other_hands_is_waited_for(house: House) -> None:
    held, go = threading.Event(), threading.Event()
    Story(house).says("冰箱冒烟了，13800138001，成都市武侯区天府大道1号")

    def hold() -> None:
        with house.database.session() as session:
            first = select(Promise).where(Promise.status == "pending").order_by(Promise.due_at).limit(1)
            session.scalars(first.with_for_update()).one()
            held.set()
            go.wait(5)
            session.rollback()

    other = threading.Thread(target=hold)
    other.start()
    held.wait()
    threading.Timer(0.5, go.set).start()
    demo.advance(house, "next")
    other.join()
    assert len(done(house)) == 1


def done(house: House) -> list[Promise]:
    with house.database.reading() as session:
        return list(session.scalars(select(Promise).where(Promise.status == "done")))
