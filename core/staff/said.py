"""What a push says and what it is about."""

from dataclasses import dataclass
from datetime import datetime

from core.ticket.model import Ticket


@dataclass(frozen=True)
class Said:
    """The words of a push and what they are about, the same for everybody it goes to."""

    key: str
    audience: str
    wording: str
    at: datetime
    ticket: Ticket | None
