"""Keeping the promises of a finished service: the follow-up, the survey, and what is done where nobody answers."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.ask import Question, ask
from core.care.outreach import Decision, Person, SendBy, Wait
from core.house import House
from core.promise.model import Promise, promise
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

RATING = tuple((str(score), f"score_{score}") for score in (5, 4, 3, 2, 1))
SIGNED = (("1", "fixed"), ("2", "not_fixed"), ("0", "person"))
FOLLOW_UP = Question("care.follow_up", "signed", SIGNED, "follow_up_sent")
SURVEY = Question("care.survey", "rating", RATING, "survey_sent")
BOTH = Question("care.both", "rating", RATING, "survey_sent")


def keep_follow_up(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Ask whether it works now, together with the rating where both are due. Returns when to try again, if it must wait."""
    ticket = session.get_one(Ticket, row.ticket_id)
    if ticket.state != "done":
        return call_off(row, now, f"ticket is {ticket.state}")
    survey = _falls_together(session, house, ticket, row)
    decision = ask(session, house, ticket, row, BOTH if survey else FOLLOW_UP, now=now, plan="follow_up")
    in_chat = isinstance(decision, SendBy) and decision.conversation is not None
    # A call asks for the rating in any case: a survey after it would ask twice.
    if survey is not None and isinstance(decision, SendBy | Person):
        survey.status, survey.ended_at = "done", now
        survey.reason = "sent with the follow-up" if in_chat else "asked by the same call"
    if survey is not None and in_chat:
        note(session, ticket, verb="follow_up_sent", at=now, actor="frontdoor", channel="staff")
        _look_again(session, house, ticket, now)
    return _again(decision)


def keep_survey(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Ask for the rating. Returns when to try again, if it must wait."""
    ticket = session.get_one(Ticket, row.ticket_id)
    if _over(ticket):
        return call_off(row, now, "rated" if ticket.rating else f"ticket is {ticket.state}")
    decision = ask(session, house, ticket, row, SURVEY, now=now, plan="survey")
    if isinstance(decision, SendBy) and decision.conversation is not None:
        _look_again(session, house, ticket, now)
    return _again(decision)


def keep_survey_unanswered(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Nobody rated in the chat: ask by a call, or let a person call."""
    ticket = session.get_one(Ticket, row.ticket_id)
    if _over(ticket):
        return call_off(row, now, "answered")
    by_voice = ("call", "person")
    return _again(ask(session, house, ticket, row, SURVEY, now=now, plan="survey", channels=by_voice))


def call_off(row: Promise, now: datetime, why: str) -> datetime | None:
    """End a promise with the reason why nothing was asked; for handlers to return."""
    row.status, row.ended_at, row.reason = "cancelled", now, why
    return None


def _over(ticket: Ticket) -> bool:
    return ticket.rating is not None or ticket.state not in ("done", "followed_up")


def _again(decision: Decision) -> datetime | None:
    return decision.until if isinstance(decision, Wait) else None


def _falls_together(session: Session, house: House, ticket: Ticket, row: Promise) -> Promise | None:
    window = timedelta(minutes=house.book.policy("survey")["merge_minutes"])
    query = select(Promise).where(
        Promise.ticket_id == ticket.id, Promise.kind == "survey", Promise.status == "pending"
    )
    return session.scalars(query.where(Promise.due_at <= row.due_at + window).with_for_update()).first()


def _look_again(session: Session, house: House, ticket: Ticket, now: datetime) -> None:
    due = now + timedelta(days=house.book.policy("survey_answer_days"))
    key = f"survey_unanswered:{ticket.number}:{ticket.round}"
    promise(session, {"key": key, "kind": "survey_unanswered", "due_at": due, "ticket_id": ticket.id})
