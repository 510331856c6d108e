"""What the buttons of a session's page do."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from console.desk.training import field
from core.dialogue.facts import phone_number
from core.house import House
from core.training.attendance import attends, not_here, walk_in
from core.training.lead import enter_lead_review
from core.training.model import SCORES, SEATED, Enrolment, TrainingSession
from core.training.roll import enrolled
from core.training.schedule import BadSession, cancel_session
from core.training.seats import Trainee, withdraw


def verb(session: Session, house: House, training: TrainingSession, form: Any, at: datetime) -> None:
    """``what`` in the form names it. BadSession, NoSeat."""
    what = field(form, "what")
    if what == "cancel":
        cancel_session(session, house, training, at=at)
    elif what == "walk_in":
        phone = phone_number(field(form, "phone"))
        if not field(form, "name"):
            raise BadSession("name")
        walk_in(session, house, training, Trainee(field(form, "name")[:60], phone), at=at)
    elif what == "leave":
        withdraw(session, house, training, _row(session, training, form, "registered", "waiting"), at=at)
    elif what in ("here", "absent"):
        if what == "here":  # also who waited for a seat and came
            row = _row(session, training, form, "waiting", *SEATED)
            attends(session, house, training, row, by="trainer", at=at)
        else:
            not_here(training, _row(session, training, form, *SEATED), at=at)
    elif what == "lead_review":
        given = {name: int(score) for name in SCORES if (score := field(form, name)).isdecimal()}
        enter_lead_review(session, house, training, given, field(form, "words"), at=at)
    else:
        raise HTTPException(400)


def _row(session: Session, training: TrainingSession, form: Any, *states: str) -> Enrolment:
    """A line of the roll in one of ``states``; 404."""
    row = next((one for one in enrolled(session, training) if str(one.id) == field(form, "row")), None)
    if row is None or row.state not in states:
        raise HTTPException(404)
    return row
