"""Answers to the training-effect questionnaire, one score after another; a bad session is told to the head (G4)."""

import re
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Customer
from core.house import House
from core.staff.push import push
from core.training.model import SCORES, TrainingReview, TrainingSession
from core.training.scores import average_of
from core.training.times import session_words

QUESTION = "training_score"
CHOICES = [[str(score), f"score_{score}"] for score in (5, 4, 3, 2, 1)]
_LONGEST = 1000  # characters of what is said besides
_NOTHING = re.compile(r"(?:没有?了?|无|没什么|跳过|不用了?|no|none|nothing|skip)[。.!！]*", re.IGNORECASE)


def missing(review: TrainingReview) -> list[str]:
    """The scores that were not given yet, in the order in which they are asked for."""
    return [name for name in SCORES if getattr(review, name) is None]


def scored(
    session: Session, house: House, review: TrainingReview, name: str, score: int, *, at: datetime
) -> str | None:
    """Keep one score; the next one to ask for, or None when all were given. One alone counts in its own mean."""
    setattr(review, name, score)
    left = missing(review)
    if left:
        return left[0]
    review.answered_at = at
    session.flush()
    push_when_low(session, house, session.get_one(TrainingSession, review.session_id), at=at)
    return None


def remark(review: TrainingReview, words: str) -> None:
    """Keep what was said besides the scores, after what was said before."""
    review.words = f"{review.words}；{words}"[:_LONGEST] if review.words else words[:_LONGEST]


def says_nothing(words: str) -> bool:
    """Whether somebody who was asked for free words has none."""
    return _NOTHING.fullmatch(words) is not None


def recent_review(
    session: Session, house: House, customer: Customer, *, at: datetime
) -> TrainingReview | None:
    """The questionnaire that they were asked last, and can still answer: one that is not complete before one that is."""
    since = at - timedelta(days=house.book.policy("training")["review"].get("days", 14))
    theirs = TrainingReview.customer_id == customer.id, TrainingReview.asked_at >= since
    unanswered = TrainingReview.answered_at.is_(None).desc()
    query = select(TrainingReview).where(*theirs).order_by(unanswered, TrainingReview.id.desc())
    return session.scalars(query.limit(1)).first()


def push_when_low(session: Session, house: House, training: TrainingSession, *, at: datetime) -> None:
    """The head hears once of a session whose mean is below the limit.

    Looked at when somebody has answered or will not go on, and with the report: never between two scores.
    """
    found = average_of(session, training)
    limit = house.book.policy("training")["review"]["below"]
    if not found.is_below(limit):
        return
    push(
        session,
        house,
        key=f"training_low:{training.id}",
        audience="head",
        wording="push.training_low",
        at=at,
        names=[training.head.name] if training.head else None,
        trainer=training.trainer.name if training.trainer else "—",
        score=f"{found.overall:.1f}",
        limit=limit,
        answers=found.answers,
        **session_words(house, training, "zh"),
    )
