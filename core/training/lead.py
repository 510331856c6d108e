"""The customer's own contact for a session: who that is in our files, and what they told a person of the training (G4)."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.customer.model import Customer
from core.house import House
from core.training.asked_ways import review_of
from core.training.called import file_of
from core.training.model import BY_A_PERSON, SCORES, TrainingReview, TrainingSession
from core.training.review import push_when_low
from core.training.schedule import BadSession

_LONGEST = 1000


def lead_of(session: Session, training: TrainingSession, *, at: datetime) -> Customer | None:
    """The file of who has the lead's number, who proved it first; a new one where nobody has. None without a number."""
    if not training.lead_phone:
        return None
    return file_of(session, training.lead_phone, training.lead_name, at=at)


def enter_lead_review(
    session: Session,
    house: House,
    training: TrainingSession,
    scores: dict[str, int],
    words: str,
    *,
    at: datetime,
) -> TrainingReview:
    """What the lead said on the telephone; entered again it replaces what was there. BadSession."""
    lead = lead_of(session, training, at=at)
    if lead is None:
        raise BadSession("no_lead")
    if training.state != "held":
        raise BadSession("not_held")
    if set(scores) != set(SCORES) or not all(score in range(1, 6) for score in scores.values()):
        raise BadSession("scores")
    review = review_of(session, training, lead, by="lead", at=at)
    for name, score in scores.items():
        setattr(review, name, score)
    review.by, review.words, review.answered_at = "lead", words[:_LONGEST] or None, at
    review.asked_via = BY_A_PERSON
    session.flush()
    push_when_low(session, house, training, at=at)
    return review
