"""Attendance: by the second code on site, or by the trainer's hand on the sheet."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.training.model import Enrolment, TrainingSession
from core.training.seats import Trainee, enrol
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


def walk_in(
    session: Session, house: House, training: TrainingSession, trainee: Trainee, *, at: datetime
) -> Enrolment:
    """Somebody who stands in the room without having registered. A full room is the trainer's to judge. NoSeat."""
    enrolment = enrol(session, house, training, trainee, via="walk_in", at=at)
    mark(enrolment, here=True, by="trainer", at=at)
    return enrolment
