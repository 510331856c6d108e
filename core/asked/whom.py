"""Who answers what the articles do not: the trainer who taught the asker, who stands in for them, else the desk."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.groups.model import QaGroup
from core.roster.away import away_at
from core.roster.duty import stand_in
from core.staff.audience import active_staff
from core.staff.model import Staff
from core.training.model import Enrolment, TrainingSession


def trainer_for(
    session: Session, customer_id: int, *, group_id: int | None, category: str | None, at: datetime
) -> str | None:
    """The trainer of the group, or of the last training on this product that the asker attended; on leave, their deputy.

    None: the desk.
    """
    if group_id is not None:
        query = select(Staff.name).join(TrainingSession, TrainingSession.trainer_id == Staff.id)
        query = query.join(QaGroup, QaGroup.session_id == TrainingSession.id).where(QaGroup.id == group_id)
    else:
        query = select(Staff.name).join(TrainingSession, TrainingSession.trainer_id == Staff.id)
        query = query.where(TrainingSession.id.in_(_attended(customer_id)))
        query = query.where(TrainingSession.category == category) if category else query
    trainer = session.scalar(
        query.where(Staff.active)
        .order_by(TrainingSession.starts_at.desc(), TrainingSession.id.desc())
        .limit(1)
    )
    return _present(session, trainer, at) if trainer else None


def _present(session: Session, trainer: str, at: datetime) -> str | None:
    """Whoever answers on leave answers late: the promise is theirs who are here."""
    away = away_at(session, at)
    if trainer not in away:
        return trainer
    here = {person.name for person in active_staff(session)}
    return stand_in(trainer, {name: absence.deputy for name, absence in away.items()}, here)


def category_taught(session: Session, customer_id: int) -> str | None:
    """The product of the last training that somebody attended."""
    query = select(TrainingSession.category).where(TrainingSession.id.in_(_attended(customer_id)))
    return session.scalar(
        query.order_by(TrainingSession.starts_at.desc(), TrainingSession.id.desc()).limit(1)
    )


def _attended(customer_id: int) -> Select[int]:
    mine = Enrolment.customer_id == customer_id, Enrolment.state == "attended"
    return select(Enrolment.session_id).where(*mine)
