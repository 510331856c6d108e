"""What a group's owner was asked to send is read back: promised when he is asked (WeCom), looked up by an order (read_back.py).

What is known of it is kept with the message, ``OutboxMessage.extra["confirm"]``: its state, the provider's number of it,
whose hand it is in, how often "not yet" was told, and when and why it ended.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import House
from core.messaging.outbox import OutboxMessage
from core.promise.calendar import NoHolidayData, OfficeHours
from core.promise.model import Promise, end_promise, promise
from core.promise.own_time import OwnTime

KIND = "group_confirm"
# by_hand: nobody was asked. pasted: staff say that they sent it themselves. replaced: a correction came after it.
# again: its owner was asked anew, by another message.
WAITING, SENT, FAILED, UNSENT, PASTED, REPLACED, AGAIN, BY_HAND = (
    "waiting",
    "sent",
    "failed",
    "unsent",
    "pasted",
    "replaced",
    "again",
    "by_hand",
)
SEEN = (SENT, FAILED, UNSENT)  # the look has told
CONFIRM = "confirm"


def key_of(number: int) -> str:
    """Of the promise that reads a message back."""
    return f"{KIND}:{number}"


def known(message: OutboxMessage) -> dict[str, Any]:
    """What is known of it; empty for what was said before anybody asked."""
    return dict(message.extra.get(CONFIRM) or {})


def remember(message: OutboxMessage, **values: Any) -> None:
    """Adds to what is known; a value of None is forgotten. A new dict, for a change inside the old one is not written."""
    kept = {name: value for name, value in {**known(message), **values}.items() if value is not None}
    message.extra = {**message.extra, CONFIRM: kept}


def expect(
    session: Session, house: House, message: OutboxMessage, *, msgid: str, owner: str, at: datetime
) -> None:
    """The owner was asked: promise to see whether he did it. What the same answer said before need not be sent now."""
    row = {"key": key_of(message.id), "kind": KIND, "ticket_id": message.extra.get("ticket")}
    payload = {"message": message.id, "group": message.extra["group"]}
    promise(session, {**row, "due_at": next_look(house, at, told=0), "payload": payload})
    remember(message, state=WAITING, msgid=msgid, owner=owner, told=0, since=None, tried=None)
    _replace_earlier(session, message, at=at)


def _replace_earlier(session: Session, message: OutboxMessage, *, at: datetime) -> None:
    if message.extra.get("ticket") is None:
        return
    same = select(Promise).where(
        Promise.ticket_id == message.extra["ticket"], Promise.kind == KIND, Promise.status == "pending"
    )
    for row in session.scalars(same.order_by(Promise.id).with_for_update()):
        earlier = session.get(OutboxMessage, row.payload["message"])
        if earlier is not None and earlier.id < message.id and earlier.lane == message.lane:
            settle(session, earlier, REPLACED, at=at)


def settle(
    session: Session,
    message: OutboxMessage,
    state: str,
    *,
    at: datetime,
    when: datetime | None = None,
    **values: Any,
) -> None:
    """It has ended in this state, at the provider ``when``; nothing more is looked up. The caller holds the promise.

    It was promised to see what becomes of it: seen, that is kept; only what nobody needs to look up any more is called off.
    """
    remember(message, state=state, at=(when or at).isoformat(), **values)
    end_promise(session, key_of(message.id), at=at, why=state, kept=state in SEEN)


def next_look(house: House, at: datetime, *, told: int) -> datetime:
    """When to look after so many times "not yet"."""
    waits = house.book.policy(KIND)["wait_minutes"]
    return working(house, at, waits[told] if told < len(waits) else house.book.policy(KIND)["late_minutes"])


def working(house: House, at: datetime, minutes: float) -> datetime:
    """After so many minutes of office hours."""
    return OwnTime(True, _hours(house)).add(at, minutes * 60)


def opening(house: House, at: datetime) -> datetime:
    """``at`` itself, or when the office opens: nobody is reminded at night of what is no danger."""
    try:
        return _hours(house).next_opening(at)
    except NoHolidayData:
        return at


def _hours(house: House) -> OfficeHours:
    return OfficeHours.of(house.book.policy("office_hours"), house.zone)
