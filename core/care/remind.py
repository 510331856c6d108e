"""Keeping a reminder of a visit: a notice about their own appointment, so no cap and no opting out stops it."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.call.limits import NoCall
from core.call.outbound import place_call
from core.care.keep import call_off
from core.care.notice import tell
from core.care.tasks import open_task
from core.house import House
from core.promise.calendar import QuietHours
from core.promise.model import Promise
from core.ticket.lifecycle import note
from core.ticket.model import Ticket


def keep_reminder(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Remind of a visit by chat, else by a call; quiet hours put it off. Returns until when."""
    ticket = session.get_one(Ticket, row.ticket_id)
    if ticket.state != "appointed" or ticket.appointment_at is None or ticket.appointment_at <= now:
        return call_off(row, now, f"ticket is {ticket.state}")
    quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    if quiet.covers(now):  # late after an outage: the morning is soon enough, or too late and then called off
        row.reason = "quiet hours"
        return quiet.after(now)
    if tell(session, house, ticket, wording="notice.reminder", at=now, key=row.key) is None:
        return _by_phone(session, house, ticket, row, now)
    note(session, ticket, verb="reminder_sent", at=now, actor="frontdoor", channel="staff")
    return None


def _by_phone(session: Session, house: House, ticket: Ticket, row: Promise, now: datetime) -> datetime | None:
    """Where no chat reaches them: a call the day before; an hour before they may be on their way already."""
    if not row.key.endswith(":day"):
        return call_off(row, now, "no chat reaches the customer")
    placed = _ring(session, house, ticket, row, now)
    if not isinstance(placed, NoCall):
        return None
    row.reason = placed.why
    if placed.again is not None and ticket.appointment_at and placed.again < ticket.appointment_at:
        return placed.again
    open_task(session, house, ticket, key=f"call:{row.key}", purpose="appointment", why=placed.why, at=now)
    row.reason = f"handed to a person: call the customer ({placed.why})"
    return None


def _ring(session: Session, house: House, ticket: Ticket, row: Promise, now: datetime) -> object:
    phone = ticket.phone or ticket.customer.phone
    if phone is None:
        return NoCall("no number is known")
    return place_call(session, house, purpose="appointment", phone=phone, at=now, key=row.key, ticket=ticket)
