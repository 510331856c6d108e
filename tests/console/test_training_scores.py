"""Scores in the console: charts beside the limit, and the review of the customer's lead entered by hand."""

from datetime import timedelta

from core.customer.model import Customer
from core.training.model import SCORES, Course, TrainingReview, TrainingSession
from tests.console.conftest import Desk
from tests.console.test_trainings import planned


def held(desk: Desk, *scores: int) -> TrainingSession:
    """A session that is over, with an answer for each score."""
    training = planned(desk, lead_phone="13900139000", lead_name="周校长", trainer_id="1")
    at = desk.house.clock.now()
    with desk.house.database.session() as session:
        session.get_one(TrainingSession, training.id).state = "held"
        for score in scores:
            who = Customer(created_at=at)
            session.add(who)
            session.flush()
            given = dict.fromkeys(SCORES, score)
            session.add(
                TrainingReview(session_id=training.id, customer_id=who.id, by="trainee", asked_at=at,
                               answered_at=at + timedelta(minutes=5), **given)
            )  # fmt: skip
        session.commit()
    return training


def test_a_trainer_below_the_limit_stands_out(desk: Desk) -> None:
    training = held(desk, 3, 4, 3)
    page = " ".join(desk.get("/trainings").text.split())
    assert "问卷 3 份，平均 3.3 分（满分 5 分），低于 3.5 分提醒项目负责人" in page
    assert f"{training.code}: 3.3 / 3" in page and "--fd-goal: 70.0%" in page and "height: 66.6%" in page
    assert 'class="fd-share-low"' in page
    assert page.count("讲解清楚") == 2  # for the trainer and for the course


def test_what_was_half_answered_counts_where_it_was_answered(desk: Desk) -> None:
    training = held(desk, 5)
    at = desk.house.clock.now()
    with desk.house.database.session() as session:
        for by, given in (("trainee", {"arrangement": 2}), ("lead", {"arrangement": 2, "process": 4})):
            who = Customer(created_at=at)
            session.add(who)
            session.flush()
            more = {"session_id": training.id, "customer_id": who.id, "by": by, "asked_at": at}
            session.add(TrainingReview(**more, **given))
        session.commit()
    page = " ".join(desk.get(f"/trainings/{training.code}").text.split())
    assert "问卷 3 份，平均 4.5 分（满分 5 分），低于 3.5 分" in page and "其中 2 份没有答完" in page
    assert "客户负责人只评了 2 项" in page
    row = page[page.index("组织安排</span>") :]
    assert "3.0</b><small>3 人" in row and "4.5</b><small>2 人" in row and "5.0</b><small>1 人" in row
    with desk.house.database.session() as session:
        session.delete(session.get_one(TrainingReview, 1))
        session.commit()
    page = " ".join(desk.get(f"/trainings/{training.code}").text.split())
    assert "问卷 2 份，平均 — 分" in page
    page = " ".join(desk.get("/trainings").text.split())
    assert f"{training.code}: — / 2" in page and "height: 0%" in page


def test_what_the_lead_said_is_entered_and_half_of_it_is_not(desk: Desk) -> None:
    training = held(desk)
    page = desk.get(f"/trainings/{training.code}").text
    assert "还没有收到问卷" in page and "登记客户负责人的评价" in page
    url = f"/trainings/{training.code}/do"
    given = dict.fromkeys(SCORES, "4")
    assert "五项都要评" in desk.post(url, what="lead_review", **(given | {"effect": "7"})).text
    assert "五项都要评" in desk.post(url, what="lead_review", organisation="5").text
    assert "已保存" in desk.post(url, what="lead_review", words="很好", **given).text
    review = desk.row(TrainingReview)
    assert (review.by, review.effect, review.words) == ("lead", 4, "很好")
    assert desk.row(Customer).name == "周校长"


def test_before_the_end_and_without_a_lead_there_is_nothing_to_enter(desk: Desk) -> None:
    training = planned(desk)
    given = dict.fromkeys(SCORES, "4")
    url = f"/trainings/{training.code}/do"
    assert "没有填客户负责人" in desk.post(url, what="lead_review", **given).text
    assert desk.row(Course) is not None and desk.row(TrainingReview) is None
