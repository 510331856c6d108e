"""Finding sessions: by the code that was typed, and what a trainee may choose from or is enrolled in."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.training.model import Enrolment, TrainingSession

_CODE = re.compile(r"(?<![A-Za-z0-9])PX[\s-]?(\d{4,6})(?!\d)", re.IGNORECASE)


def code_in(text: str) -> str | None:
    """PX4821 in whatever way it is typed: px 4821, 报名PX-4821."""
    found = _CODE.search(text)
    return f"PX{found[1]}" if found else None


def by_code(session: Session, code: str) -> TrainingSession | None:
    return session.scalars(select(TrainingSession).where(TrainingSession.code == code)).first()


def open_sessions(session: Session, *, at: datetime, limit: int) -> Sequence[TrainingSession]:
    """Soonest first; those held for one organisation are joined by their code only."""
    query = select(TrainingSession).where(
        TrainingSession.state == "planned",
        TrainingSession.starts_at > at,
        TrainingSession.organisation.is_(None),
    )
    return session.scalars(query.order_by(TrainingSession.starts_at).limit(limit)).all()


def clashing(session: Session, training: TrainingSession) -> Sequence[TrainingSession]:
    """Planned sessions in which the same trainer would have to be at the same time."""
    query = select(TrainingSession).where(
        TrainingSession.id != training.id,
        TrainingSession.trainer_id == training.trainer_id,
        TrainingSession.state == "planned",
        TrainingSession.starts_at < training.ends_at,
        TrainingSession.ends_at > training.starts_at,
    )
    return session.scalars(query.order_by(TrainingSession.starts_at)).all() if training.trainer_id else ()


def enrolments_of(
    session: Session, customer_id: int, *, at: datetime, limit: int = 9
) -> list[tuple[Enrolment, TrainingSession]]:
    """Seats and waiting places of a customer in sessions that are still to come, soonest first."""
    query = (
        select(Enrolment, TrainingSession)
        .join(TrainingSession, Enrolment.session_id == TrainingSession.id)
        .where(
            Enrolment.customer_id == customer_id,
            Enrolment.state.in_(("registered", "waiting")),
            TrainingSession.state == "planned",
            TrainingSession.ends_at > at,
        )
    )
    return [(e, t) for e, t in session.execute(query.order_by(TrainingSession.starts_at).limit(limit))]


def enrolment_in(session: Session, customer_id: int, session_id: int) -> Enrolment | None:
    same = Enrolment.session_id == session_id, Enrolment.customer_id == customer_id
    return session.scalars(select(Enrolment).where(*same)).first()
