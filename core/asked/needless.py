"""不用答: a question that needs no answer ends, and who asked is told where that helps, always in private (G3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.asked.end import withdraw
from core.asked.hand_over import waiting
from core.asked.model import WITHDRAWN, AskedQuestion
from core.asked.places import private_chats, shortened
from core.asked.reply import everybody, first_of
from core.asked.writer import expect_nothing
from core.care.notice import reachable, write
from core.customer.model import Conversation
from core.house import House
from core.staff.card import close_cards
from core.staff.refusal import Refused
from core.ticket.actions import Order, act
from core.ticket.lifecycle import VERBS, note

# Why no answer is needed → whether who asked in a group is told as well. Thanks need no private chat.
REASONS = {"thanks": False, "off_topic": True, "oral": True}


@dataclass(frozen=True)
class Ended:
    """``told`` of the ``askers`` were written to, each in their own private chat."""

    row: AskedQuestion
    askers: int
    told: int


def needs_no_answer(
    session: Session,
    house: House,
    *,
    number: str,
    reason: str,
    by: str,
    at: datetime,
    channel: str = "staff",
    holder: str | None = None,
) -> Ended:
    """End the question behind a ticket for one of REASONS; Refused as hand_over(). Nothing is said in a group.

    Locks: conversations of the askers, ticket, question, outbox rows.
    """
    if reason not in REASONS:
        raise Refused("asked.no_reason", number=number)
    before = first_of(session, number)
    if before.ticket is not None:
        reachable(session, before.ticket.customer_id)
    chats = private_chats(session, everybody(session, before))
    ticket, first = waiting(session, house, number, holder=holder)
    rows = everybody(session, first)
    for row in rows:
        row.state, row.needs_none, row.needs_none_by = WITHDRAWN, reason, by
    expect_nothing(first)
    note(session, ticket, verb="no_answer", at=at, actor=by, channel=channel, text=reason, audience="staff")
    close_cards(session, house, ticket, "asked.card.no_answer", at=at, by=by)
    ticket.assignee = ticket.assignee or by
    if ticket.state in VERBS["close"].sources:
        act(session, house, Order(number, "close", by=by, at=at, channel=channel, quietly=True))
    else:
        withdraw(session, ticket)
    told = _tell(session, house, rows, chats, reason, by=by, at=at)
    return Ended(first, len(rows), told)


def _tell(
    session: Session,
    house: House,
    rows: Sequence[AskedQuestion],
    chats: dict[int, Conversation],
    reason: str,
    *,
    by: str,
    at: datetime,
) -> int:
    """Once in each private chat, however often it was asked there."""
    told = set[int]()
    for row in rows:
        chat = chats.get(row.id)
        if chat is None or chat.id in told or (row.group_id is not None and not REASONS[reason]):
            continue
        told.add(chat.id)
        language = chat.identity.customer.language
        where = house.book.label("asked_where", "group" if row.group_id else "private", language)
        words = {"question": shortened(row.text), "by": by, "where": where}
        text = house.book.text(f"asked.no_answer.{reason}", language, **words)
        more = {"ticket_id": row.ticket_id, "weight": "notice"}
        write(session, chat, text, at=at, key=f"asked_none:{row.id}", **more)
    return len(told)
