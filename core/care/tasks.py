"""The last hop (E1): a task for a person on the call list, with the words of the house; told to the desk once."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core.care.case import key_of
from core.care.model import CallTask
from core.care.notice import ticket_words
from core.house import House
from core.staff.push import push
from core.ticket.lifecycle import note
from core.ticket.model import Ticket


def open_task(
    session: Session, house: House, ticket: Ticket, *, key: str, purpose: str, why: str, at: datetime
) -> None:
    """A call about a ticket: survey or appointment. One that waits already for the same is enough."""
    waiting = (CallTask.ticket_id == ticket.id, CallTask.purpose == purpose, CallTask.state == "open")
    if session.scalar(select(CallTask.id).where(*waiting).limit(1)):
        return
    language = ticket.customer.language
    text = house.book.text(f"call.say.{purpose}", language, **ticket_words(house, ticket, language))
    case = key_of(ticket) if purpose == "survey" else None
    added = put_on_list(
        session,
        key=key,
        customer_id=ticket.customer_id,
        ticket_id=ticket.id,
        phone=ticket.phone or ticket.customer.phone,
        purpose=purpose,
        text=text,
        why=why,
        at=at,
        follow_up=case,
    )
    if added:
        push(session, house, key=key, audience="desk", wording="push.call_task", at=at, ticket=ticket)
        note(session, ticket, verb="call_task", at=at, actor="frontdoor", channel="staff", text=why[:300],
             audience="staff")  # fmt: skip


def put_on_list(
    session: Session,
    *,
    key: str,
    text: str,
    why: str,
    at: datetime,
    due_at: datetime | None = None,
    **row: Any,
) -> bool:
    """The row alone; False when ``key`` is on the list already."""
    if session.scalar(select(CallTask.id).where(CallTask.key == key)):
        return False
    session.add(CallTask(key=key, text=text[:1000], why=why[:300], created_at=at, due_at=due_at or at, **row))
    return True


def call_off_for_ticket(session: Session, ticket_id: int, *, purpose: str, at: datetime, why: str) -> None:
    """The customer has answered meanwhile: nobody need call."""
    _call_off(session, (CallTask.ticket_id == ticket_id, CallTask.purpose == purpose), at, why)


def call_off_for_case(session: Session, case: str, *, at: datetime, why: str) -> None:
    """The case of a plan is answered: nobody need call about it."""
    _call_off(session, (CallTask.follow_up == case,), at, why)


def call_off_for_customer(session: Session, customer_id: int, *, at: datetime, why: str) -> None:
    """They want no follow-up any more; what they are to be told about a repair or their seat is still told."""
    mine = (
        CallTask.customer_id == customer_id,
        CallTask.purpose.not_in(("appointment", "message", "training_news")),
    )
    _call_off(session, mine, at, why)


def _call_off(session: Session, which: tuple[ColumnElement[bool], ...], at: datetime, why: str) -> None:
    session.flush()
    off = update(CallTask).where(*which, CallTask.state == "open")
    session.execute(off.values(state="called_off", outcome=why[:100], ended_at=at))
