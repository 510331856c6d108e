"""Keeping the promises of care: follow-up, survey, and a person's call where no chat reaches the customer."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.call.limits import NoCall
from core.call.outbound import Purpose, place_call
from core.care.notice import reachable, tell
from core.dialogue.state import State
from core.house import House
from core.messaging.outbox import OutboxMessage
from core.promise.calendar import QuietHours
from core.promise.model import Promise, promise
from core.staff.push import push
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

RATING = tuple((str(score), f"score_{score}") for score in (5, 4, 3, 2, 1))
_MID_FORM = timedelta(minutes=15)


def keep_follow_up(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    ticket = session.get_one(Ticket, row.ticket_id)
    if ticket.state != "done":
        return _call_off(row, now, f"ticket is {ticket.state}")
    wait = _not_now(session, house, ticket, row, now)
    if wait or row.status != "pending":
        return wait
    survey = _falls_together(session, house, ticket, row)
    if survey is not None and _send_survey(session, house, ticket, survey, now, wording="care.both"):
        survey.status, survey.ended_at, survey.reason = "done", now, "sent with the follow-up"
        _written(session, ticket, "follow_up_sent", now)
        return None
    choices = (("1", "fixed"), ("2", "not_fixed"), ("0", "person"))
    sent = tell(
        session,
        house,
        ticket,
        wording="care.follow_up",
        at=now,
        key=row.key,
        question="signed",
        choices=choices,
    )
    if sent is None:
        return _phone_asks(session, house, ticket, row, now, instead_of=survey)
    _written(session, ticket, "follow_up_sent", now)
    return None


def keep_survey(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    ticket = session.get_one(Ticket, row.ticket_id)
    if ticket.state not in ("done", "followed_up") or ticket.rating is not None:
        return _call_off(row, now, "rated" if ticket.rating else f"ticket is {ticket.state}")
    wait = _not_now(session, house, ticket, row, now)
    if wait or row.status != "pending":
        return wait
    if not _send_survey(session, house, ticket, row, now, wording="care.survey"):
        return _phone_asks(session, house, ticket, row, now)
    return None


def keep_survey_unanswered(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    ticket = session.get_one(Ticket, row.ticket_id)
    if ticket.rating is not None or ticket.state not in ("done", "followed_up"):
        return _call_off(row, now, "answered")
    return _phone_asks(session, house, ticket, row, now)


def keep_reminder(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    ticket = session.get_one(Ticket, row.ticket_id)
    if ticket.state != "appointed" or ticket.appointment_at is None or ticket.appointment_at <= now:
        return _call_off(row, now, f"ticket is {ticket.state}")
    quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    if quiet.covers(now):  # late after an outage: the morning is soon enough, or too late and then called off
        row.reason = "quiet hours"
        return quiet.after(now)
    if tell(session, house, ticket, wording="notice.reminder", at=now, key=row.key) is None:
        return _phone_reminds(session, house, ticket, row, now)
    _written(session, ticket, "reminder_sent", now)
    return None


def _phone_reminds(
    session: Session, house: House, ticket: Ticket, row: Promise, now: datetime
) -> datetime | None:
    """Where no chat reaches them: a call the day before; an hour before they may be on their way already."""
    if not row.key.endswith(":day"):
        return _call_off(row, now, "no chat reaches the customer")
    placed = _ring(session, house, ticket, row, now, "appointment")
    if isinstance(placed, NoCall):
        row.reason = placed.why
        if placed.again is not None and ticket.appointment_at and placed.again < ticket.appointment_at:
            return placed.again
        return _person_calls(session, house, ticket, row, now, why=placed.why)
    return None


def _phone_asks(
    session: Session,
    house: House,
    ticket: Ticket,
    row: Promise,
    now: datetime,
    *,
    instead_of: Promise | None = None,
) -> datetime | None:
    """Where no chat helps: a call of ours (E1), and where that cannot be, a call by a person."""
    if ticket.customer.opted_out_at is not None:
        return _call_off(row, now, "the customer opted out")
    placed = _ring(session, house, ticket, row, now, "survey")
    if isinstance(placed, NoCall):
        row.reason = placed.why
        return placed.again or _person_calls(session, house, ticket, row, now, why=placed.why)
    row.reason = "asked by a call"
    if instead_of is not None:
        instead_of.status, instead_of.ended_at, instead_of.reason = "done", now, "asked by the same call"
    return None


def _ring(
    session: Session, house: House, ticket: Ticket, row: Promise, now: datetime, purpose: Purpose
) -> OutboxMessage | NoCall:
    phone = ticket.phone or ticket.customer.phone
    if phone is None:
        return NoCall("no number is known")
    return place_call(session, house, purpose=purpose, phone=phone, at=now, key=row.key, ticket=ticket)


def _not_now(session: Session, house: House, ticket: Ticket, row: Promise, now: datetime) -> datetime | None:
    """Why the customer may not be asked at this moment: opted out, quiet hours, or in the middle of a report."""
    if ticket.customer.opted_out_at is not None:
        return _call_off(row, now, "the customer opted out")
    quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    if quiet.covers(now):
        row.reason = "quiet hours"
        return quiet.after(now)
    conversation = reachable(session, ticket.customer_id)
    busy = conversation is not None and State.load(conversation.state).form is not None
    if busy and conversation and conversation.last_heard_at and now - conversation.last_heard_at < _MID_FORM:
        row.reason = "the customer is in the middle of a report"
        return now + _MID_FORM
    return None


def _call_off(row: Promise, now: datetime, why: str) -> datetime | None:
    row.status, row.ended_at, row.reason = "cancelled", now, why
    return None


def _falls_together(session: Session, house: House, ticket: Ticket, row: Promise) -> Promise | None:
    window = timedelta(minutes=house.book.policy("survey")["merge_minutes"])
    query = select(Promise).where(
        Promise.ticket_id == ticket.id, Promise.kind == "survey", Promise.status == "pending"
    )
    return session.scalars(query.where(Promise.due_at <= row.due_at + window).with_for_update()).first()


def _send_survey(
    session: Session, house: House, ticket: Ticket, row: Promise, now: datetime, *, wording: str
) -> bool:
    sent = tell(
        session, house, ticket, wording=wording, at=now, key=row.key, question="rating", choices=RATING
    )
    if sent is None:
        return False
    _written(session, ticket, "survey_sent", now)
    due = now + timedelta(days=house.book.policy("survey_answer_days"))
    key = f"survey_unanswered:{ticket.number}:{ticket.round}"
    promise(session, {"key": key, "kind": "survey_unanswered", "due_at": due, "ticket_id": ticket.id})
    return True


def _person_calls(
    session: Session, house: House, ticket: Ticket, row: Promise, now: datetime, *, why: str
) -> datetime | None:
    row.reason = f"handed to a person: call the customer ({why})"
    push(
        session,
        house,
        key=f"call:{row.key}",
        audience="desk",
        wording="push.call_task",
        at=now,
        ticket=ticket,
    )
    return None


def _written(session: Session, ticket: Ticket, verb: str, now: datetime) -> None:
    note(session, ticket, verb=verb, at=now, actor="frontdoor", channel="staff")
