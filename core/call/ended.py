"""After a call that we placed: what came of it is written down, and what follows is promised or handed to a person."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.call.limits import NoCall
from core.call.model import Call
from core.call.outbound import place_call
from core.call.outcomes import ANSWERS, DONE, FOLLOWS, Next, outcome_of
from core.care.tasks import open_task
from core.customer.model import Customer
from core.house import House
from core.promise.model import Promise, end_promise, promise
from core.staff.model import Staff
from core.staff.people import named
from core.ticket.lifecycle import note
from core.ticket.model import Ticket
from core.training import review_call
from core.training.called import PURPOSE, by_a_person, news_of


def call_ended(
    session: Session, house: House, call: Call, *, at: datetime, answered_by: str | None = None
) -> None:
    """Once per call: ``outcome`` is its mark. The call is locked by the caller."""
    if call.direction != "outbound" or call.outcome is not None:
        return
    call.ended_at = call.ended_at or at
    call.outcome = outcome_of(call.status, answered_by, call.state.get("marks", []))
    end_promise(session, f"call_unheard:{call.id}", at=at, why=call.outcome)
    ticket = _ticket(session, call)
    if ticket is not None:
        note(session, ticket, verb="call_ended", at=at, actor="frontdoor", channel="voice",
             text=f"{call.purpose}: {call.outcome}", audience="staff")  # fmt: skip
    follows, tries = _follows(call), (call.order or {}).get("tries", 1)
    if call.purpose == review_call.PURPOSE:
        reached = call.outcome in ANSWERS or review_call.was_heard(call)
        review_call.review_call_ended(session, house, call, reached=reached, at=at)
    policy = house.book.policy("voice_out")
    if call.purpose == "staff_alert":
        if follows.again or follows.person:
            _another_way(session, house, call, ticket, call.outcome, at)
    elif follows.again and tries < policy["tries"]:
        due = at + timedelta(minutes=policy["again"][follows.again])
        row = {
            "key": f"call_again:{call.id}",
            "kind": "call_again",
            "due_at": due,
            "ticket_id": call.ticket_id,
        }
        promise(session, {**row, "payload": {"call": call.id}})
    elif follows.again or follows.person:
        hand_to_person(session, house, call, why=call.outcome, at=at)


def _follows(call: Call) -> Next:
    """A questionnaire that somebody heard is not put to them again, also if they hung up at once."""
    heard = call.purpose == review_call.PURPOSE and review_call.was_heard(call)
    return DONE if heard else FOLLOWS[call.outcome or "unknown"]


def call_refused(session: Session, house: House, order: int, reason: str, *, at: datetime) -> None:
    """The provider did not take the order at all."""
    call = session.get_one(Call, order, with_for_update=True)
    if call.outcome is None:
        call.status = "failed"
        call.order = {**(call.order or {}), "refused": reason[:300]}
        call_ended(session, house, call, at=at)


def keep_call_again(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """The next try of a call nobody answered; where it may not be made any more, a person calls."""
    call = session.get_one(Call, row.payload["call"])
    if call.purpose == review_call.PURPOSE:
        return review_call.keep_review_call_again(session, house, row, call, now)
    ticket, order = _ticket(session, call), call.order or {}
    if _settled(session, call, ticket):
        row.status, row.ended_at, row.reason = "cancelled", now, "it is settled already"
        return None
    placed = place_call(
        session,
        house,
        purpose=call.purpose,  # type: ignore[arg-type]
        phone=call.to_number,
        at=now,
        key=order["key"],
        ticket=ticket,
        customer=session.get_one(Customer, order["customer"]) if "customer" in order else None,
        tries=order["tries"] + 1,
        **order["facts"],
    )
    if isinstance(placed, NoCall):
        row.reason = placed.why
        if placed.again is not None:
            return placed.again
        hand_to_person(session, house, call, why=placed.why, at=now)
    return None


def keep_call_unheard(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """No word of the call's end came: it counts as unknown, and a person looks after it."""
    call = session.get_one(Call, row.payload["call"], with_for_update=True)
    if call.ended_at is None:
        call.status = "unknown"
        call_ended(session, house, call, at=now)
    return None


def hand_to_person(session: Session, house: House, call: Call, *, why: str, at: datetime) -> None:
    """A task on the call list, with the reason why the machine does not call."""
    ticket = _ticket(session, call)
    if call.purpose == PURPOSE:
        by_a_person(session, house, news_of(session, call), key=f"{call.id}", why=why, at=at)
    elif call.purpose == review_call.PURPOSE:
        review_call.nobody_answered(session, house, call, why=why, at=at)
    elif ticket is not None:
        key, purpose = f"call:{call.id}", call.purpose or "survey"
        open_task(session, house, ticket, key=key, purpose=purpose, why=why, at=at)


def _another_way(
    session: Session, house: House, call: Call, ticket: Ticket | None, why: str, at: datetime
) -> None:
    """Nobody took the alert on this telephone: the person's other ways, and whoever comes next."""
    from core.staff.hop import pass_on  # pushes may be calls, and calls that fail are pushes again

    order = call.order or {}
    person: Staff | None = named(session, order["staff"])
    pass_on(session, house, order["facts"], person, order["staff"], ticket, f"voice: {why}", at=at)


def _ticket(session: Session, call: Call) -> Ticket | None:
    return session.get(Ticket, call.ticket_id) if call.ticket_id else None


def _settled(session: Session, call: Call, ticket: Ticket | None) -> bool:
    """Whether the customer has said meanwhile what the call was to ask, or it is of no use any more."""
    if call.purpose == PURPOSE:
        return news_of(session, call).stale
    if ticket is None:
        return False
    if call.purpose == "survey":
        answered = ticket.rating is not None or ticket.customer.opted_out_at is not None
        return answered or ticket.state not in ("done", "followed_up")
    return ticket.state != "appointed"
