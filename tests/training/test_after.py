"""After a session: the questionnaire as the planner allows it, the report to the head, and a push where the scores are low."""

from datetime import timedelta

from sqlalchemy import select

from core.care.model import CallTask, Contact
from core.customer.model import Customer
from core.promise.model import Promise
from core.training.lead import enter_lead_review
from core.training.model import SCORES, TrainingReview, TrainingSession
from core.training.schedule import locked
from core.training.scores import average_of, trends_by_course, trends_by_trainer
from tests.training.conftest import School

WU = ("吴敏", "13800138001")
ZHOU = {"lead_name": "周校长", "lead_phone": "+8613900139000"}


def attended(school: School, **more: str) -> TrainingSession:
    """A session that 吴敏 attended and 何军 did not; it ends in ten minutes."""
    training = school.plans(days=1, hour=15, **more)
    school.registers(training, "wu", *WU)
    school.registers(training, "he", "何军", "13800138002")
    ahead = training.starts_at - school.house.clock.now() - timedelta(minutes=20)
    school.passes(f"{ahead // timedelta(minutes=1)}m")
    school.scans(training.attendance_token, "wu", "webchat")
    school.passes("160m")
    return training


def held(school: School, **more: str) -> TrainingSession:
    """It is over for more than an hour."""
    training = attended(school, **more)
    school.passes("80m")
    assert school.states(training) == ["吴敏 attended", "何军 absent"]
    return training


def promised(school: School, kind: str) -> list[Promise]:
    with school.house.database.reading() as session:
        return list(session.scalars(select(Promise).where(Promise.kind == kind).order_by(Promise.id)))


def customer_of(school: School, phone: str) -> int:
    with school.house.database.reading() as session:
        return session.scalars(select(Customer.id).where(Customer.phone == f"+86{phone}")).one()


def scores(school: School, digits: str, words: str = "没有", who: str = "wu") -> None:
    for digit in digits:
        school.says(digit, who=who)
    school.says(words, who=who)


def test_one_score_a_turn_and_the_head_hears_of_a_bad_session(school: School) -> None:
    held(school)
    assert "第 1 项" in school.heard("wu") and "第 1 项" not in school.all_heard("he")
    assert "第 2 项" in school.says("2", who="wu")
    assert "1 到 5 分" in school.says("9", who="wu")
    assert "第 3 项" in school.says("三分", who="wu")
    assert "第 4 项" in school.says("不满意", who="wu")
    assert "第 5 项" in school.says("1", who="wu")
    assert "还有什么" in school.says("2", who="wu")
    assert "已经记下" in school.says("讲得太快了，投影也看不清", who="wu")
    low = [push for push in school.pushes() if "培训评价偏低" in push]
    assert len(low) == 1 and "赵经理" in low[0] and "平均 2.0 分" in low[0]
    school.conserved()


def test_at_the_limit_nobody_is_pushed(school: School) -> None:
    training = attended(school)
    school.scans(training.attendance_token, "he", "webchat")
    school.passes("80m")
    scores(school, "34344")
    scores(school, "34343", who="he")
    with school.house.database.reading() as session:
        assert average_of(session, session.get_one(TrainingSession, training.id)).overall == 3.5
    assert not [push for push in school.pushes() if "培训评价偏低" in push]


def test_the_head_has_the_report_of_the_day(school: School) -> None:
    attended(school)
    school.passes("30m")  # ten minutes after the end they are asked, an hour after it the head hears
    scores(school, "54543", "讲得很清楚")
    school.passes("50m")
    (report,) = [push for push in school.pushes() if "培训日报" in push]
    assert "赵经理" in report and "到 1 人（现场补登 0 人），缺 1 人" in report
    assert (
        "问卷 1 份，平均 4.2 分（组织安排 5.0、培训过程 4.0、培训老师 5.0、讲解清楚 4.0、学习效果 3.0）"
        in report
    )
    assert "留言：“讲得很清楚”；照片 0 张" in report


def test_a_repair_in_between_is_heard_as_one(school: School) -> None:
    held(school)
    assert "第 1 步" in school.says("我家美的空调不制冷了", who="wu")


