"""What follows a session: who was there, and the promises of the questionnaires and the report of the day."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.groups.lead_in import promise_groups
from core.house import House
from core.programme.foresee import training_held
from core.promise.model import Promise, promise
from core.training.lead import lead_of
from core.training.model import Enrolment, TrainingSession
from core.training.roll import enrolled


def keep_training_ended(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """The session is held: attendance is final unless the trainer corrects it, and everything after it is promised."""
    training = session.get_one(TrainingSession, row.payload["session"])
    if training.state != "planned" or row.payload["revision"] != training.revision:
        row.status, row.ended_at, row.reason = "cancelled", now, f"moved, or {training.state}"
        return None
    training.state = "held"
    for enrolment in enrolled(session, training, "registered"):
        enrolment.state, enrolment.changed_at = "absent", now
    attended = enrolled(session, training, "attended")
    for enrolment in attended:
        ask_attendee(session, house, training, enrolment, at=now)
    people = [one.customer for one in attended if one.customer is not None]
    training_held(session, house, training.id, training.category, people, at=training.ends_at)
    promise_groups(session, training, at=now)
    _ask_lead(session, house, training, now)
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
    """Promise the questionnaire of who was there and has a chat with us."""
    if enrolment.customer_id is not None:
        _ask(session, house, training, enrolment.customer_id, by="trainee", at=at)


def _ask_lead(session: Session, house: House, training: TrainingSession, at: datetime) -> None:
    lead = lead_of(session, training, at=at)
    if lead is not None:
        _ask(session, house, training, lead.id, by="lead", at=at)


def _ask(
    session: Session, house: House, training: TrainingSession, customer_id: int, *, by: str, at: datetime
) -> None:
    minutes = house.book.policy("training")["review"]["after_minutes"]
    row = {
        "key": f"training_review:{training.id}:{customer_id}",
        "kind": "training_review",
        "due_at": at + timedelta(minutes=minutes),
        "payload": {"session": training.id, "customer": customer_id, "by": by},
    }
    promise(session, row)
