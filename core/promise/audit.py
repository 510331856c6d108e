"""What must hold of promises: who waits for one has it, none is kept twice, and none lies due while others are kept."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from core.care.case import COMPLETED
from core.care.model import CallTask, Contact, FollowUp
from core.promise.clock import SlaClock
from core.promise.model import PENDING, Promise
from core.service.model import Policy
from core.ticket.model import Ticket, TimelineEntry

ENDED = ("done", "cancelled")


def broken_promises(session: Session, *, now: datetime, limit: int) -> list[dict[str, Any]]:
    """Violations, as ``frontdoor audit`` lists them."""
    rules: dict[str, tuple[str, Select[Any] | None]] = {
        "an ended promise, and only it, has an end": ("promise", _without_end()),
        "a promise is claimed while others are kept": ("promise", _unclaimed(session, now)),
        "a clock that runs has a next promise": ("ticket", _clocks_without(session)),
        "a finished service is asked about, or the reason is known": ("ticket", _cases_without()),
        "a customer is asked once for a promise": ("promise", _asked_twice()),
        "a broken service level is told once": ("ticket", _breaches_told_twice()),
    }
    return [
        {"rule": f"promises: {rule}", what: found}
        for rule, (what, query) in rules.items()
        if query is not None
        for found in session.scalars(query.limit(limit))
    ]


def _policy(session: Session, name: str) -> Any:
    return session.scalar(select(Policy.value).where(Policy.name == name))


def _without_end() -> Select[Any]:
    pending = Promise.status == "pending"
    unknown = Promise.status.not_in(("pending", *ENDED))
    return select(Promise.key).where(or_(unknown, pending != Promise.ended_at.is_(None)))


def _unclaimed(session: Session, now: datetime) -> Select[Any] | None:
    """While everything is down nothing is claimed; but a clock that kept others has seen this one too."""
    patience = timedelta(minutes=_policy(session, "promises")["unclaimed_minutes"])
    kept = select(func.max(Promise.ended_at)).where(
        Promise.status == "done", Promise.ended_at <= now - patience
    )
    alive = session.scalar(kept)
    if alive is None:
        return None
    return select(Promise.key).where(PENDING, Promise.due_at <= alive).order_by(Promise.due_at)


def _clocks_without(session: Session) -> Select[Any] | None:
    """Until it stops or is broken, a clock has warnings to come; one that waits for parts, the end of its pause."""
    if max(_policy(session, "escalation_percent"), default=0) < 100:
        return None  # then the last warning leaves nothing to come
    next_one = exists().where(
        Promise.ticket_id == SlaClock.ticket_id,
        Promise.kind == "sla_" + SlaClock.clock,
        Promise.status == "pending",
    )
    counts = or_(SlaClock.paused_at.is_(None), SlaClock.pause_reason == "parts")
    runs = SlaClock.started_at.is_not(None) & SlaClock.stopped_at.is_(None) & SlaClock.breached_at.is_(None)
    lost = select(Ticket.number).join(SlaClock, SlaClock.ticket_id == Ticket.id)
    return lost.where(runs, counts, ~next_one).distinct()


def _cases_without() -> Select[Any]:
    """Not asked and not answered yet: then one of its promises waits, or says why it did not ask."""
    mine = Promise.key.in_([f"{kind}:" + FollowUp.key for kind in ("follow_up", "survey")])
    known = exists().where(mine, or_(Promise.status == "pending", Promise.reason.is_not(None)))
    listed = exists().where(CallTask.follow_up == FollowUp.key)
    lost = select(Ticket.number).join(FollowUp, FollowUp.ticket_id == Ticket.id)
    lost = lost.where(FollowUp.plan == COMPLETED, FollowUp.asked_at.is_(None), FollowUp.outcome.is_(None))
    return lost.where(Ticket.state == "done", ~known, ~listed).distinct()


def _asked_twice() -> Select[Any]:
    asked = select(Contact.key).where(Contact.channel != "staff")
    return asked.group_by(Contact.key).having(func.count() > 1)


def _breaches_told_twice() -> Select[Any]:
    """Each clock of each round is broken once, and the timeline says so once."""
    said = select(func.count()).where(
        TimelineEntry.ticket_id == SlaClock.ticket_id,
        TimelineEntry.verb == "sla_breach",
        TimelineEntry.note == "sla_" + SlaClock.clock,
    )
    marks = func.count(SlaClock.breached_at)
    per_clock = select(SlaClock.ticket_id).group_by(SlaClock.ticket_id, SlaClock.clock)
    twice = per_clock.having(said.correlate(SlaClock).scalar_subquery() > marks).subquery()
    return select(Ticket.number).where(Ticket.id.in_(select(twice.c.ticket_id)))
