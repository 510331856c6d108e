"""An order: one thing that a member of staff wants done to a ticket, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime


class BadRequest(Exception):
    """{what}"""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class Order:
    """One thing a member of staff wants done. ``when`` is the appointment, ``into`` the ticket to merge into."""

    number: str
    verb: str
    by: str
    at: datetime
    channel: str = "staff"
    note: str | None = None
    when: datetime | None = None
    outlet: int | None = None
    into: str | None = None
    fee: float | None = None
    value: str | None = None  # the new severity or contract
    quietly: bool = False  # the customer did it in this conversation and is answered there
