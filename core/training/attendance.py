"""Attendance: by the second code on site, or by the trainer's hand on the sheet."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.groups.lead_in import promise_groups
from core.house import House
from core.training.ended import ask_attendee
from core.training.model import Enrolment, TrainingSession
from core.training.seats import NoSeat, Trainee, lock, take_seat
from core.training.times import attendance_window


def window_says(house: House, training: TrainingSession, *, at: datetime) -> str | None:
    """Why attendance cannot be taken by scanning now: cancelled, early or late; None when it can."""
    opens, closes = attendance_window(house, training)
    if training.state == "cancelled":
        return "cancelled"
    if at < opens:
        return "early"
    return "late" if at > closes else None


def mark(enrolment: Enrolment, *, here: bool, by: str, at: datetime) -> None:
    """``by`` is scan or trainer. Marking twice keeps the first time."""
    if here and enrolment.state == "attended":
        return
    enrolment.state = "attended" if here else "absent"
    enrolment.changed_at = at
    enrolment.attended_at, enrolment.attended_via = (at, by) if here else (None, None)


def not_here(training: TrainingSession, enrolment: Enrolment, *, at: datetime) -> None:
    """The mark was a mistake: they are absent once it is over; before that they have their seat as before."""
    mark(enrolment, here=False, by="trainer", at=at)
    if training.state == "planned":
        enrolment.state = "registered"


def attends(
    session: Session, house: House, training: TrainingSession, enrolment: Enrolment, *, by: str, at: datetime
) -> None:
    """They were there. After the end what the others had then is promised to them too: the group, the questionnaire."""
    lock(session, training)
    session.refresh(enrolment)
    mark(enrolment, here=True, by=by, at=at)
    if training.state == "held":
        ask_attendee(session, house, training, enrolment, at=at)
        promise_groups(session, training, at=at, more=f":{enrolment.id}")


def walk_in(
    session: Session, house: House, training: TrainingSession, trainee: Trainee, *, at: datetime
) -> Enrolment:
    """Somebody who stood in the room without having registered, also when it is written down after the end.

    A full room is the trainer's to judge. NoSeat: called off, or the number is somebody else's.
    """
    lock(session, training)
    if training.state == "cancelled":
        raise NoSeat("cancelled")
    enrolment = take_seat(session, house, training, trainee, via="walk_in", at=at)
    attends(session, house, training, enrolment, by="trainer", at=at)
    return enrolment
