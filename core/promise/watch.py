"""The deadline watch of a ticket: one promise per clock and percentage, so that each warning comes once (C1, C2)."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.promise.calendar import OfficeHours
from core.promise.model import cancel_promises, promise
from core.promise.sla import Deadlines, deadlines, fraction
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

SLA_KINDS = ("sla_reply", "sla_solved")


def watch_deadlines(session: Session, house: House, ticket: Ticket, *, at: datetime) -> None:
    """Set the due time of a ticket and promise its warnings; again after a reopening (a new round) or another severity.

    What the former deadlines would have warned of is called off: staff hear of the clocks that hold.
    """
    stop_watching(session, ticket, kinds=SLA_KINDS, at=at, why="new deadlines")
    hours = OfficeHours.of(house.book.policy("office_hours"), house.zone)
    due = deadlines(
        kind=ticket.kind, severity=ticket.severity, at=at, policy=house.book.policy("sla"), hours=hours
    )
    _tell(session, house, ticket, due, at=at)
    ticket.due_at = due.solved
    promise(
        session,
        *(
            {
                "key": f"{kind}:{ticket.number}:{ticket.round}:{ticket.severity}:{at.isoformat()}:{percent}",
                "kind": kind,
                "due_at": fraction(at, end, percent),
                "ticket_id": ticket.id,
                "payload": {"percent": percent},
            }
            for kind, end in (("sla_reply", due.reply), ("sla_solved", due.solved))
            for percent in house.book.policy("escalation_percent")
        ),
    )


def _tell(session: Session, house: House, ticket: Ticket, due: Deadlines, *, at: datetime) -> None:
    """Staff read on the timeline what moved, and that a year's holidays are unknown."""

    def entry(verb: str, text: str) -> None:
        note(
            session, ticket, verb=verb, at=at, actor="frontdoor", channel="staff", text=text, audience="staff"
        )

    if ticket.due_at is not None and ticket.due_at != due.solved:
        before, after = (f"{house.local(moment):%Y-%m-%d %H:%M}" for moment in (ticket.due_at, due.solved))
        entry("sla_recomputed", f"{before} → {after}")
    if due.unknown_year is not None:
        entry("sla_no_holidays", str(due.unknown_year))


def stop_watching(
    session: Session, ticket: Ticket, *, kinds: tuple[str, ...], at: datetime, why: str
) -> None:
    cancel_promises(session, ticket_id=ticket.id, kinds=kinds, at=at, why=why)
