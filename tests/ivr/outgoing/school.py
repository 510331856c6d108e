"""A session that is over: 吴敏 was there from a list, so no chat reaches her, and the customer has a contact or not."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.house import House
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from core.training.attendance import attends
from core.training.model import SCORES, Enrolment, TrainingReview, TrainingSession
from core.training.schedule import Plan, add_course, plan_session
from core.training.seats import Trainee, enrol
from tests.ivr.outgoing.conftest import Desk, Rung

WU, HE, ZHOU = "+8613800138001", "+8613800138002", "+8613900139000"
LEAD = {"lead_name": "周校长", "lead_phone": ZHOU}


def teaches(house: House, *people: tuple[str, str], **more: Any) -> TrainingSession:
    """A session of two hours that begins in one, with who was there; nobody is asked before it is over."""
    at = house.clock.now()
    with house.database.session() as session:
        head = session.scalars(select(Staff).where(Staff.role == "manager")).first()
        course = add_course(
            session, title=f"教学屏使用{more.pop('title', '')}", category="display", outline=None, at=at
        )
        start = at + timedelta(hours=1)
        plan = Plan(
            course.id,
            start,
            start + timedelta(hours=2),
            9,
            "三楼多媒体教室",
            head_id=head.id if head else None,
            **more,
        )
        training = plan_session(session, house, plan, at=at)
        for name, phone in people:
            row = enrol(session, house, training, Trainee(name, phone), via="import", at=at)
            attends(session, house, training, row, by="trainer", at=at)
        session.commit()
        return training


def reviews(desk: Desk) -> list[TrainingReview]:
    rows: list[TrainingReview] = desk.rows(TrainingReview)
    return rows


def given(desk: Desk) -> list[int | None]:
    """The scores of the one questionnaire that there is."""
    (review,) = reviews(desk)
    return [getattr(review, name) for name in SCORES]


def seats(desk: Desk) -> list[Enrolment]:
    rows: list[Enrolment] = desk.rows(Enrolment)
    return rows


def ways(desk: Desk) -> list[str | None]:
    """By which way each was asked."""
    return [review.asked_via for review in reviews(desk)]


def low(desk: Desk) -> list[str]:
    """What the head is told of a session below the limit."""
    with desk.house.database.reading() as session:
        texts = session.scalars(select(OutboxMessage.text).where(OutboxMessage.audience == "staff"))
        return [text for text in texts if "培训评价偏低" in text]


def over_and_ringing(desk: Desk) -> tuple[Desk, Rung]:
    """The lesson is over, and 吴敏's telephone rings."""
    teaches(desk.house, ("吴敏", WU))
    desk.until(placed=1)
    assert [call["to"] for call in desk.provider.calls] == [WU]
    return desk, Rung(desk)
