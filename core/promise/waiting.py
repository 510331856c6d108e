"""When the clocks of the work stand still: the next step is the customer's, or a part is on its way."""

from core.ticket.lifecycle import UNDER_WAY
from core.ticket.model import Ticket

# An answer is owed whoever is waited for, and the confirmation is the customer's own time.
PAUSING = ("on_site", "solved")


def waiting_for(ticket: Ticket) -> str | None:
    """``customer``, ``parts``, or None when the next step is ours."""
    if ticket.state == "waiting_parts":
        return "parts"
    asked = ticket.fee_consent == "asked"  # the price was told, and nobody goes before it is agreed to
    at_work = ticket.state in ("filed", "accepted", *UNDER_WAY)
    return "customer" if at_work and (asked or ticket.waits_for == "customer") else None
