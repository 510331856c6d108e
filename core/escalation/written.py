"""What a chain leaves on the ticket's timeline for staff, and what the general manager hears of the chain itself."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.escalation.model import AlertChain, AlertStep
from core.house import House
from core.staff.audience import active_staff, recipients
from core.staff.people import named
from core.staff.said import Said
from core.staff.tell import tell, words
from core.ticket.lifecycle import note
from core.ticket.model import Ticket


def told_note(
    session: Session,
    chain: AlertChain,
    ticket: Ticket,
    told: list[str],
    channels: list[str],
    *,
    at: datetime,
) -> None:
    """Who was told at one moment; nothing where nobody was."""
    if not told:
        return
    channel = channels[0] if len(set(channels)) == 1 else "staff"
    text = f"{chain.wording}: {', '.join(dict.fromkeys(told))}"
    note(session, ticket, verb="push", at=at, actor="frontdoor", channel=channel, text=text, audience="staff")


def failed_note(session: Session, ticket: Ticket, step: AlertStep, *, at: datetime) -> None:
    """A way that refused, on the ticket's timeline for staff."""
    text = f"{step.person}: {step.channel}: {step.reason}"[:500]
    note(session, ticket, verb="push_failed", at=at, actor="frontdoor", channel=step.channel, text=text,
         audience="staff")  # fmt: skip


def tell_bosses(
    session: Session, house: House, ticket: Ticket, *, key: str, wording: str, at: datetime
) -> None:
    """A plain push to the general manager about a chain itself; not an alert, or it would never end."""
    said = Said(key, "general_manager", wording, at, ticket)
    for name in recipients(active_staff(session), said.audience, on_duty=()):
        person = named(session, name)
        text = words(house, said, person.language if person else "zh")
        tell(session, house, said, name, person, text)
