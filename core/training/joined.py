"""Two customers who turn out to be one: their seats and their questionnaires become the one's."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Customer
from core.house import House
from core.promise.model import Promise, promise
from core.training.model import Enrolment, TrainingReview, TrainingSession
from core.training.seats import move_up

# Of two places in one session the better one is kept.
_WORTH = ("cancelled", "absent", "waiting", "registered", "attended")


def join_trainings(session: Session, newcomer: Customer, owner: Customer, *, at: datetime) -> None:
    """Move what ``newcomer`` has to ``owner``; a second place in the same session is given back."""
    theirs = {row.session_id: row for row in _of(session, owner)}
    for row in _of(session, newcomer):
        if row.session_id in theirs:
            _keep_better(session, theirs[row.session_id], row, at)
        else:
            row.customer_id = owner.id
    mine = select(TrainingReview.session_id).where(TrainingReview.customer_id == owner.id)
    both = set(session.scalars(mine))
    for review in session.scalars(select(TrainingReview).where(TrainingReview.customer_id == newcomer.id)):
        if review.session_id not in both:
            review.customer_id = owner.id
    session.flush()


def keep_training_seat(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """A seat was given back where seats could not be locked: whoever waits moves up now."""
    move_up(session, house, session.get_one(TrainingSession, row.payload["session"]), at=now)
    return None


def _of(session: Session, customer: Customer) -> list[Enrolment]:
    mine = select(Enrolment).where(Enrolment.customer_id == customer.id)
    return list(session.scalars(mine.order_by(Enrolment.id).with_for_update(of=Enrolment)))


def _keep_better(session: Session, kept: Enrolment, other: Enrolment, at: datetime) -> None:
    if _WORTH.index(other.state) > _WORTH.index(kept.state):
        owner, newcomer = kept.customer_id, other.customer_id
        kept.customer_id = None  # one customer has one row in a session, also for a moment
        session.flush()
        other.customer_id = owner
        session.flush()
        kept.customer_id = newcomer
        other = kept
    if other.state not in ("registered", "waiting"):
        return
    freed = other.state == "registered"
    other.state, other.changed_at = "cancelled", at
    if freed:
        key, payload = f"training_seat:{other.id}:{other.round}", {"session": other.session_id}
        promise(session, {"key": key, "kind": "training_seat", "due_at": at, "payload": payload})
