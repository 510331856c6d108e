"""A call of ours that asks for the five scores: which questionnaire it is about, what came of it, and another try."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.call.model import Call
from core.customer.model import Customer
from core.house import House
from core.promise.model import Promise
from core.training import asked_ways
from core.training.asked_ways import Whom
from core.training.asking import ask
from core.training.model import CALLING, SCORES, UNREACHED, TrainingReview, TrainingSession
from core.training.review import missing, push_when_low

PURPOSE = "training_review"


def review_of_call(session: Session, call: Call, *, lock: bool = False) -> TrainingReview:
    """The questionnaire that a call was placed for."""
    return session.get_one(
        TrainingReview, (call.order or {})["facts"]["review"], with_for_update=lock or None
    )


def was_heard(call: Call) -> bool:
    """Whether somebody heard the question: then it is not put to them again, also when they hung up without a key."""
    return call.answered_at is not None and call.outcome == "hung_up"


def review_call_ended(session: Session, house: House, call: Call, *, reached: bool, at: datetime) -> None:
    """How they were asked; a session whose mean fell below the limit by what was given half way is told of."""
    review = review_of_call(session, call)
    if reached:
        review.asked_via, review.asked_at = "voice", call.answered_at or at
        session.flush()
        push_when_low(session, house, session.get_one(TrainingSession, review.session_id), at=at)
    elif call.outcome == "canceled":
        review.asked_via = UNREACHED


def keep_review_call_again(
    session: Session, house: House, row: Promise, call: Call, now: datetime
) -> datetime | None:
    """The planner is asked anew: a chat may reach them by now, they may have opted out, or it is a holiday."""
    review = review_of_call(session, call)
    if _begun(review) or review.asked_via != CALLING:
        row.status, row.ended_at, row.reason = "cancelled", now, "it is settled already"
        return None
    return ask(session, house, row, _whom(session, call, review, tries=(call.order or {})["tries"] + 1), now)


def nobody_answered(session: Session, house: House, call: Call, *, why: str, at: datetime) -> None:
    """After the last try: the lead is a person's to call; of a trainee the page says that nobody answered."""
    review = review_of_call(session, call)
    if review.by == "lead" and not _begun(review):
        asked_ways.by_a_person(session, house, _whom(session, call, review), why, at)
    elif review.asked_via == CALLING:
        review.asked_via = UNREACHED


def _begun(review: TrainingReview) -> bool:
    return len(missing(review)) < len(SCORES)


def _whom(session: Session, call: Call, review: TrainingReview, *, tries: int = 1) -> Whom:
    customer, order = session.get_one(Customer, review.customer_id), call.order or {}
    training = session.get_one(TrainingSession, review.session_id)
    name = order["facts"]["name"]
    return Whom(training, customer, review.by, name, call.to_number, order["key"], tries)
