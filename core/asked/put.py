"""Putting a question to a person: one ticket with its promise, one push, however many ask the same meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.asked.model import WAITING, AskedQuestion
from core.asked.same import most_alike
from core.customer.model import Customer
from core.house import House
from core.knowledge.terms import HouseWords
from core.staff.push import push
from core.ticket.filing import Filing, file_ticket
from core.ticket.lifecycle import note
from core.ticket.model import ANSWER, Ticket

LOOKED_AT = 50  # waiting questions that a new one is compared with


@dataclass(frozen=True)
class Waits:
    """A person will answer. ``again``: the asker waits for just this already."""

    row: AskedQuestion
    due_at: datetime | None
    again: bool = False


def put(
    session: Session,
    house: House,
    row: AskedQuestion,
    asker: Customer,
    *,
    at: datetime,
    channel: str,
    kind: str = "consultation",
) -> Waits:
    """Join whoever waits for the same answer, or be the first: then the trainer, else the desk, is pushed."""
    while True:
        first = _first(session, house, row)
        if first is not None:
            return _joins(session, first, row)
        try:
            with session.begin_nested():
                row.state = WAITING
                session.add(row)
                session.flush()
        except IntegrityError:  # somebody asked it at this very moment
            continue
        filing = Filing(
            asker, "training" if row.trainer else kind, "normal", channel, asker.name or "customer", at
        )
        ticket = _file(session, house, row, filing)
        return Waits(row, ticket.due_at)


def _first(session: Session, house: House, row: AskedQuestion) -> AskedQuestion | None:
    """The waiting question that asks the same of the same person; locked, so that no answer passes by it."""
    open_ones = select(AskedQuestion).where(
        AskedQuestion.state == WAITING, AskedQuestion.same_as_id.is_(None)
    )
    exact = session.scalars(open_ones.where(AskedQuestion.alike == row.alike).with_for_update()).first()
    if exact is not None:
        return exact
    whom = AskedQuestion.trainer == row.trainer if row.trainer else AskedQuestion.trainer.is_(None)
    near_ones = open_ones.where(whom)
    if row.category:  # where either is not known it may be the same
        about = or_(AskedQuestion.category == row.category, AskedQuestion.category.is_(None))
        near_ones = near_ones.where(about)
    near = session.scalars(near_ones.order_by(AskedQuestion.id.desc()).limit(LOOKED_AT)).all()
    policy, enough = house.book.policy("search"), house.book.policy("asked_questions")["alike"]
    words = HouseWords(policy["silent"], policy["same"])
    place = most_alike(row.text, (other.text for other in near), words, enough=enough)
    if place is None:
        return None
    session.refresh(near[place], with_for_update=True)
    return near[place] if near[place].state == WAITING else None


def _joins(session: Session, first: AskedQuestion, row: AskedQuestion) -> Waits:
    ticket = session.get(Ticket, first.ticket_id) if first.ticket_id else None
    due_at = ticket.due_at if ticket else None
    here = AskedQuestion.customer_id == row.customer_id, AskedQuestion.state == WAITING
    mine = session.scalars(select(AskedQuestion).where(*here)).all()
    known = next((q for q in mine if first.id in (q.id, q.same_as_id) and q.group_id == row.group_id), None)
    if known is not None:
        return Waits(known, due_at, again=True)
    row.state, row.same_as_id, row.trainer = WAITING, first.id, first.trainer
    session.add(row)
    session.flush()
    return Waits(row, due_at)


def _file(session: Session, house: House, row: AskedQuestion, filing: Filing) -> Ticket:
    """The ticket keeps the promise: its clock warns, breaks and escalates by the line ``question`` of the policy sla."""
    facts = {"description": row.text, "category": row.category, "wants": ANSWER}
    ticket = file_ticket(session, house, filing, facts)
    row.ticket_id = ticket.id
    if row.trainer:
        ticket.assignee = row.trainer
        step = {"actor": "frontdoor", "channel": "staff", "audience": "staff"}
        note(session, ticket, verb="assign", at=filing.at, text=row.trainer, **step)
    session.flush()
    push(
        session,
        house,
        key=f"asked:{row.id}",
        audience="desk",
        wording="push.asked",
        at=filing.at,
        ticket=ticket,
        names=[row.trainer] if row.trainer else None,
        asker=filing.customer.name or house.book.text("word.customer"),
        where=house.book.label("asked_where", "group" if row.group_id else "private"),
        due=f"{house.local(ticket.due_at):%m-%d %H:%M}" if ticket.due_at else "—",
    )
    return ticket
