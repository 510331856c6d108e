"""What a customer's verdict does to a ticket (E3): a good one closes it, a bad one opens it again."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.care.case import answered, key_of, last_answer, may_change
from core.care.tasks import call_off_for_ticket
from core.house import House
from core.promise.watch import confirmed
from core.staff.push import push
from core.ticket.actions import sign
from core.ticket.consequences import reopened
from core.ticket.lifecycle import ENDED, move, note
from core.ticket.model import SEVERITIES, Ticket

BAD = 2  # this and below is a bad rating


def rate(
    session: Session, house: House, ticket: Ticket, score: int, *, at: datetime, actor: str, channel: str
) -> str:
    """Record 1–5. Returns what came of it: thanked, reopened, changed or too_late."""
    changing = ticket.rating is not None
    hours = house.book.policy("rating_change_hours")
    if changing and not may_change(session, ticket, at=at, hours=hours):
        return "too_late"
    case = last_answer(session, ticket) if changing else None
    good = score > BAD
    answered(session, case.key if case else key_of(ticket), at=at, outcome="fixed" if good else "not_fixed",
             score=score)  # fmt: skip
    ticket.rating = score
    note(session, ticket, verb="rate", at=at, actor=actor, channel=channel, text=str(score))
    if not good:
        not_fixed(session, house, ticket, at=at, actor=actor, channel=channel, why=f"rating {score}")
        return "reopened"
    call_off_for_ticket(session, ticket.id, purpose="survey", at=at, why="answered")
    # Whoever changes a bad rating to a good one has a ticket in work again: the head decides about it.
    if not changing or ticket.state in ("done", "followed_up"):
        close(session, ticket, at=at, actor=actor, channel=channel)
    return "changed" if changing else "thanked"


def fixed(session: Session, ticket: Ticket, *, at: datetime, actor: str, channel: str) -> None:
    """The customer says it works: the work is signed for."""
    if ticket.state in ("done", "followed_up"):
        sign(session, ticket, at=at, actor=actor, channel=channel)
        answered(session, key_of(ticket), at=at, outcome="fixed")


def not_fixed(
    session: Session, house: House, ticket: Ticket, *, at: datetime, actor: str, channel: str, why: str
) -> None:
    """Back to work, one severity higher: reopened where it was done, and the department head is pushed."""
    if ticket.state in ("done", "followed_up", "closed"):
        if ticket.rating is None:
            answered(session, key_of(ticket), at=at, outcome="not_fixed")
        call_off_for_ticket(session, ticket.id, purpose="survey", at=at, why="answered")
        move(session, ticket, "reopen", at=at, actor=actor, channel=channel, text=why)
        _raise(session, ticket, at)
        reopened(session, house, ticket, at=at)
    key = f"unhappy:{ticket.number}:{ticket.round}:{at.isoformat()}"
    push(session, house, key=key, audience="head", wording="push.unhappy", at=at, ticket=ticket, why=why)


def close(session: Session, ticket: Ticket, *, at: datetime, actor: str, channel: str) -> None:
    """Asked and done with; a complaint waits for the customer's word on it."""
    confirmed(session, ticket, at=at)
    if ticket.state == "done":
        move(session, ticket, "follow_up", at=at, actor=actor, channel=channel)
    if ticket.state not in ENDED and ticket.kind != "complaint":
        move(session, ticket, "close", at=at, actor=actor, channel=channel)


def _raise(session: Session, ticket: Ticket, at: datetime) -> None:
    place = SEVERITIES.index(ticket.severity)
    if place + 1 < len(SEVERITIES):
        ticket.severity = SEVERITIES[place + 1]
        note(session, ticket, verb="severity", at=at, actor="frontdoor", channel="staff",
             text=f"{SEVERITIES[place]} → {ticket.severity}", audience="staff")  # fmt: skip
