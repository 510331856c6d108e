"""Reminders of a visit: the day before and an hour before (B5), never in the quiet hours."""

from datetime import datetime, timedelta
from typing import Any

from core.house import House
from core.promise.calendar import QuietHours
from core.ticket.model import Ticket


def remind_before(house: House, ticket: Ticket, *, at: datetime) -> list[dict[str, Any]]:
    """The reminder promises of an appointment; what would be due already is left out."""
    visit = ticket.appointment_at
    if visit is None:
        return []
    quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    rows = []
    for name, before in (("day", timedelta(days=1)), ("hour", timedelta(hours=1))):
        due = quiet.after(visit - before)
        if at < due < visit:
            key = f"reminder:{ticket.number}:{visit.isoformat(timespec='minutes')}:{name}"
            rows.append({"key": key, "kind": "appointment_reminder", "due_at": due, "ticket_id": ticket.id})
    return rows
