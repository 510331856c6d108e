"""Who goes on a round is told of it: once of the plan, and of each visit that changes for them."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import House
from core.messaging.outbox import OutboxMessage
from core.rounds.choose import BadRound, Place
from core.rounds.model import Round, RoundVisit
from core.rounds.plan import RoundPlan, call_off_visit, end_round, locked_visit, move_visit, plan_round
from core.staff.model import Staff

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
PLACES = [Place("第一中学", "+8613800138001", "武侯区88号"), *(Place(f"第{n}中学") for n in "二三四")]


@pytest.fixture
def visits(house: House) -> list[RoundVisit]:
    """Four places for 李工 and 张工 in turn, planned by 赵经理."""
    at = house.clock.now()
    with house.database.session() as session:
        for name in ("李工", "张工", "赵经理"):
            if not session.scalar(select(Staff).where(Staff.name == name)):
                session.add(Staff(name=name, role="technician", created_at=at))
        session.flush()
        plan = RoundPlan("教学屏巡检", "checked", PLACES, MONDAY, FRIDAY, goes=("李工", "张工"))
        plan_round(session, house, plan, by="赵经理", at=at)
        session.commit()
        return list(session.scalars(select(RoundVisit).order_by(RoundVisit.id)))


def told(house: House, after: int = 0) -> list[tuple[str, str]]:
    """(whom, words) of the pushes about rounds behind the first ``after``."""
    with house.database.reading() as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        about = [row for row in rows if str(row.extra.get("wording")).startswith("push.round")]
        return [(row.extra["to"], row.text) for row in about][after:]


def changes(house: House, visit: RoundVisit, change: Callable[[Session, RoundVisit, datetime], None]) -> None:
    with house.database.session() as session:
        held = locked_visit(session, visit.id)
        assert held is not None
        change(session, held, house.clock.now())
        session.commit()


def moves(house: House, visit: RoundVisit, day: date, goes: str | None, by: str = "赵经理") -> None:
    changes(house, visit, lambda s, v, at: move_visit(s, house, v, day, goes, by=by, at=at))


def test_a_plan_is_one_push_to_each_who_goes(house: House, visits: list[RoundVisit]) -> None:
    pushes = dict(told(house))
    assert set(pushes) == {"李工", "张工"} and len(told(house)) == 2
    assert "2 处" in pushes["李工"] and "2026-11-23 第一中学（武侯区88号）" in pushes["李工"]
    assert f"/console/rounds/{visits[0].round_id}" in pushes["李工"]


def test_another_day_and_another_person_are_told_to_whom_they_concern(
    house: House, visits: list[RoundVisit]
) -> None:
    moves(house, visits[0], FRIDAY, "李工")
    ((whom, words),) = told(house, 2)
    assert whom == "李工" and "由 2026-11-23 改到 2026-11-27" in words and "武侯区88号" in words
    assert f"/console/rounds/visits/{visits[0].id}" in words
    moves(house, visits[0], FRIDAY, "张工")
    assert [(who, text[:6]) for who, text in told(house, 3)] == [
        ("李工", "【巡检取消】"),
        ("张工", "【巡检】教学"),
    ]
    moves(house, visits[0], FRIDAY, "李工")
    assert [who for who, _ in told(house, 5)] == ["张工", "李工"], "given back, it is told again"


def test_nothing_new_and_what_one_did_oneself_is_not_told(house: House, visits: list[RoundVisit]) -> None:
    moves(house, visits[0], visits[0].day, "李工")
    moves(house, visits[0], FRIDAY, "李工", by="李工")
    moves(house, visits[1], FRIDAY, None, by="张工")
    assert told(house, 2) == []


def test_a_visit_called_off_is_told_and_the_last_one_ends_the_round(
    house: House, visits: list[RoundVisit]
) -> None:
    for visit in visits:
        changes(house, visit, lambda s, v, at: call_off_visit(s, house, v, by="赵经理", at=at))
    assert [who for who, text in told(house, 2) if "您不用去了" in text] == ["李工", "张工", "李工", "张工"]
    with house.database.reading() as session:
        assert session.get_one(Round, visits[0].round_id).state == "ended"
    with pytest.raises(BadRound, match="over"):
        changes(house, visits[0], lambda s, v, at: call_off_visit(s, house, v, by="赵经理", at=at))


def test_a_round_called_off_is_one_push_to_each(house: House, visits: list[RoundVisit]) -> None:
    changes(house, visits[0], lambda s, v, at: end_round(s, house, v.round, cancelled=True, by="李工", at=at))
    ((whom, words),) = told(house, 2)
    assert whom == "张工" and "2 处不用去了" in words
