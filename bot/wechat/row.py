"""The outbox row behind a message: what the text alone does not say."""

from sqlalchemy.orm import Session

from core.customer.model import Conversation
from core.messaging.outbox import OutboxMessage
from core.ticket.model import Ticket


def language_of(session: Session, outbox_id: int) -> str:
    """Which language the house speaks with the recipient."""
    row = session.get(OutboxMessage, outbox_id)
    if row is None or not row.conversation_id:
        return "zh"
    return session.get_one(Conversation, row.conversation_id).identity.customer.language


def question_of(session: Session, outbox_id: int) -> str | None:
    """What kind of question a message asks."""
    row = session.get(OutboxMessage, outbox_id)
    return row.question["kind"] if row is not None and row.question else None


def ticket_of(session: Session, outbox_id: int) -> Ticket | None:
    """The ticket that an outbox row is about; None where there is none, or the row is gone."""
    row = session.get(OutboxMessage, outbox_id)
    return session.get(Ticket, row.ticket_id) if row is not None and row.ticket_id else None
