"""Calls that we place: asked for here, made by a worker. Whether a call may be made at all is decided here, with the reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from core.house import House
from core.messaging.outbox import OutboxMessage
from core.staff.model import Staff
from core.ticket.model import Ticket

Purpose = Literal["survey", "appointment", "staff_alert"]


@dataclass(frozen=True)
class NoCall:
    """Why no call is made; ``again`` is when asking may help, None when only a person can call."""

    why: str
    again: datetime | None = None


def place_call(
    session: Session,
    house: House,
    *,
    purpose: Purpose,
    phone: str,
    at: datetime,
    key: str,
    ticket: Ticket | None = None,
    staff: Staff | None = None,
    **facts: Any,
) -> OutboxMessage | NoCall:
    """Queue a call to ``phone`` (E.164), once per ``key``; NoCall where it may not be or cannot be made."""
    if "voice_out" not in house.ways:
        return NoCall("no telephone provider can call out")
    raise NotImplementedError
