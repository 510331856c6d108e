"""What follows a session: who was there, and the promises of the questionnaires and the report of the day."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.groups.lead_in import promise_groups
from core.house import House
from core.programme.foresee import training_held
from core.promise.model import Promise, promise
from core.training.called import file_of
from core.training.lead import lead_of
from core.training.model import Enrolment, TrainingSession
from core.training.roll import enrolled
from core.training.seats import lock


def keep_training_ended(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """The session is held: attendance is final unless the trainer corrects it, and everything after it is promised."""
    training = session.get_one(TrainingSession, row.payload["session"])
    lock(session, training)  # who signs in just now is counted here, or follows (attendance.py)
    if training.state != "planned" or row.payload["revision"] != training.revision:
        row.status, row.ended_at, row.reason = "cancelled", now, f"moved, or {training.state}"
        return None
    training.state = "held"
    for enrolment in enrolled(session, training, "registered"):
        enrolment.state, enrolment.changed_at = "absent", now
    _ask_lead(session, house, training, now)  # first: who leads and was there as well answers as the lead
    attended = enrolled(session, training, "attended")
    for enrolment in attended:
        ask_attendee(session, house, training, enrolment, at=now)
    people = [one.customer for one in attended if one.customer is not None]
    training_held(session, house, training.id, training.category, people, at=training.ends_at)
    promise_groups(session, training, at=now)
    minutes = house.book.policy("training")["report_after_minutes"]
    promise(
        session,
        {
            "key": f"training_report:{training.id}",
            "kind": "training_report",
            "due_at": training.ends_at + timedelta(minutes=minutes),
            "payload": {"session": training.id},
        },
    )
    return None


def ask_attendee(
    session: Session, house: House, training: TrainingSession, enrolment: Enrolment, *, at: datetime
) -> None:
    """Promise the questionnaire of who was there, where they can be asked: in a chat, or by a call to their number."""
    customer = enrolment.customer_id
    if customer is None and enrolment.phone is not None:
        customer = file_of(session, enrolment.phone, enrolment.name, at=at).id
    if customer is not None:
        _ask(session, house, training, customer, by="trainee", at=at, enrolment=enrolment.id)


def _ask_lead(session: Session, house: House, training: TrainingSession, at: datetime) -> None:
    lead = lead_of(session, training, at=at)
    if lead is not None:
        _ask(session, house, training, lead.id, by="lead", at=at)


def _ask(
    session: Session,
    house: House,
    training: TrainingSession,
    customer_id: int,
    *,
    by: str,
    at: datetime,
    **facts: int,
) -> None:
    minutes = house.book.policy("training")["review"]["after_minutes"]
    row = {
        "key": f"training_review:{training.id}:{customer_id}",
        "kind": "training_review",
        "due_at": at + timedelta(minutes=minutes),
        "payload": {"session": training.id, "customer": customer_id, "by": by, **facts},
    }
    promise(session, row)