def test_who_wants_no_questions_is_not_asked(school: School) -> None:
    attended(school)
    school.says("退订", who="wu")
    school.passes("40m")
    (row,) = promised(school, "training_review")
    assert (row.status, row.reason) == ("cancelled", "the customer opted out")
    assert "第 1 项" not in school.all_heard("wu")


def test_who_was_asked_often_this_week_is_asked_when_there_is_room(school: School) -> None:
    attended(school)
    customer, at = customer_of(school, WU[1]), school.house.clock.now()
    with school.house.database.session() as session:
        for n in range(school.house.book.policy("outreach")["per_week"]):
            when = at - timedelta(days=2, minutes=n)
            session.add(Contact(customer_id=customer, at=when, channel="webchat", key=f"k{n}"))
        session.commit()
    school.passes("1d")
    (row,) = promised(school, "training_review")
    assert row.status == "pending" and "within a week" in (row.reason or "")
    school.passes("6d")
    assert "第 1 项" in school.heard("wu")


def test_being_asked_counts_for_the_week(school: School) -> None:
    training = held(school)
    with school.house.database.reading() as session:
        (contact,) = session.scalars(select(Contact))
    assert contact.key == f"training_review:{training.id}:{contact.customer_id}"


def test_who_is_in_the_middle_of_a_report_is_asked_afterwards(school: School) -> None:
    attended(school)
    school.passes("15m")
    school.says("空调不制冷了，直接报修", who="wu")
    school.passes("10m")
    assert "第 1 项" not in school.all_heard("wu")
    school.passes("30m")
    assert "第 1 项" in school.all_heard("wu")


def test_a_lead_with_a_chat_is_asked_there_and_counts(school: School) -> None:
    school.says("你好", who="zhou")
    with school.house.database.session() as session:
        zhou = session.scalars(select(Customer).order_by(Customer.id.desc())).first()
        assert zhou is not None
        zhou.phone, zhou.phone_verified_at = ZHOU["lead_phone"], school.house.clock.now()
        session.commit()
    held(school, **ZHOU)
    assert "第 1 项" in school.heard("zhou")
    scores(school, "22222", who="zhou")
    assert any("培训评价偏低" in push for push in school.pushes())


def test_a_lead_without_a_chat_is_called_and_what_they_say_is_entered(school: School) -> None:
    training = held(school, **ZHOU)
    assert any("周校长（+8613900139000）" in push for push in school.pushes())
    at = school.house.clock.now()
    with school.house.database.session() as session:
        (task,) = session.scalars(select(CallTask))
        assert (task.purpose, task.phone) == ("training", ZHOU["lead_phone"])
        assert "各打几分" in task.text and "教学屏使用" in task.text
        mine = locked(session, training.id)
        assert mine is not None
        for score in (1, 2):  # entered again it replaces
            given = dict.fromkeys(SCORES, score)
            enter_lead_review(session, school.house, mine, given, "老师没到", at=at)
        session.commit()
    with school.house.database.reading() as session:
        (review,) = session.scalars(select(TrainingReview).where(TrainingReview.by == "lead"))
    assert (review.effect, review.words) == (2, "老师没到")
    school.work()
    assert sum("培训评价偏低" in push for push in school.pushes()) == 1


def test_scores_are_seen_session_by_session(school: School) -> None:
    first = held(school)
    scores(school, "55555")
    school.passes("8d")
    second = held(school)
    scores(school, "33333")
    with school.house.database.reading() as session:
        (trainer,) = trends_by_trainer(session, sessions=12)
        (latest,) = trends_by_trainer(session, sessions=1)
        courses = trends_by_course(session, sessions=12)
    assert (trainer.whole.name, trainer.whole.overall, trainer.whole.answers) == ("孙老师", 4.0, 2)
    assert [(p.code, p.average.overall) for p in trainer.points] == [(first.code, 5.0), (second.code, 3.0)]
    assert [p.code for p in latest.points] == [second.code]
    assert [course.whole.overall for course in courses] == [5.0, 3.0]
