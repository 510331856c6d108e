"""What follows a finished service: the plans that wait for it, first the follow-up and the evaluation (E1, E4)."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.care.case import begin
from core.house import House
from core.programme.foresee import after_service
from core.programme.plan import Plan
from core.promise.calendar import QuietHours
from core.promise.model import promise
from core.ticket.model import Ticket

ASKED = "follow_up"  # the plan whose time the follow-up rate is measured by


def plan_care(session: Session, house: House, ticket: Ticket, *, at: datetime) -> None:
    """Promise what is planned after this round of a ticket."""
    rows, deadlines = [], {}
    for plan in house.book.plans("ticket_done"):
        if not _takes(plan, ticket):
            continue
        if not plan.of_a_service:
            after_service(session, house, plan, ticket, at=at)
            continue
        moment = house.local(at)
        earliest = plan.rhythm.at[0].after(moment)
        latest = deadlines[plan.name] = plan.due_by(earliest)
        quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
        due = max(quiet.place(earliest=earliest, latest=latest), moment)
        key = f"{plan.name}:{ticket.number}:{ticket.round}"
        rows.append({"key": key, "kind": plan.name, "due_at": due, "ticket_id": ticket.id})
    if deadlines:
        begin(session, ticket, at=at, due_at=deadlines.get(ASKED, max(deadlines.values())))
    promise(session, *rows)


def _takes(plan: Plan, ticket: Ticket) -> bool:
    return plan.who.takes(contract=ticket.contract, category=ticket.category, model=ticket.model)
