"""Who waits, who moves up and what they hear of it; lists beside people who register; moved into the past, told at night."""

import io
import threading
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from core.customer.model import Customer
from core.promise.model import Promise
from core.training.lists import Listed, import_list
from core.training.model import Enrolment, TrainingSession
from core.training.news import keep_training_reminder
from core.training.schedule import BadSession
from core.training.seats import Trainee, enrol
from tests.training.conftest import School
from tests.training.test_after import promised
from tests.training.test_late_and_moved import again, moves

WU, HE, LIU = ("吴敏", "13800138001"), ("何军", "13800138002"), ("刘洋", "13800138003")


def sheet(*rows: tuple[str, str]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in (("姓名", "电话"), *rows):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def listed(school: School, training: TrainingSession, *rows: tuple[str, str]) -> Listed:
    with school.house.database.session() as session:
        at = school.house.clock.now()
        return import_list(
            session, school.house, training_id=training.id, content=sheet(*rows), at=at, dry=False
        )


def test_who_comes_back_stands_at_the_end_of_the_line(school: School) -> None:
    training = school.plans(seats=1)
    for who, person in zip("abc", (WU, HE, LIU), strict=True):
        school.registers(training, who, *person)
    school.says("取消报名", who="b")
    school.says(training.code, who="b")
    assert "候补第 2 位" in school.says("跳过", who="b")
    school.says("取消报名", who="a")
    assert school.states(training) == ["吴敏 cancelled", "刘洋 registered", "何军 waiting"]


def test_who_moves_up_is_reminded_too(school: School) -> None:
    training = school.plans(days=3, hour=9, seats=1)
    school.registers(training, "a", *WU)
    school.registers(training, "b", *HE)
    school.says("取消报名", who="a")
    school.passes("57h")  # 19:00 of the day before
    assert "提醒您明天的培训" in school.heard("b") and "提醒您明天的培训" not in school.all_heard("a")


def test_nobody_moves_up_into_a_lesson_that_has_begun(school: School) -> None:
    training = school.plans(days=1, hour=11, seats=1)
    school.registers(training, "a", *WU)
    school.registers(training, "b", *HE)
    school.passes("1530m")
    assert "已取消报名" in school.says("取消报名", who="a")
    school.passes("5m")
    assert school.states(training) == ["吴敏 cancelled", "何军 waiting"]
    assert "有空位了" not in school.all_heard("b")


def test_moved_at_night_it_is_told_in_the_morning(school: School) -> None:
    training = school.plans(days=3)
    school.registers(training, "wu", *WU)
    school.passes("810m")  # half past eleven
    moves(school, training, timedelta(days=1))
    school.passes("5m")
    assert "有变动，现在是" not in school.all_heard("wu")
    school.passes("10h")
    assert school.all_heard("wu").count("有变动，现在是") == 1


def test_a_session_is_not_moved_into_the_past(school: School) -> None:
    """At ten it cannot begin at half past nine, though it would not be over yet."""
    training = school.plans(days=0, hour=11)
    school.registers(training, "wu", *WU)
    with pytest.raises(BadSession, match="past"):
        moves(school, training, -timedelta(minutes=90))
    assert again(school, training).revision == 0


def test_a_reminder_that_is_kept_too_late_is_not_said(school: School) -> None:
    training = school.plans(days=1, hour=11)
    school.registers(training, "wu", *WU)
    number = promised(school, "training_reminder")[-1].id
    with school.house.database.session() as session:
        row = session.get_one(Promise, number)
        late = training.starts_at + timedelta(minutes=1)
        assert keep_training_reminder(session, school.house, row, late) is None
        assert row.status == "cancelled"


def test_of_a_list_only_who_has_a_seat_is_told_so(school: School) -> None:
    training = school.plans(seats=2)
    done = listed(school, training, WU, HE, LIU)
    assert (done.registered, done.waiting) == (2, 1)
    told = [row.payload["wording"] for row in promised(school, "training_news")]
    assert told == ["training.listed"] * 2 + ["training.not_reached"]  # the third, should they wait in vain


@pytest.mark.parametrize("proved", [True, False])
def test_a_name_on_a_list_is_of_who_proved_the_number_and_of_nobody_who_only_told_it(
    school: School, proved: bool
) -> None:
    training, at = school.plans(), school.house.clock.now()
    with school.house.database.session() as session:
        who = Customer(name="张三", phone="+8613800138001", created_at=at)
        who.phone_verified_at = at if proved else None
        session.add(who)
        session.commit()
        number = who.id
    listed(school, training, WU)
    with school.house.database.reading() as session:
        assert session.scalars(select(Enrolment.customer_id)).one() == (number if proved else None)


def test_a_list_is_read_while_people_register(school: School) -> None:
    """Nobody is lost, nobody has two places, and not one seat more is given than there are."""
    training, at, wrong = school.plans(seats=12), school.house.clock.now(), list[Any]()
    rows = [(f"学员{n}", f"138001390{n:02}") for n in range(20)]
    together = threading.Barrier(4)

    def registers(n: int) -> None:
        together.wait()
        try:
            with school.house.database.session() as session:
                mine = session.get_one(TrainingSession, training.id)
                enrol(
                    session, school.house, mine, Trainee(rows[n][0], f"+86{rows[n][1]}"), via="webchat", at=at
                )
                session.commit()
        except Exception as error:
            wrong.append(error)

    def reads() -> None:
        together.wait()
        listed(school, training, *rows)

    threads = [threading.Thread(target=registers, args=(n,)) for n in (3, 11, 19)]
    threads.append(threading.Thread(target=reads))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = [line.split()[1] for line in school.states(training)]
    assert not wrong and (states.count("registered"), states.count("waiting")) == (12, 8)
