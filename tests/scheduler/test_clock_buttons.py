"""The clock buttons of /try: each moves business time as far as it says, and promises are kept on the way."""

import re
from datetime import datetime, timedelta

from core.promise.model import Promise
from core.promise.sweep import next_due
from tests.channels.desk import Desk, running

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
