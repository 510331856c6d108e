"""Keeping an occurrence of a plan: a customer is asked, an inspection visit is filed, or a report is pushed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.model import FollowUp
from core.house import House
from core.programme.asking import ask_by_person, ask_customer, call_off
from core.programme.report import report
from core.programme.standing import Due
from core.programme.visit import file_visit
from core.promise.model import Promise


def keep_plan(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """One occurrence, unless something speaks against it by now."""
    due = Due(session, house, row)
    why = due.stopped()
    if why is not None or due.plan is None:
        call_off(due, now, why or "")
        return None
    if due.plan.action == "report" and due.launch is not None:
        report(session, house, due.plan, due.launch, key=row.key, at=now)
    elif due.customer is not None and due.plan.action == "visit":
        file_visit(due, due.plan, due.customer, at=now)
    elif due.customer is not None and due.case is not None:
        due.case.customer_id = due.customer.id  # of whom it is by now
        return ask_customer(due, due.plan, due.customer, due.case, now)
    return None


def keep_plan_unanswered(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Days after the chat asked: a person calls if no answer came."""
    due = Due(session, house, row)
    case = session.scalars(select(FollowUp).where(FollowUp.key == row.payload["case"])).one()
    why = "answered" if case.outcome is not None else due.stopped()
    if why is not None or due.plan is None or due.customer is None:
        row.status, row.ended_at, row.reason = "cancelled", now, why
        return None
    return ask_by_person(due, due.plan, due.customer, case, now)
