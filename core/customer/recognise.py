"""From an arrival to a conversation: who is speaking, and where."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Conversation, Customer, Identity
from core.messaging.inbox import InboxMessage


def conversation_of(session: Session, message: InboxMessage, *, at: datetime) -> Conversation:
    """The conversation of a message, locked for this turn; a stranger becomes a new customer.

    The inbox hands out one message per lane at a time, so two first messages cannot both create one.
    """
    query = select(Conversation).where(Conversation.lane == message.lane).with_for_update(of=Conversation)
    conversation = session.scalars(query).first()
    if conversation is None:
        identity = _identity(session, message, at)
        conversation = Conversation(lane=message.lane, identity=identity, created_at=at, state={})
        session.add(conversation)
        session.flush()
    elif conversation.identity.dead_at is not None:
        conversation.identity.dead_at = None  # they spoke to us again
    return conversation


def _identity(session: Session, message: InboxMessage, at: datetime) -> Identity:
    same = (
        Identity.channel == message.channel,
        Identity.account == message.account,
        Identity.external_id == message.sender,
    )
    identity = session.scalars(select(Identity).where(*same)).first()
    if identity is None:
        identity = Identity(
            channel=message.channel,
            account=message.account,
            external_id=message.sender,
            display_name=message.name,
            created_at=at,
            customer=Customer(created_at=at, language=_language(message)),
        )
        session.add(identity)
    return identity


def _language(message: InboxMessage) -> str:
    """What the provider says of the sender's telephone, until they write something."""
    return "en" if message.payload.get("language") == "en" else "zh"
