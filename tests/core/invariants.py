"""What must hold after every step, whatever happened: nothing lost, nothing twice, nothing impossible."""

from collections import Counter
from datetime import time
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import House
from core.messaging.audit import audit
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise
from core.ticket.lifecycle import VERBS
from core.ticket.model import Ticket

CARE = ("follow_up:", "survey:", "reminder:")


def check(house: House) -> None:
    """All of them, in one look at the database."""
    with house.database.reading() as session:
        report = audit(session, now=house.clock.now())
        assert report["ok"], report["violations"]
        nothing_twice(session)
        answered_once(session)
        possible_histories(session)
        promises_are_kept_properly(session, house)
        every_completion_is_called_back(session)


def nothing_twice(session: Session) -> None:
    arrivals = session.execute(
        select(InboxMessage.channel, InboxMessage.account, InboxMessage.external_id)
    ).all()
    said = session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.is_not(None))).all()
    numbers = session.scalars(select(Ticket.number)).all()
    for things in (arrivals, said, numbers):
        assert len(things) == len(set(things)), [t for t, n in Counter(things).items() if n > 1]


def answered_once(session: Session) -> None:
    """A processed message has exactly one answer; one that still waits has none, and answers keep their order."""
    answers = Counter(
        session.scalars(select(OutboxMessage.reply_to).where(OutboxMessage.reply_to.is_not(None)))
    )
    status = dict(session.execute(select(InboxMessage.id, InboxMessage.status)).all())
    for row, state in status.items():
        assert answers[row] == (1 if state == "done" else 0), (row, state, answers[row])
    assert not set(answers) - set(status)
    lanes: dict[str, list[int]] = {}
    query = select(OutboxMessage).where(OutboxMessage.reply_to.is_not(None)).order_by(OutboxMessage.id)
    for row in session.scalars(query):
        lanes.setdefault(row.lane, []).append(row.reply_to or 0)
    for lane, replies in lanes.items():
        assert replies == sorted(replies), (lane, replies)


def possible_histories(session: Session) -> None:
    """Every state was reached along the table, step by step."""
    for ticket in session.scalars(select(Ticket)):
        moves = [entry for entry in ticket.timeline if entry.to_state]
        assert moves and moves[0].from_state is None and moves[0].to_state == "filed", ticket.number
        for before, entry in pairwise(moves):
            assert entry.from_state == before.to_state, ticket.number
            assert (
                entry.from_state in VERBS[entry.verb].sources and entry.to_state == VERBS[entry.verb].target
            )
        assert ticket.state == moves[-1].to_state
        assert ticket.signed_at is None or ticket.state in ("done", "followed_up", "closed"), ticket.number


def promises_are_kept_properly(session: Session, house: House) -> None:
    for promise in session.scalars(select(Promise)):
        assert promise.status in ("pending", "done", "cancelled")
        assert (promise.ended_at is None) == (promise.status == "pending"), promise.key
    for message in session.scalars(select(OutboxMessage).where(OutboxMessage.key.is_not(None))):
        if message.key.startswith(CARE):
            assert time(9) <= house.local(message.said_at).time() < time(21), (message.key, message.said_at)


def every_completion_is_called_back(session: Session) -> None:
    """Work that is done has a follow-up of its own: not one that was called off or kept before it was done."""
    for ticket in session.scalars(select(Ticket).where(Ticket.state == "done")):
        key = f"follow_up:{ticket.number}:{ticket.round}"
        due = session.scalars(select(Promise).where(Promise.key == key)).one()
        assert ticket.done_at and (due.ended_at or due.due_at) >= ticket.done_at, key
