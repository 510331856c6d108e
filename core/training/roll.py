"""The roll of a session: who is on it, in the order in which they came."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.training.model import ENROLMENT_STATES, Enrolment, TrainingSession


def enrolled(session: Session, training: TrainingSession, *states: str) -> Sequence[Enrolment]:
    """The enrolments of a session in some states, or all of them, in order."""
    query = select(Enrolment).where(
        Enrolment.session_id == training.id, Enrolment.state.in_(states or ENROLMENT_STATES)
    )
    return session.scalars(query.order_by(Enrolment.position, Enrolment.id)).all()


def counts(session: Session, session_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """session → state → how many."""
    query = select(Enrolment.session_id, Enrolment.state, func.count()).where(
        Enrolment.session_id.in_(session_ids)
    )
    found: dict[int, dict[str, int]] = {number: {} for number in session_ids}
    for number, state, many in session.execute(query.group_by(Enrolment.session_id, Enrolment.state)):
        found[number][state] = many
    return found
