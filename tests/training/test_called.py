"""Trainees from a list who never wrote to us: called by a person where no machine can."""

import io
from typing import Any

from openpyxl import Workbook
from sqlalchemy import select

from core.care.model import CallTask
from core.care.outcome import Result, settle
from core.customer.model import Customer
from core.promise.model import Promise
from core.training.lists import import_list
from core.training.model import Enrolment, TrainingSession
from core.training.schedule import cancel_session, locked
from core.training.seats import withdraw
from tests.training.conftest import School

WU, HE, LIU = "+8613800138001", "+8613800138002", "+8613800138003"


def imports(school: School, training: TrainingSession, *rows: tuple[str, str]) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (("姓名", "手机"), *rows):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    with school.house.database.session() as session:
        import_list(
            session, school.house, training_id=training.id, content=buffer.getvalue(),
            at=school.house.clock.now(), dry=False,
        )  # fmt: skip


def tasks(school: School, state: str = "open") -> list[CallTask]:
    with school.house.database.reading() as session:
        mine = select(CallTask).where(CallTask.purpose == "training_news", CallTask.state == state)
        return list(session.scalars(mine.order_by(CallTask.id)))


def desk_heard(school: School) -> list[str]:
    return [
        m.text for m in school.recorders["console"].sent if "待打电话" in m.text and "培训" not in m.text[:5]
    ]


def listed(school: School, **more: Any) -> TrainingSession:
    training = school.plans(**more)
    imports(school, training, ("吴敏", "13800138001"), ("何军", "13800138002"))
    school.passes("1m")
    return training


def test_a_list_of_strangers_is_a_list_of_calls_and_one_push(school: School) -> None:
    training = listed(school)
    rows = tasks(school)
    assert [(row.phone, row.customer.name) for row in rows] == [(WU, "吴敏"), (HE, "何军")]
    assert (
        "请问是吴敏吗" in rows[0].text and "三楼多媒体教室" in rows[0].text and training.code in rows[0].text
    )
    assert "no telephone provider" in rows[0].why
    assert len(desk_heard(school)) == 1
    with school.house.database.reading() as session:  # a number on a list proves nothing
        assert session.scalars(select(Enrolment.customer_id)).all() == [None, None]
        assert session.scalars(select(Customer.phone_verified_at)).all() == [None, None]


def test_the_day_before_takes_the_place_of_what_nobody_has_called_about_yet(school: School) -> None:
    training = listed(school)
    with school.house.database.session() as session:
        settled = settle(
            session, school.house, tasks(school)[0].id, Result("told", "周客服", school.house.clock.now())
        )
        assert settled is not None and settled.state == "done"
        session.commit()
    school.passes("56h")
    waiting = tasks(school)
    assert [row.phone for row in waiting] == [WU, HE] and all("明天" in row.text for row in waiting)
    assert [row.outcome for row in tasks(school, "called_off")] == ["newer news"]
    school.passes("14h")
    assert len(tasks(school)) == 2, "nobody is called in the hour before"
    assert training.code in waiting[0].text


def test_a_session_called_off_is_told_and_a_seat_given_back_is_not(school: School) -> None:
    training = listed(school)
    at = school.house.clock.now()
    with school.house.database.session() as session:
        mine = locked(session, training.id)
        assert mine is not None
        he = session.scalars(select(Enrolment).where(Enrolment.phone == HE)).one()
        withdraw(session, school.house, mine, he, at=at)
        cancel_session(session, school.house, mine, at=at)
        session.commit()
    school.passes("5m")
    off = [row for row in tasks(school) if "取消了" in row.text]
    assert [row.phone for row in off] == [WU]


def test_who_waits_and_moves_up_is_called(school: School) -> None:
    training = listed(school)
    imports(school, training, ("刘洋", "13800138003"))
    with school.house.database.session() as session:
        mine = locked(session, training.id)
        assert mine is not None
        wu = session.scalars(select(Enrolment).where(Enrolment.phone == WU)).one()
        withdraw(session, school.house, mine, wu, at=school.house.clock.now())
        session.commit()
    school.passes("5m")
    (moved_up,) = [row for row in tasks(school) if row.phone == LIU]  # of the waiting list nobody was called
    assert "已为您补上" in moved_up.text


def test_who_proves_the_number_in_a_chat_keeps_the_seat_and_is_written_to(school: School) -> None:
    training = listed(school, seats=3)
    school.registers(training, "wu", "吴敏", "13800138001")
    assert school.states(training) == ["吴敏 registered", "何军 registered"]
    school.passes("56h")
    assert "明天的培训" in school.all_heard("wu")
    assert [row.phone for row in tasks(school) if "明天" in row.text] == [HE]
    with school.house.database.reading() as session:
        kept = session.scalars(
            select(Promise).where(Promise.kind == "training_reminder", Promise.status == "pending")
        )
        assert {row.payload["wording"] for row in kept} == {"training.remind_hour"}
