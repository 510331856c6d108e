"""The roll of a session: who is on it, in the order in which they came."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.customer.model import Customer
from core.training.model import ENROLMENT_STATES, Enrolment, TrainingReview, TrainingSession


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


def asked_via(session: Session, training: TrainingSession) -> tuple[dict[int, str], str | None]:
    """By which way each was asked for their scores: of who is on the roll by enrolment, and of the customer's lead."""
    reviews = select(TrainingReview.customer_id, Customer.phone, TrainingReview.by, TrainingReview.asked_via)
    reviews = reviews.join(Customer, Customer.id == TrainingReview.customer_id)
    mine = reviews.where(TrainingReview.session_id == training.id, TrainingReview.asked_via.is_not(None))
    rows = session.execute(mine).all()
    by_customer = {row.customer_id: row.asked_via for row in rows}
    by_phone = {row.phone: row.asked_via for row in rows if row.phone}
    found = {
        one.id: by_customer.get(one.customer_id) or by_phone.get(one.phone)
        for one in enrolled(session, training)
    }
    lead = next((row.asked_via for row in rows if row.by == "lead"), None)
    return {number: via for number, via in found.items() if via}, lead
