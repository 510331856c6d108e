"""The three answers to a push: I take it, my superior should, ask me again in half an hour."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.notice import moment
from core.escalation.settle import acknowledge, call_off, snooze, told_of
from core.house import House
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise, promise
from core.staff.card import close_cards
from core.staff.model import Staff
from core.staff.push import push
from core.staff.refusal import Refused
from core.ticket.actions import Order, act
from core.ticket.lifecycle import ENDED, note
from core.ticket.model import Ticket, TimelineEntry

AGAIN = timedelta(minutes=30)
# Two who hand the same matter up within minutes mean the same superior, not the next one.
SAME_TIME = timedelta(minutes=10)
LEVELS = ("head", "general_manager")


@dataclass(frozen=True)
class Doing:
    """One member of staff and one ticket, locked. ``mark`` is the arrival's own: nothing is done twice for it."""

    session: Session
    house: House
    person: Staff
    ticket: Ticket
    at: datetime
    channel: str
    mark: str
    # What else the answer to the arrival holds, where it is a card: ``choices``, and what stands in its ``extra``.
    card: dict[str, Any] = field(default_factory=dict)

    def note(self, verb: str, text: str | None = None) -> None:
        """On the timeline, for staff only."""
        note(self.session, self.ticket, verb=verb, at=self.at, actor=self.person.name, channel=self.channel,
             text=text, audience="staff")  # fmt: skip


def who_has_it(doing: Doing) -> dict[str, str]:
    """What is told of a ticket to somebody who came too late."""
    book, language = doing.house.book, doing.person.language
    return {
        "number": doing.ticket.number,
        "state": book.label("state", doing.ticket.state, language),
        "who": doing.ticket.assignee or book.text("word.nobody_yet", language),
    }


def take(doing: Doing) -> str:
    """The ticket is theirs now; Refused tells who has it already. Returns the verb that this was."""
    ticket, name = doing.ticket, doing.person.name
    if ticket.state in ENDED:
        raise Refused("staff.ended", **who_has_it(doing))
    if ticket.assignee not in (None, name):
        return _seen(doing)
    if ticket.state == "filed":
        order = Order(ticket.number, "accept", by=name, at=doing.at, channel=doing.channel)
        act(doing.session, doing.house, order)
        return "accept"
    if ticket.assignee is None:
        ticket.assignee = name
        doing.note("assign", name)
        close_cards(doing.session, doing.house, ticket, "staff.card.take", at=doing.at, name=name)
        acknowledge(doing.session, doing.house, ticket, by=name, at=doing.at)
        return "assign"
    doing.note("acknowledge")
    acknowledge(doing.session, doing.house, ticket, by=name, at=doing.at)
    return "acknowledge"


def _seen(doing: Doing) -> str:
    """Somebody else's ticket: an alert about it that has come to this person is theirs to end, the ticket is not."""
    name = doing.person.name
    if not told_of(doing.session, doing.ticket, name):
        raise Refused("staff.taken", **who_has_it(doing))
    doing.note("acknowledge")
    acknowledge(doing.session, doing.house, doing.ticket, by=name, at=doing.at)
    return "acknowledge"


def hand_up(doing: Doing) -> str:
    """Tell the department head, the next time the general manager; each level once. Returns who was told."""
    ticket = doing.ticket
    if ticket.state in ENDED:
        raise Refused("staff.ended", **who_has_it(doing))
    told = {level: names for level in LEVELS if (names := _told(doing, level))}
    if told and _just_now(doing):
        raise Refused("staff.handed_up", who="、".join(list(told.values())[-1]), **_number(doing))
    for level in LEVELS[{"manager": 1, "admin": 2}.get(doing.person.role, 0) :]:
        if level in told:
            continue
        mine = told_of(doing.session, ticket, doing.person.name)
        call_off(doing.session, ticket, why=f"handed up by {doing.person.name}", at=doing.at, chains=mine)
        names = push(
            doing.session,
            doing.house,
            key=f"hand_up:{ticket.number}:{ticket.round}:{level}",
            audience=level,
            wording="push.handed_up",
            at=doing.at,
            ticket=ticket,
            by=doing.person.name,
        )
        doing.note("hand_up", ", ".join(names))
        return "、".join(_plain(doing, name) for name in names)
    raise Refused("staff.top", **who_has_it(doing))


def _number(doing: Doing) -> dict[str, str]:
    return {"number": doing.ticket.number}


def _plain(doing: Doing, name: str) -> str:
    role = name.removeprefix("role:")
    return name if role == name else doing.house.book.label("role", role, doing.person.language)


def _told(doing: Doing, level: str) -> list[str]:
    """Who of a level has been told in this round of the ticket."""
    ticket = doing.ticket
    rows = doing.session.scalars(
        select(OutboxMessage).where(OutboxMessage.ticket_id == ticket.id, OutboxMessage.audience == "staff")
    )
    key = f"hand_up:{ticket.number}:{ticket.round}:{level}"
    names = [row.extra.get("to", "") for row in rows if row.extra.get("push") == key]
    return [_plain(doing, name) for name in dict.fromkeys(names)]


def _just_now(doing: Doing) -> bool:
    """Whether it was handed up a moment ago, to somebody else: that is the same wish once more, no step further."""
    last = doing.session.scalars(
        select(TimelineEntry)
        .where(TimelineEntry.ticket_id == doing.ticket.id, TimelineEntry.verb == "hand_up")
        .order_by(TimelineEntry.id.desc())
        .limit(1)
    ).first()
    if last is None or doing.at - last.at > SAME_TIME:
        return False
    return doing.person.name not in (last.note or "").split(", ")


def later(doing: Doing, text: str) -> str:
    """Promise to push this person again; returns when, as people read it."""
    ticket, name = doing.ticket, doing.person.name
    if ticket.state in ENDED:
        raise Refused("staff.ended", **who_has_it(doing))
    prefix = f"push_again:{ticket.number}:{name}:"
    query = select(Promise).where(
        Promise.ticket_id == ticket.id, Promise.kind == "push_again", Promise.status == "pending"
    )
    due = next((row.due_at for row in doing.session.scalars(query) if row.key.startswith(prefix)), None)
    if due is None:
        due = doing.at + AGAIN
        text = text.removeprefix(doing.house.book.text("push.later", doing.person.language, text=""))
        payload = {"name": name, "text": text, "state": ticket.state, "assignee": ticket.assignee}
        row = {"key": f"{prefix}{doing.mark}", "kind": "push_again", "due_at": due, "ticket_id": ticket.id}
        promise(doing.session, {**row, "payload": payload})
        doing.note("push_later", moment(doing.house, due))
        snooze(doing.session, ticket, name=name, until=due)
    return moment(doing.house, due)[-5:]


def keep_push_again(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """The half hour is over: tell them again, unless the matter has moved on."""
    ticket, told = session.get_one(Ticket, row.ticket_id), row.payload
    if (ticket.state, ticket.assignee) != (told["state"], told["assignee"]):
        row.status, row.ended_at = "cancelled", now
        row.reason = f"ticket is {ticket.state}, with {ticket.assignee or 'nobody'}"
        return None
    push(
        session,
        house,
        key=row.key,
        audience="assignee" if ticket.assignee == told["name"] else "on_duty",
        wording="push.later",
        at=now,
        ticket=ticket,
        names=[told["name"]],
        text=told["text"],
    )
    return None
