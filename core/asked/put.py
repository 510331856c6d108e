"""Putting a question to a person: one ticket with its promise, one push, however many ask the same meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.asked.model import WAITING, AskedQuestion
from core.asked.pushed import push_question
from core.asked.same import most_alike
from core.customer.model import Customer
from core.house import House
from core.knowledge.questions import Pair
from core.knowledge.terms import HouseWords
from core.locks import alone, folded
from core.ticket.filing import Filing, file_ticket
from core.ticket.lifecycle import note
from core.ticket.model import ANSWER, Ticket

LOOKED_AT = 50  # waiting questions that a new one is compared with
_QUESTIONS = 0x61736B  # "ask": the name space of the advisory locks of one_at_a_time


@dataclass(frozen=True)
class Waits:
    """A person will answer. ``again``: the asker waits for just this already; ``nearest``: what may be meant."""

    row: AskedQuestion
    due_at: datetime | None
    again: bool = False
    nearest: tuple[Pair, ...] = ()


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
    one_at_a_time(session, row.trainer)
    first = _first(session, house, row)
    if first is not None:
        return _joins(session, first, row)
    row.state = WAITING
    session.add(row)
    session.flush()
    filing = Filing(
        asker, "training" if row.trainer else kind, "normal", channel, asker.name or "customer", at
    )
    ticket = _file(session, house, row, filing)
    return Waits(row, ticket.due_at)


def one_at_a_time(session: Session, trainer: str | None) -> None:
    """Questions to one person are put one after the other: nobody sees what another is just asking in other words."""
    alone(session, _QUESTIONS, folded(trainer or ""))


def still_waits(session: Session, row: AskedQuestion, nearest: tuple[Pair, ...]) -> Waits:
    """The answer that somebody was promised before."""
    first = session.get_one(AskedQuestion, row.same_as_id) if row.same_as_id else row
    return Waits(row, first.ticket.due_at if first.ticket else None, again=True, nearest=nearest)


def _first(session: Session, house: House, row: AskedQuestion) -> AskedQuestion | None:
    """The waiting question that asks the same of the same person; locked, so that no answer passes by it."""
    open_ones = select(AskedQuestion).where(
        AskedQuestion.state == WAITING, AskedQuestion.same_as_id.is_(None)
    )
    exact = session.scalars(open_ones.where(AskedQuestion.alike == row.alike).with_for_update()).first()
    if exact is not None:
        return exact
    # What was handed over is still asked of who had it first, and of who has it now.
    theirs = AskedQuestion.trainer == row.trainer if row.trainer else AskedQuestion.trainer.is_(None)
    once_theirs = AskedQuestion.alike.startswith(f"{row.put_to}|", autoescape=True)
    near_ones = open_ones.where(or_(theirs, once_theirs))
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
    who = {"name": filing.customer.name, "phone": filing.customer.phone}  # so that staff see who waits
    facts = {"description": row.text, "category": row.category, "wants": ANSWER, **who}
    ticket = file_ticket(session, house, filing, facts)
    row.ticket_id = ticket.id
    if row.trainer:
        ticket.assignee = row.trainer
        step = {"actor": "frontdoor", "channel": "staff", "audience": "staff"}
        note(session, ticket, verb="assign", at=filing.at, text=row.trainer, **step)
    session.flush()
    names = [row.trainer] if row.trainer else None
    push_question(session, house, row, ticket, "push.asked", key=f"asked:{row.id}", at=filing.at, names=names)
    return ticket
