"""转交: a question that waits goes to somebody else. Its deadline goes on as it was; who had it is left alone (G3)."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.asked.model import ANSWERED, CONFIRMED, AskedQuestion
from core.asked.pushed import push_question
from core.asked.reply import everybody, first_of, held, refuse_ended
from core.asked.takers import taker_named
from core.asked.writer import expect_nothing
from core.escalation.settle import acknowledge
from core.house import House
from core.staff.card import close_cards
from core.staff.refusal import Refused
from core.ticket.find import find
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

DESK = ""  # where nobody in particular has it


def hand_over(
    session: Session,
    house: House,
    *,
    number: str,
    to: str,
    by: str,
    at: datetime,
    channel: str = "staff",
    holder: str | None = None,
) -> AskedQuestion:
    """``to`` answers it from now on, and is pushed with it. Refused: answered, ended, or nobody who can take it.

    ``holder`` is who had it when ``by`` decided (DESK: nobody): if another did so at the same moment, it is refused.
    Locks: ticket, question, cards.
    """
    ticket, first = waiting(session, house, number, holder=holder)
    before = ticket.assignee
    person = taker_named(session, house, to.strip(), number=number, holder=before, by=by, at=at)
    ticket.assignee = person.name
    rows = everybody(session, first)
    for row in rows:
        row.trainer = person.name
    expect_nothing(first)  # words that are still written are no answer any more
    text = f"{before or '—'} → {person.name}"
    note(session, ticket, verb="hand_over", at=at, actor=by, channel=channel, text=text, audience="staff")
    close_cards(session, house, ticket, "asked.card.to", at=at, but=person.name, by=by, name=person.name)
    acknowledge(session, house, ticket, by=by, at=at)
    session.flush()
    if person.name != by:
        key = f"asked_handed:{first.id}:{at.isoformat()}"
        more = {"by": by, "askers": len(rows)}
        push_question(
            session, house, first, ticket, "push.asked_handed", key=key, at=at, names=[person.name], **more
        )
    return first


def waiting(
    session: Session, house: House, number: str, *, holder: str | None
) -> tuple[Ticket, AskedQuestion]:
    """A ticket and the question behind it, both held and as they are now; Refused as must_wait()."""
    ticket = find(session, number)
    session.refresh(ticket)  # as it is now that we hold it
    first = held(session, first_of(session, number))
    must_wait(house, first, ticket, holder=holder)
    return ticket, first


def must_wait(house: House, first: AskedQuestion, ticket: Ticket, *, holder: str | None = None) -> None:
    """Refused where it waits no more, or is no longer ``holder``'s. The question is held."""
    number = ticket.number
    if first.state in (ANSWERED, CONFIRMED):
        raise Refused("asked.answered", number=number, by=first.answered_by or "—")
    refuse_ended(first, number)
    if holder is not None and holder != (ticket.assignee or DESK):
        name = ticket.assignee or house.book.text("word.colleague")
        raise Refused("asked.handed_over", number=number, name=name)
