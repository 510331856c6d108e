"""What falls together for one customer: other plans within the window go along in the same contact."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.care.model import Contact, FollowUp
from core.house import House
from core.programme.occurrence import KIND
from core.programme.standing import Due
from core.promise.model import PENDING, Promise
from core.ticket.model import Ticket

OF_A_SERVICE = ("follow_up", "survey")


def window(house: House) -> timedelta:
    """How near to each other two contacts must fall due to become one; policy ``programme.merge_hours``."""
    return timedelta(hours=house.book.policy("programme")["merge_hours"])


def falls_together(
    session: Session, house: House, customer_id: int, *, at: datetime, but: str | None = None
) -> list[Due]:
    """The customer's occurrences that fall due within the window and may be asked; locked, the first due first."""
    cases = select(FollowUp.key).where(
        FollowUp.customer_id == customer_id, FollowUp.asked_at.is_(None), FollowUp.outcome.is_(None)
    )
    rows = select(Promise).where(
        Promise.key.in_(cases), PENDING, Promise.kind == KIND, Promise.due_at <= at + window(house)
    )
    found = session.scalars(rows.order_by(Promise.due_at, Promise.id).with_for_update())
    due = [Due(session, house, row) for row in found if row.key != but]
    return [one for one in due if one.plan and one.plan.action == "ask" and one.stopped() is None]


def service_soon(session: Session, house: House, customer_id: int, *, at: datetime) -> Promise | None:
    """The follow-up or survey of a finished service that this customer is asked about within the window anyway."""
    mine = select(Ticket.id).where(
        Ticket.customer_id == customer_id, Ticket.state.in_(("done", "followed_up"))
    )
    query = select(Promise).where(
        Promise.ticket_id.in_(mine),
        Promise.status == "pending",
        Promise.kind.in_(OF_A_SERVICE),
        Promise.due_at <= at + window(house),
    )
    return session.scalars(query.order_by(Promise.due_at, Promise.id).limit(1)).first()


def last_contact(session: Session, customer_id: int, *, at: datetime) -> datetime | None:
    """When the customer was last asked something unasked, not later than ``at``."""
    return session.scalar(
        select(func.max(Contact.at)).where(Contact.customer_id == customer_id, Contact.at <= at)
    )


def taken_along(house: House, due: Due, *, channel: str, key: str, at: datetime) -> None:
    """It was asked in another one's contact: its own promise is kept, and its history says by which."""
    case = due.case
    if case is not None:
        case.asked_at, case.asked_via, case.asked_with = case.asked_at or at, channel, key
        written(house, case, at, f"asked by {channel}, together with {key}")
    due.row.status, due.row.ended_at, due.row.reason = "done", at, f"asked together with {key}"


def written(house: House, case: FollowUp, at: datetime, what: str) -> None:
    """One line more in the case's history, unless it is what was written last."""
    if not case.history or case.history[-1][1] != what:
        case.history = [*case.history, [house.local(at).isoformat(timespec="seconds"), what]]
