"""What a look at a message in its owner's hands told: sent, not yet, or never; who hears of it, and what the timeline says.

Told twice it comes to the same as once: the promise is held, and each look has a number. Locks: ticket, promise, message.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.groups.confirm import (
    AGAIN,
    FAILED,
    PASTED,
    REPLACED,
    SENT,
    UNSENT,
    WAITING,
    key_of,
    known,
    next_look,
    opening,
    remember,
    settle,
)
from core.groups.model import QaGroup
from core.groups.post import post
from core.groups.tell import tell_of_text
from core.house import House
from core.messaging.outbox import OutboxMessage
from core.promise.model import Promise
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

ENDED_WELL = (SENT, PASTED, REPLACED, AGAIN)
OWNER, HEAD = 1, 2  # who hears of the first and of the second "not yet"


@dataclass(frozen=True)
class Outcome:
    """``state`` is sent, waiting or failed; ``at`` as the provider tells it; ``why`` is a word of qa_unsent."""

    state: str
    at: datetime | None = None
    why: str = ""


def came_of(house: House, what: dict[str, Any], outcome: Outcome) -> None:
    """``what`` is the order (core/groups/read_back.py)."""
    with house.database.session() as session:
        message, row = held(session, what["of"])
        if message is not None and row is not None and known(message).get("state") == WAITING:
            _came(session, house, message, row, what["look"], outcome)
        session.commit()


def held(session: Session, number: int) -> tuple[OutboxMessage | None, Promise | None]:
    """The message with the promise that reads it back, locked in the clock's own order."""
    key = key_of(number)
    whose = select(Ticket.id).join(Promise, Promise.ticket_id == Ticket.id).where(Promise.key == key)
    session.execute(whose.with_for_update(of=Ticket, read=True, key_share=True))
    row = session.scalars(select(Promise).where(Promise.key == key).with_for_update()).first()
    mine = select(OutboxMessage).where(OutboxMessage.id == number).with_for_update()
    return session.scalars(mine.execution_options(populate_existing=True)).first(), row


def pasted(session: Session, group: QaGroup, number: int, *, by: str, at: datetime) -> bool:
    """Staff sent it themselves: nobody is asked for it any more. False where that says nothing new, or there is no such text."""
    message = _of(session, group, number)
    if message is None or known(message).get("state") in ENDED_WELL:
        return False
    settle(session, message, PASTED, at=at, by=by)
    write(session, message, "group_sent", at=at, actor=by)
    return True


def post_again(session: Session, house: House, group: QaGroup, number: int, *, at: datetime) -> bool:
    """Who owns the group now is asked to send it, once. False where it is there, is waited for, or there is no such text."""
    message = _of(session, group, number)
    if message is None or known(message).get("state") in (*ENDED_WELL, WAITING, None):
        return False
    extra = {"ticket": message.extra.get("ticket")}
    if not post(session, house, group.id, message.text, quote=None, key=f"group_again:{number}", extra=extra):
        return False
    settle(session, message, AGAIN, at=at)
    return True


def _of(session: Session, group: QaGroup, number: int) -> OutboxMessage | None:
    message, _ = held(session, number)
    mine = message is not None and message.extra.get("group") == group.id and "do" not in message.extra
    return message if mine else None


def _came(
    session: Session, house: House, message: OutboxMessage, row: Promise, look: int, outcome: Outcome
) -> None:
    at = house.clock.now()
    if outcome.state == SENT:
        settle(session, message, SENT, at=at, when=outcome.at)
        write(session, message, "group_sent", at=at, sent=outcome.at or at)
    elif outcome.state == FAILED:
        settle(session, message, FAILED, at=at, why=outcome.why)
        write(session, message, "group_unsent", at=at, why=outcome.why)
        group = session.get_one(QaGroup, message.extra["group"])
        if outcome.why != "deleted" and group.state == "open":  # that it is gone, its trainer hears anyway
            _tell(session, house, message, "unsent", at=at, why=outcome.why)
    elif look == known(message)["told"] + 1:
        _not_yet(session, house, message, row, look, at)


def _not_yet(
    session: Session, house: House, message: OutboxMessage, row: Promise, told: int, at: datetime
) -> None:
    if (morning := opening(house, at)) > at:  # the provider was away until after hours
        row.due_at = morning
        return
    group = session.get_one(QaGroup, message.extra["group"])
    if told > OWNER and group.state != "open":  # it has ended: nobody misses it
        settle(session, message, UNSENT, at=at)
        write(session, message, "group_unsent", at=at, why="never")
        return
    remember(message, told=told, looked_at=at.isoformat())
    row.due_at = next_look(house, at, told=told)
    if told <= HEAD:
        _tell(session, house, message, "reminded" if told == OWNER else "unconfirmed", at=at)


def _tell(
    session: Session, house: House, message: OutboxMessage, news: str, *, at: datetime, why: str = ""
) -> None:
    group, ticket = session.get_one(QaGroup, message.extra["group"]), _ticket(session, message)
    owner = known(message)["owner"]
    tell_of_text(session, house, group, news, message, owner=owner, ticket=ticket, at=at, why=why)


def write(
    session: Session,
    message: OutboxMessage,
    verb: str,
    *,
    at: datetime,
    actor: str = "frontdoor",
    sent: datetime | None = None,
    why: str = "",
) -> None:
    """On the timeline of the question, where it answers one; ``why`` is a word of qa_unsent."""
    ticket = _ticket(session, message)
    if ticket is None:
        return
    group = session.get_one(QaGroup, message.extra["group"])
    text = " · ".join(
        filter(
            None, (group.title or group.training.code, sent.isoformat(timespec="seconds") if sent else why)
        )
    )
    note(session, ticket, verb=verb, at=at, actor=actor, channel=group.channel, text=text, audience="staff")


def _ticket(session: Session, message: OutboxMessage) -> Ticket | None:
    number = message.extra.get("ticket")
    return session.get(Ticket, number) if number else None
