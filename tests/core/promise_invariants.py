"""What holds of promises after every step: nothing is asked twice, nothing at night, and each mark is one."""

from collections import Counter
from datetime import time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.model import Contact
from core.escalation.model import ACKNOWLEDGED, EXHAUSTED, RUNNING, AlertChain
from core.house import House
from core.messaging.outbox import OutboxMessage
from core.promise.clock import SlaClock
from core.promise.model import Promise
from core.ticket.model import TimelineEntry


def check_promises(house: House) -> None:
    with house.database.reading() as session:
        asked_once_and_by_day(session, house)
        never_over_the_weekly_cap(session, house)
        each_mark_once(session)


def asked_once_and_by_day(session: Session, house: House) -> None:
    contacts = session.scalars(select(Contact).where(Contact.channel != "staff")).all()
    twice = [key for key, count in Counter(contact.key for contact in contacts).items() if count > 1]
    assert not twice, twice
    for contact in contacts:
        assert time(9) <= house.local(contact.at).time() < time(21), (contact.key, contact.at)


def never_over_the_weekly_cap(session: Session, house: House) -> None:
    """Those that count are the ones before, and where the clock was put back, what is still to come by it."""
    most = house.book.policy("outreach")["per_week"]
    contacts = session.scalars(select(Contact).order_by(Contact.id)).all()
    for place, contact in enumerate(contacts):
        if contact.channel == "staff":
            continue
        since = contact.at - timedelta(days=7)
        before = [c for c in contacts[:place] if c.customer_id == contact.customer_id and c.at > since]
        assert len(before) < most, (contact.key, contact.at)


def each_mark_once(session: Session) -> None:
    """What a clock's row says was told is what the timeline says, warning by warning and breach by breach."""
    said = Counter(
        session.execute(
            select(TimelineEntry.ticket_id, TimelineEntry.verb, TimelineEntry.note).where(
                TimelineEntry.verb.in_(("sla_warning", "sla_breach"))
            )
        ).all()
    )
    keys = session.scalars(select(AlertChain.key)).all()
    assert len(keys) == len(set(keys))
    marks: Counter[tuple[int, str, str]] = Counter()
    for clock in session.scalars(select(SlaClock)):
        kind = f"sla_{clock.clock}"
        marks[clock.ticket_id, "sla_breach", kind] += clock.breached_at is not None
        marks[clock.ticket_id, "sla_warning", kind] += len(clock.warned)
    told = {key: count for key, count in said.items() if count > marks[key]}
    assert not told, told


def at_rest(house: House) -> None:
    """Nothing is forgotten: nothing due is left, every chain was taken or has come to its end, every alert was sent."""
    now = house.clock.now()
    with house.database.reading() as session:
        due = session.scalars(
            select(Promise.key).where(Promise.status == "pending", Promise.due_at <= now)
        ).all()
        assert not due, due
        chains = session.scalars(select(AlertChain)).all()
        assert not [chain.key for chain in chains if chain.state == RUNNING]
        for chain in chains:
            assert chain.ended_at and (chain.state != ACKNOWLEDGED or chain.ended_by), chain.key
            assert chain.state != EXHAUSTED or chain.round == chain.snapshot["rounds"], chain.key
        waiting = session.scalars(select(OutboxMessage.id).where(OutboxMessage.status == "pending")).all()
        assert not waiting, waiting
