"""学员 register by poster, by code and from the list; the last seat, the waiting list, and who gives a seat back."""

import threading
from datetime import timedelta

from core.customer.model import Customer
from core.training.find import code_in
from core.training.model import Enrolment, TrainingSession
from core.training.schedule import Plan, cancel_session, change_session, locked
from core.training.seats import NoSeat, Trainee, enrol, withdraw
from tests.training.conftest import School

WU, HE, LIU = ("吴敏", "13800138001"), ("何军", "13800138002"), ("刘洋", "13800138003")


def test_a_code_typed_in_web_chat_asks_one_thing_at_a_time(school: School) -> None:
    training = school.plans()
    answer = school.says(f"报名 {training.code.lower()}", who="wu")
    assert "教学屏使用" in answer and "三楼多媒体教室" in answer and "怎么称呼" in answer
    assert "联系电话" in school.says("吴敏", who="wu")
    assert "单位" in school.says("13800138001", who="wu")
    answer = school.says("第一中学", who="wu")
    assert "报名成功" in answer and "取消报名" in answer
    assert "您已报名" in school.says(training.code, who="wu")
    assert school.states(training) == ["吴敏 registered"]
    school.conserved()


def test_the_poster_in_telegram_registers_and_knows_whom_we_know(school: School) -> None:
    first, second = school.plans(), school.plans(days=4, organisation="第一中学")
    assert "怎么称呼" in school.scans(first.poster_token, "he")
    school.says("何军", who="he", channel="telegram")
    school.says("13800138002", who="he", channel="telegram")
    assert "报名成功" in school.says("跳过", who="he", channel="telegram")
    assert "报名成功" in school.scans(second.poster_token, "he")  # nothing is missing: nothing is asked
    school.conserved()


def test_without_a_code_the_open_sessions_are_listed(school: School) -> None:
    open_one = school.plans()
    closed_one = school.plans(organisation="第二中学")
    answer = school.says("我要报名培训", who="wu")
    assert open_one.code in answer and closed_one.code not in answer
    assert "怎么称呼" in school.says("1", who="wu")


def test_sessions_of_one_hour_are_listed_in_the_order_they_were_planned(school: School) -> None:
    first, second = school.plans(), school.plans()
    with school.house.database.session() as session:  # a row that was written again lies last in PostgreSQL
        session.get_one(TrainingSession, first.id).place = "四楼"
        session.commit()
    listed = school.says("我要报名培训", who="wu")
    assert 0 < listed.index(first.code) < listed.index(second.code)


def test_the_digits_of_a_code_will_do_where_only_digits_can_be_keyed(school: School) -> None:
    training = school.plans()
    school.says("我要报名培训", who="wu")
    assert "怎么称呼" in school.says(training.code.removeprefix("PX"), who="wu")


def test_a_full_session_has_a_line_and_two_who_leave_let_two_in(school: School) -> None:
    training = school.plans(seats=2)
    for who, (name, phone) in zip("abcd", (WU, HE, LIU, ("马丽", "13800138004")), strict=True):
        answer = school.registers(training, who, name, phone)
    assert "候补第 2 位" in answer
    assert "已取消报名" in school.says("取消报名", who="a")
    assert "已取消报名" in school.says("我不来培训了", who="b")
    school.passes("1m")
    assert school.states(training)[2:] == ["刘洋 registered", "马丽 registered"]
    assert school.all_heard("c").count("有空位了") == 1 and school.all_heard("d").count("有空位了") == 1
    assert "没有找到" in school.says("取消报名", who="a")
    school.conserved()


def test_of_those_who_wait_the_first_moves_up_first(school: School) -> None:
    training = school.plans(seats=1)
    for who, (name, phone) in zip("abc", (WU, HE, LIU), strict=True):
        school.registers(training, who, name, phone)
    school.says("取消报名", who="a")
    assert school.states(training) == ["吴敏 cancelled", "何军 registered", "刘洋 waiting"]
    assert "候补第 1 位" in school.says(training.code, who="c")


def _customer(school: School) -> int:
    with school.house.database.session() as session:
        customer = Customer(created_at=school.house.clock.now())
        session.add(customer)
        session.commit()
        return customer.id


