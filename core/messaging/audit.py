"""The conservation check: everything that came in or was promised is accounted for (design §1)."""

from datetime import datetime
from typing import Any

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from core.asked.audit import unpromised
from core.escalation.audit import broken_chains
from core.groups.audit import unread
from core.messaging.inbox import APART, OVERHEARD, InboxMessage
from core.messaging.outbox import OutboxMessage
from core.promise.audit import broken_promises
from core.promise.model import Promise
from core.quality.audit import forgotten
from core.ticket.lifecycle import ENDED, STATES
from core.ticket.model import Ticket, TimelineEntry

# A repetition; and in a group, what was not asked of us or needs no answer.
UNANSWERED = ("duplicate", "group_unasked", "group_said")
MOST = 20  # violations of one kind that are listed


def audit(session: Session, *, now: datetime) -> dict[str, Any]:
    """The report of ``frontdoor audit``: counts, and every broken rule with where it is broken."""
    _see_one_moment(session)
    inbox, outbox = _counts(session, InboxMessage, "processed"), _counts(session, OutboxMessage, "sent")
    inbox = {"received": inbox.pop("total"), **inbox}
    outbox = {"queued": outbox.pop("total"), **outbox}
    violations = [
        *_unbalanced("inbox", inbox, "received"),
        *_unbalanced("outbox", outbox, "queued"),
        *_unanswered(session),
        *_ownerless(session),
        *_broken_timelines(session),
        *_impossible(session),
        *broken_chains(session),
        *forgotten(session, limit=MOST),
        *broken_promises(session, now=now, limit=MOST),
        *unpromised(session, limit=MOST),
        *unread(session, limit=MOST),
    ]
    return {
        "ok": not violations,
        "inbox": inbox,
        "outbox": outbox,
        "promises": _promises(session, now),
        "violations": violations,
    }


def _see_one_moment(session: Session) -> None:
    """In a new session all rules look at the same moment: a house that works meanwhile would look broken in between.

    SQLite does so anyway.
    """
    if session.get_bind().dialect.name == "postgresql" and not session.in_transaction():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _counts(session: Session, model: Any, ended: str) -> dict[str, int]:
    found = session.execute(select(model.status, func.count()).group_by(model.status))
    rows = {row[0]: row[1] for row in found}
    counts = {"total": session.scalar(select(func.count()).select_from(model)) or 0}
    return counts | {
        ended: rows.get("done", 0),
        "pending": rows.get("pending", 0),
        "leased": rows.get("leased", 0),
        "dead": rows.get("dead", 0),
    }


def _unbalanced(name: str, counts: dict[str, int], total: str) -> list[dict[str, Any]]:
    parts = sum(count for key, count in counts.items() if key != total)
    return [] if parts == counts[total] else [{"rule": f"{name} is conserved", "counts": counts}]


def _promises(session: Session, now: datetime) -> dict[str, int]:
    late = case((Promise.late, 1))
    due = case(((Promise.status == "pending") & (Promise.due_at <= now), 1))
    done = case((Promise.status == "done", 1))
    row = session.execute(select(func.count(due), func.count(late), func.count(done))).one()
    pending = session.scalar(select(func.count()).where(Promise.status == "pending")) or 0
    return {"due": row[0], "late": row[1], "done": row[2], "pending": pending}


def _unanswered(session: Session) -> list[dict[str, Any]]:
    """A processed message belongs to a conversation and has one answer (retention deletes the two together)."""
    done = InboxMessage.status == "done"
    ours = InboxMessage.kind.not_in((*APART, OVERHEARD))
    orphan = select(InboxMessage.id).where(done, ours, InboxMessage.conversation_id.is_(None))
    answered = exists().where(OutboxMessage.reply_to == InboxMessage.id)
    again = func.coalesce(InboxMessage.outcome, "").in_(UNANSWERED)
    silent = select(InboxMessage.id).where(done, InboxMessage.kind == "text", ~answered, ~again)
    twice = select(OutboxMessage.reply_to).where(OutboxMessage.reply_to.is_not(None))
    twice = twice.group_by(OutboxMessage.reply_to).having(func.count() > 1)
    rules = {
        "a processed message has a conversation": orphan,
        "a processed message has an answer": silent,
        "a message is answered once": twice,
    }
    return [
        {"rule": rule, "inbox": n}
        for rule, query in rules.items()
        for n in session.scalars(query.limit(MOST))
    ]


def _ownerless(session: Session) -> list[dict[str, Any]]:
    """Every open ticket has an owner or a next action."""
    waits = exists().where(Promise.ticket_id == Ticket.id, Promise.status == "pending")
    asked = exists().where(Promise.ticket_id == Ticket.id, Promise.status == "done")
    pushed = exists().where(OutboxMessage.ticket_id == Ticket.id, OutboxMessage.audience == "staff")
    lost = select(Ticket.number).where(
        Ticket.state.not_in(ENDED),
        Ticket.assignee.is_(None),
        Ticket.outlet_id.is_(None),
        ~waits,
        ~asked,
        ~pushed,
    )
    return [
        {"rule": "an open ticket has an owner or a next action", "ticket": n}
        for n in session.scalars(lost.limit(MOST))
    ]


def _broken_timelines(session: Session) -> list[dict[str, Any]]:
    """A ticket's state is where its timeline left it."""
    last = (
        select(TimelineEntry.to_state)
        .where(TimelineEntry.ticket_id == Ticket.id, TimelineEntry.to_state.is_not(None))
        .order_by(TimelineEntry.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    wrong = select(Ticket.number).where(func.coalesce(last, "") != Ticket.state).limit(MOST)
    return [{"rule": "the state is where the timeline left it", "ticket": n} for n in session.scalars(wrong)]


def _impossible(session: Session) -> list[dict[str, Any]]:
    ended = Ticket.state.in_(ENDED)
    wrong = select(Ticket.number).where(
        Ticket.state.not_in(STATES)
        | (ended & Ticket.closed_at.is_(None))
        | (~ended & Ticket.closed_at.is_not(None))
    )
    return [
        {"rule": "closed_at is set exactly on ended tickets", "ticket": n}
        for n in session.scalars(wrong.limit(MOST))
    ]
