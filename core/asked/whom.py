"""Who answers what the articles do not: the trainer who taught the asker, else whoever is at the desk."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.groups.model import QaGroup
from core.staff.model import Staff
from core.training.model import Enrolment, TrainingSession


def trainer_for(
    session: Session, customer_id: int, *, group_id: int | None, category: str | None
) -> str | None:
    """The trainer of the group, or of the last training on this product that the asker attended. None: the desk."""
    if group_id is not None:
        query = select(Staff.name).join(TrainingSession, TrainingSession.trainer_id == Staff.id)
        query = query.join(QaGroup, QaGroup.session_id == TrainingSession.id).where(QaGroup.id == group_id)
    else:
        query = select(Staff.name).join(TrainingSession, TrainingSession.trainer_id == Staff.id)
        query = query.where(TrainingSession.id.in_(_attended(customer_id)))
        query = query.where(TrainingSession.category == category) if category else query
    return session.scalar(query.where(Staff.active).order_by(TrainingSession.starts_at.desc()).limit(1))


def category_taught(session: Session, customer_id: int) -> str | None:
    """The product of the last training that somebody attended."""
    query = select(TrainingSession.category).where(TrainingSession.id.in_(_attended(customer_id)))
    return session.scalar(query.order_by(TrainingSession.starts_at.desc()).limit(1))


def _attended(customer_id: int) -> Select[int]:
    mine = Enrolment.customer_id == customer_id, Enrolment.state == "attended"
    return select(Enrolment.session_id).where(*mine)
