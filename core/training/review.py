"""Answers to the training-effect questionnaire, one score after another; a bad session is told to the head (G4)."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.staff.push import push
from core.training.model import SCORES, TrainingReview, TrainingSession
from core.training.news import session_words
from core.training.scores import average_of

QUESTION = "training_score"
CHOICES = [[str(score), f"score_{score}"] for score in (5, 4, 3, 2, 1)]


def scored(
    session: Session, house: House, review: TrainingReview, name: str, score: int, *, at: datetime
) -> str | None:
    """Keep one score; the next one to ask for, or None when all were given."""
    setattr(review, name, score)
    left = SCORES[SCORES.index(name) + 1 :]
    if left:
        return left[0]
    review.answered_at = at
    session.flush()
    push_when_low(session, house, review, at=at)
    return None


def push_when_low(session: Session, house: House, review: TrainingReview, *, at: datetime) -> None:
    """The head hears once of a session whose mean is below the limit."""
    training = session.get_one(TrainingSession, review.session_id)
    found = average_of(session, training)
    limit = house.book.policy("training")["review"]["below"]
    if not found.answers or found.overall >= limit:
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
