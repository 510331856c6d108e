"""Finding sessions: by the code that was typed, and what a trainee may choose from or is enrolled in."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.training.model import Course, Enrolment, TrainingSession

# PX and its digits however they are written: px 4821, PX－4821, PX：4821, PX号4821, P X 4 8 2 1.
_START = r"(?<![A-Za-z0-9])P ?X[\s\-\u2010-\u2015\u2212_.:#号]{0,3}"
_CODE = re.compile(rf"{_START}(\d{{4,6}}|\d(?: \d){{3,5}})(?!\d)", re.IGNORECASE)
# PX and some digits, right or wrong; not PXG or a model such as PX-9000A.
_LIKE_A_CODE = re.compile(rf"{_START}(\d{{1,8}})(?![A-Za-z0-9])", re.IGNORECASE)


def mistyped_in(text: str) -> str | None:
    """What was meant as a code, whether or not there is such a session."""
    found = _LIKE_A_CODE.search(text)
    return f"PX{_figures(found[1])}" if found else None


def code_in(text: str) -> str | None:
    """PX4821 in whatever way it is typed."""
    found = _CODE.search(text)
    return f"PX{_figures(found[1])}" if found else None


def without_code(text: str) -> str:
    """What is said beside the first code."""
    return _CODE.sub("", text, count=1)


def _figures(digits: str) -> str:
    """Digits of other scripts are the same digits."""
    return "".join(str(int(digit)) for digit in digits if not digit.isspace())


def by_code(session: Session, code: str) -> TrainingSession | None:
    return session.scalars(select(TrainingSession).where(TrainingSession.code == code)).first()


def open_sessions(session: Session, *, at: datetime, limit: int) -> Sequence[TrainingSession]:
    """Soonest first; those held for one organisation are joined by their code only."""
    query = (
        select(TrainingSession)
        .join(TrainingSession.course)
        .where(
            Course.active,
            TrainingSession.state == "planned",
            TrainingSession.starts_at > at,
            TrainingSession.organisation.is_(None),
        )
    )
    return session.scalars(query.order_by(TrainingSession.starts_at, TrainingSession.id).limit(limit)).all()


def clashing(session: Session, training: TrainingSession) -> Sequence[TrainingSession]:
    """Planned sessions in which the same trainer would have to be at the same time."""
    query = select(TrainingSession).where(
        TrainingSession.id != training.id,
        TrainingSession.trainer_id == training.trainer_id,
        TrainingSession.state == "planned",
        TrainingSession.starts_at < training.ends_at,
        TrainingSession.ends_at > training.starts_at,
    )
    return (
        session.scalars(query.order_by(TrainingSession.starts_at, TrainingSession.id)).all()
        if training.trainer_id
        else ()
    )


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
    return [
        (e, t)
        for e, t in session.execute(
            query.order_by(TrainingSession.starts_at, TrainingSession.id).limit(limit)
        )
    ]


def enrolment_in(session: Session, customer_id: int, session_id: int) -> Enrolment | None:
    """Their line on the roll in whatever state, also given back; None for who was never on it."""
    same = Enrolment.session_id == session_id, Enrolment.customer_id == customer_id
    return session.scalars(select(Enrolment).where(*same)).first()
