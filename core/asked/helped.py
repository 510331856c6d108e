"""Who waits for an answer found it in an article that was offered meanwhile: nobody need answer them any more."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from core.asked.model import WAITING, WITHDRAWN, AskedQuestion
from core.asked.put import one_at_a_time
from core.asked.reply import held
from core.care.notice import reachable
from core.house import House
from core.knowledge.questions import pair_of
from core.ticket.actions import Order, act, find
from core.ticket.lifecycle import VERBS, note
from core.ticket.model import Ticket


def helped(
    session: Session, house: House, row: AskedQuestion, *, found: str, at: datetime, actor: str, channel: str
) -> bool:
    """Withdraw what ``found`` (a pair's key) answered. The ticket ends, unless others wait there. False: it waits no more.

    The asker's conversation is held. Locks: conversation of the ticket's customer, ticket, question.
    """
    ticket = _held_ticket(session, row)
    row = held(session, row)
    if row.state != WAITING or ticket is None:
        return False
    row.state, row.found, row.solved = WITHDRAWN, found, True
    known = pair_of(session, found)
    text = known[1].question if known else found
    step = {"actor": actor, "channel": channel, "audience": "staff"}
    note(session, ticket, verb="article_helped", at=at, text=text, **step)
    session.flush()  # the place of the first who waits is free
    if row.same_as_id is not None:
        return True
    heir = _next(session, row)
    if heir is not None:
        _hand_on(session, row, heir)
    elif ticket.state in VERBS["close"].sources:
        act(session, house, Order(ticket.number, "close", by=actor, at=at, channel=channel, quietly=True))
    return True


def _held_ticket(session: Session, row: AskedQuestion) -> Ticket | None:
    """The ticket of whoever asked it first; it stays the same when another takes their place."""
    mine, first = aliased(AskedQuestion), aliased(AskedQuestion)
    query = select(Ticket.number, Ticket.customer_id).join(first, first.ticket_id == Ticket.id)
    query = query.join(mine, first.id == func.coalesce(mine.same_as_id, mine.id))
    found = session.execute(query.where(mine.id == row.id)).first()
    if found is None:
        return None
    reachable(session, found.customer_id)
    one_at_a_time(session, row.put_to or None)  # whoever asks the same this moment finds who is first now
    return find(session, found.number)


def _next(session: Session, row: AskedQuestion) -> AskedQuestion | None:
    others = select(AskedQuestion).where(AskedQuestion.same_as_id == row.id, AskedQuestion.state == WAITING)
    return session.scalars(others.order_by(AskedQuestion.id).limit(1).with_for_update()).first()


def _hand_on(session: Session, row: AskedQuestion, heir: AskedQuestion) -> None:
    """``heir`` is the first from now on, with whatever is under way for the ticket; whoever joined stays with it."""
    joined = update(AskedQuestion).where(AskedQuestion.same_as_id == row.id)
    session.execute(joined.values(same_as_id=heir.id), execution_options={"synchronize_session": "fetch"})
    heir.same_as_id, heir.ticket_id, heir.alike = None, row.ticket_id, row.alike
    heir.writer, heir.writes, heir.writer_until = row.writer, row.writes, row.writer_until
    row.same_as_id, row.ticket_id = heir.id, None
    row.writer = row.writes = row.writer_until = None
    session.flush()
