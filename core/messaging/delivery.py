"""Sending what waits in the outbox: claimed by lease, sent with no session open, ended by what came back."""

from collections.abc import Mapping

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.asked.unsaid import answer_unsaid
from core.care.hop import hop
from core.customer.model import Conversation, Identity
from core.groups.ordered import order_done, order_failed
from core.house import House
from core.messaging.channel import Channel, Later, Never, Outgoing
from core.messaging.faults import reach
from core.messaging.lease import Lease, backoff, bury, finish, release
from core.messaging.outbox import OutboxMessage
from core.staff.hop import hold, sent

MOST_ATTEMPTS = 12  # of a failure nobody explained
MOST_WAITS = 300  # of a provider that says "later": about a day, for an outage is no reason to give up
MOST_STAFF_TRIES = 6  # about a minute: somebody is waiting, and staff have other ways
_log = structlog.get_logger()


def send_one(house: House, channels: Mapping[str, Channel], message: OutboxMessage) -> None:
    """One claimed message to its channel; the row ends done, dead or waiting for the next try."""
    lease = Lease(message.id, message.owner or "", message.attempt)
    try:
        receipt = _send(channels, message)
    except Never as refused:
        _bury(house, message, lease, refused)
    except Exception as error:  # an unknown failure is not known to be permanent
        _retry(house, message, lease, error)
    else:
        # Durable: what a crash of the database forgets would be sent twice.
        with house.database.session() as session:
            hold(session, message)
            if finish(session, OutboxMessage, lease, receipt=receipt):
                sent(session, house, message)
                if "do" in message.extra:
                    order_done(session, house, message, receipt)
            session.commit()


def _send(channels: Mapping[str, Channel], message: OutboxMessage) -> str:
    channel = channels.get(message.channel)
    if channel is None and message.audience == "staff":  # it was switched off: they have other ways
        raise Never(f"channel {message.channel} is not configured", lost=False)
    if channel is None:
        raise Later(f"channel {message.channel} is not configured", delay=60)
    choices = tuple((choice["key"], choice["label"]) for choice in message.choices)
    reach("send.before")
    receipt = channel.send(
        Outgoing(
            key=message.key or f"out:{message.id}",
            recipient=message.recipient,
            text=message.text,
            choices=choices,
            id=message.id,
            account=message.account,
            audience=message.audience,
            weight=message.weight,
            attempt=message.attempt,
            extra=message.extra,
        )
    )
    reach("send.after")
    return receipt


def _retry(house: House, message: OutboxMessage, lease: Lease, error: Exception) -> None:
    if message.attempt >= _patience(message, error):
        # A failure of ours says nothing about the person: only this message is given up here.
        reason = f"given up after {message.attempt} tries: {error}"
        _bury(house, message, lease, Never(reason, lost=False), late=True)
        return
    delay = error.delay if isinstance(error, Later) and error.delay is not None else backoff(message.attempt)
    with house.database.session() as session:
        release(session, OutboxMessage, lease, error=f"{type(error).__name__}: {error}", seconds=delay)
        session.commit()


def _patience(message: OutboxMessage, error: Exception) -> int:
    if message.audience == "staff":
        return MOST_STAFF_TRIES
    return MOST_WAITS if isinstance(error, Later) else MOST_ATTEMPTS


def _bury(house: House, message: OutboxMessage, lease: Lease, refused: Never, *, late: bool = False) -> None:
    """A dead letter with its reason; the words themselves go the next way, which is written down (hop).

    ``late``: so much time has passed that nobody waits for a mere answer any more.
    """
    reason = str(refused)
    _log.warning("message cannot be delivered", outbox=message.id, channel=message.channel, reason=reason)
    with house.database.session() as session:
        hold(session, message, alone=True)
        if bury(session, OutboxMessage, lease, error=reason):
            if refused.lost:
                _lose(session, message)
            if "group" in message.extra:
                order_failed(session, house, message, refused)
                answer_unsaid(session, message, at=house.clock.now())
            hop(session, house, message, reason, still_there=not refused.lost and not late)
        session.commit()


def _lose(session: Session, message: OutboxMessage) -> None:
    """Mark the identity that cannot be written to until it speaks again."""
    if message.conversation_id:
        conversation = session.get_one(Conversation, message.conversation_id)
        mine = Identity.id == conversation.identity_id
    elif message.audience == "staff":
        mine = (Identity.channel == message.channel) & (Identity.external_id == message.recipient)
    else:
        return
    lost = update(Identity).where(mine, Identity.dead_at.is_(None))
    session.execute(lost.values(dead_at=message.said_at))
