"""What a customer's verdict does to a ticket (E3): a good one closes it, a bad one opens it again."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.house import House
from core.promise.watch import confirmed
from core.staff.push import push
from core.ticket.actions import reopened, sign
from core.ticket.lifecycle import ENDED, move, note
from core.ticket.model import Ticket

BAD = 2  # this and below is a bad rating


def rate(
    session: Session, house: House, ticket: Ticket, score: int, *, at: datetime, actor: str, channel: str
) -> str:
    """Record 1–5. Returns what came of it: thanked, reopened, changed or too_late."""
    changing = ticket.rating is not None
    limit = timedelta(hours=house.book.policy("rating_change_hours"))
    if changing and (ticket.closed_at is None or at - ticket.closed_at > limit):
        return "too_late"
    ticket.rating = score
    note(session, ticket, verb="rate", at=at, actor=actor, channel=channel, text=str(score))
    if score <= BAD:
        not_fixed(session, house, ticket, at=at, actor=actor, channel=channel, why=f"rating {score}")
        return "reopened"
    _close(session, ticket, at=at, actor=actor, channel=channel)
    return "changed" if changing else "thanked"


def fixed(session: Session, ticket: Ticket, *, at: datetime, actor: str, channel: str) -> None:
    """The customer says it works: the work is signed for."""
    if ticket.state in ("done", "followed_up"):
        sign(session, ticket, at=at, actor=actor, channel=channel)


def not_fixed(
    session: Session, house: House, ticket: Ticket, *, at: datetime, actor: str, channel: str, why: str
) -> None:
    """Back to work: reopened where it was done, and the department head is pushed."""
    if ticket.state in ("done", "followed_up", "closed"):
        move(session, ticket, "reopen", at=at, actor=actor, channel=channel, text=why)
        reopened(session, house, ticket, at=at)
    key = f"unhappy:{ticket.number}:{ticket.round}:{at.isoformat()}"
    push(session, house, key=key, audience="head", wording="push.unhappy", at=at, ticket=ticket, why=why)


def _close(session: Session, ticket: Ticket, *, at: datetime, actor: str, channel: str) -> None:
    confirmed(session, ticket, at=at)
    if ticket.state == "done":
        move(session, ticket, "follow_up", at=at, actor=actor, channel=channel)
    if ticket.state not in ENDED and ticket.kind != "complaint":
        move(session, ticket, "close", at=at, actor=actor, channel=channel)
