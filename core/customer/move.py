"""A group that gets another number (a Telegram group that becomes a supergroup): what was said there goes along."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, aliased

from core.customer.model import Conversation
from core.groups.model import QaGroup
from core.messaging.inbox import Inbound, InboxMessage, receive
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage


def move_chat(session: Session, *, channel: str, account: str, old: str, new: str) -> None:
    """Conversations and all that waits go from chat ``old`` to ``new``; done twice it changes nothing.

    A conversation that has begun anew in the new chat stays as it is.
    """
    before, after = f"{channel}:{account}:{old}/", f"{channel}:{account}:{new}/"
    there = aliased(Conversation)
    taken = select(there.id).where(there.lane == _moved(Conversation.lane, before, after)).exists()
    _update(session, Conversation, before, ~taken, lane=_moved(Conversation.lane, before, after))
    waiting = InboxMessage.status.in_(WAITING)
    _update(session, InboxMessage, before, waiting, lane=_moved(InboxMessage.lane, before, after))
    _update(
        session,
        OutboxMessage,
        before,
        OutboxMessage.status.in_(WAITING),
        lane=_moved(OutboxMessage.lane, before, after),
        recipient=_moved(OutboxMessage.recipient, f"{old}/", f"{new}/"),
    )

    _move_group(session, channel=channel, account=account, old=old, new=new)


def remember_move(session: Session, *, channel: str, account: str, old: str, new: str, at: datetime) -> None:
    """As the service message of the group, for where only a refused call told of it: what is under way names ``old``."""
    moved = {"moved": {"old": old, "new": new}}
    told = Inbound(channel, account, f"moved:{old}:{new}", f"chat:{old}", kind="moved", payload=moved)
    receive(session, told, at=at)


def moved_to(session: Session, *, channel: str, account: str, old: str) -> str | None:
    """The number that a chat has got since; None where we were told of none."""
    told = InboxMessage.lane == f"{channel}:{account}:chat:{old}", InboxMessage.kind == "moved"
    last = session.scalars(
        select(InboxMessage).where(*told).order_by(InboxMessage.id.desc()).limit(1)
    ).first()
    return str(last.payload["moved"]["new"]) if last else None


def _move_group(session: Session, *, channel: str, account: str, old: str, new: str) -> None:
    """What waits for the group as a whole, and the Q&A group that it is."""
    lane, moved = f"{channel}:{account}:{old}", f"{channel}:{account}:{new}"
    waiting = update(OutboxMessage).where(OutboxMessage.lane == lane, OutboxMessage.status.in_(WAITING))
    session.execute(waiting.values(lane=moved, recipient=new).execution_options(synchronize_session=False))
    # An order about a person may wait in the lane of their own chat (core/groups/order.py).
    mine = OutboxMessage.channel == channel, OutboxMessage.account == account
    orders = update(OutboxMessage).where(*mine, OutboxMessage.status.in_(WAITING))
    orders = orders.where(OutboxMessage.recipient.startswith(f"{old}/", autoescape=True))
    there = _moved(OutboxMessage.recipient, f"{old}/", f"{new}/")
    session.execute(orders.values(recipient=there).execution_options(synchronize_session=False))
    same = QaGroup.channel == channel, QaGroup.account == account, QaGroup.external_id == old
    session.execute(
        update(QaGroup).where(*same).values(external_id=new).execution_options(synchronize_session=False)
    )


def _moved(column: Any, before: str, after: str) -> ColumnElement[str]:
    return after + func.substr(column, len(before) + 1)


def _update(session: Session, model: Any, before: str, *where: Any, **values: Any) -> None:
    statement = update(model).where(model.lane.startswith(before, autoescape=True), *where).values(**values)
    session.execute(statement.execution_options(synchronize_session=False))
