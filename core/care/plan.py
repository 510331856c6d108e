"""What follows a finished service: the follow-up within 24 h and the evaluation within 3 days (E1, E4)."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.care.case import begin
from core.house import House
from core.promise.calendar import QuietHours
from core.promise.model import promise
from core.ticket.model import Ticket


def plan_care(session: Session, house: House, ticket: Ticket, *, at: datetime) -> None:
    """Promise the follow-up and the survey of this round of a ticket."""
    quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    rows = []
    for kind in ("follow_up", "survey"):
        policy = house.book.policy(kind)
        due = quiet.place(
            earliest=at + timedelta(hours=policy["after_hours"]),
            latest=at + timedelta(hours=policy["by_hours"]),
        )
        key = f"{kind}:{ticket.number}:{ticket.round}"
        rows.append({"key": key, "kind": kind, "due_at": max(due, at), "ticket_id": ticket.id})
    begin(session, ticket, at=at, due_at=at + timedelta(hours=house.book.policy("follow_up")["by_hours"]))
    promise(session, *rows)
