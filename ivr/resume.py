"""A report left unfinished in an earlier call: 继续上次的报修."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.call.model import Call
from core.customer.model import Conversation
from core.dialogue.draft import begun
from core.dialogue.state import State

KEPT = timedelta(days=7)
LOOK_BACK = 5  # calls


def unfinished(session: Session, call: Call, at: datetime) -> Conversation | None:
    """The newest earlier call of this caller that left a draft behind, if it is not too old."""
    if call.identity_id is None:
        return None
    query = (
        select(Conversation)
        .join(Call, Call.conversation_id == Conversation.id)
        .where(
            Call.identity_id == call.identity_id,
            Call.id < call.id,
            Call.ended_at.is_not(None),
            Conversation.last_heard_at > at - KEPT,
        )
        .order_by(Call.id.desc())
        .limit(LOOK_BACK)
    )
    return next((c for c in session.scalars(query) if _draft(c)), None)


def _draft(conversation: Conversation) -> bool:
    state = State.load(conversation.state)
    return begun(state.form, state.ticket, state.slots)


def take_over(before: Conversation, now: Conversation, at: datetime) -> None:
    """The draft goes to this call's conversation; the old one has none any more, so that nobody is called about it."""
    old, new = State.load(before.state), State.load(now.state)
    new.form, new.slots, new.skipped = old.form, old.slots, old.skipped
    new.article, new.step, new.helped = old.article, old.step, old.helped
    new.ask("resume", at=at, choices=[("1", "resume"), ("2", "restart")])
    now.state = new.dump()
    old.forget_form()
    before.state = old.dump()