def test_the_last_seat_goes_to_exactly_one_of_two(school: School) -> None:
    training, at = school.plans(seats=1), school.house.clock.now()
    people = [Trainee(name, phone, None, _customer(school)) for name, phone in (WU, HE)]
    together = threading.Barrier(2)

    def takes(trainee: Trainee) -> None:
        together.wait()
        with school.house.database.session() as session:
            mine = session.get_one(TrainingSession, training.id)  # as a chat does: the lock is the seats' own
            enrol(session, school.house, mine, trainee, via="webchat", at=at)
            session.commit()

    threads = [threading.Thread(target=takes, args=(trainee,)) for trainee in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(line.split()[1] for line in school.states(training)) == ["registered", "waiting"]


def test_two_who_leave_at_the_same_moment_let_two_in(school: School) -> None:
    training, at = school.plans(seats=2), school.house.clock.now()
    with school.house.database.session() as session:
        mine = locked(session, training.id)
        assert mine is not None
        for name, phone in (WU, HE, LIU, ("马丽", "13800138004")):
            enrol(session, school.house, mine, Trainee(name, phone), via="import", at=at)
        session.commit()
        seated = session.query(Enrolment).filter(Enrolment.state == "registered").all()
        numbers = [row.id for row in seated]
    together = threading.Barrier(2)

    def leaves(number: int) -> None:
        together.wait()
        with school.house.database.session() as session:
            mine = locked(session, training.id)
            assert mine is not None
            withdraw(session, school.house, mine, session.get_one(Enrolment, number), at=at)
            session.commit()

    threads = [threading.Thread(target=leaves, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = [line.split()[1] for line in school.states(training)]
    assert states == ["cancelled", "cancelled", "registered", "registered"]


def test_a_name_from_a_list_belongs_to_who_tells_number_and_name(school: School) -> None:
    training, at = school.plans(), school.house.clock.now()
    with school.house.database.session() as session:
        mine = locked(session, training.id)
        assert mine is not None
        enrol(session, school.house, mine, Trainee("吴敏", "+8613800138001"), via="import", at=at)
        session.commit()
    assert "名单" in school.registers(training, "thief", "张三", "13800138001")
    assert "报名成功" in school.registers(training, "wu", *WU)
    assert school.states(training) == ["吴敏 registered"]


def test_reminders_come_the_day_before_and_an_hour_before_and_not_after_cancelling(school: School) -> None:
    training = school.plans(days=3, hour=9)
    school.registers(training, "wu", *WU)
    school.registers(training, "he", *HE)
    school.says("取消报名", who="he")
    school.passes("57h")  # 19:00 of the day before
    assert "提醒您明天的培训" in school.heard("wu")
    school.passes("790m")  # 08:10
    assert "快开始了" in school.heard("wu")
    assert "提醒" not in school.all_heard("he").split("已取消报名")[1]
    school.conserved()


def test_a_moved_and_a_cancelled_session_tell_everybody_once(school: School) -> None:
    training = school.plans(seats=1)
    school.registers(training, "wu", *WU)
    school.registers(training, "he", *HE)
    with school.house.database.session() as session:
        mine, at = locked(session, training.id), school.house.clock.now()
        assert mine is not None
        names = Plan.__dataclass_fields__
        plan = {name: getattr(mine, name) for name in names} | {"place": "一楼报告厅"}
        assert change_session(session, school.house, mine, Plan(**plan), at=at)
        assert not change_session(session, school.house, mine, Plan(**plan), at=at)
        session.commit()
    school.passes("1m")
    school.passes("1h")
    for who in ("wu", "he"):
        assert school.all_heard(who).count("一楼报告厅") == 1
    with school.house.database.session() as session:
        mine = locked(session, training.id)
        assert mine is not None
        cancel_session(session, school.house, mine, at=school.house.clock.now())
        session.commit()
    school.passes("1m")
    school.passes("1d")
    for who in ("wu", "he"):
        assert school.all_heard(who).count("取消了") == 1
    assert "已取消" in school.says(training.code, who="late")


def test_the_second_code_signs_in_on_the_day_and_only_then(school: School) -> None:
    training = school.plans(days=1, hour=15)
    school.registers(training, "wu", *WU)
    assert "还没到签到时间" in school.scans(training.attendance_token, "wu", "webchat")
    school.passes("1720m")  # 14:40 of the day
    assert "签到成功" in school.scans(training.attendance_token, "wu", "webchat")
    assert "怎么称呼" in school.scans(training.attendance_token, "he", "webchat")
    for words in ("何军", "13800138002"):
        school.says(words, who="he")
    assert "签到成功" in school.says("跳过", who="he")
    school.passes("1d")
    assert "不能用了" in school.scans(training.attendance_token, "liu", "webchat")
    assert school.states(training) == ["吴敏 attended", "何军 attended"]


def test_nobody_registers_for_what_is_over(school: School) -> None:
    training = school.plans(days=1)
    school.passes("3d")
    assert "结束报名" in school.says(training.code, who="wu")
    with school.house.database.session() as session:
        mine = locked(session, training.id)
        assert mine is not None and mine.state == "held"
        try:
            enrol(session, school.house, mine, Trainee("吴敏"), via="import", at=mine.ends_at + timedelta(1))
        except NoSeat as refused:
            assert refused.why == "over"
        else:
            raise AssertionError("a seat in a session that is over")


def test_codes_are_read_however_they_are_typed() -> None:
    assert code_in("报名px 4821") == code_in("ＰＸ") or code_in("报名px 4821") == "PX4821"
    assert code_in("型号 KPX4821") is None and code_in("PX48") is None
