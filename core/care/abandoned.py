"""A report left unfinished: the desk is shown what was told, and how to reach the customer (A3)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.care.notice import device_words
from core.customer.model import Conversation
from core.dialogue.draft import begun
from core.dialogue.state import State
from core.house import House
from core.promise.model import Promise
from core.staff.push import push

SHOWN = ("description", "model", "purchase_date", "name", "address")


def keep_intake_abandoned(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Push the desk once the customer has been silent for the policy's time; until then look again later."""
    conversation = session.get(Conversation, row.payload["conversation"])
    state = State.load(conversation.state if conversation else None)
    if conversation is None or state.draft != row.payload["intake"] or not begun(*state.told()):
        row.status, row.ended_at, row.reason = "cancelled", now, "the form has ended"
        return None
    quiet_since = conversation.last_heard_at or row.due_at
    again = quiet_since + timedelta(minutes=house.book.policy("intake_timeout_minutes"))
    if again > now:
        return again
    words = _words(house, conversation, state)
    push(session, house, key=row.key, audience="desk", wording="push.abandoned", at=now, ticket=None, **words)
    return None


def _words(house: House, conversation: Conversation, state: State) -> dict[str, Any]:
    (_, _, known), identity = state.told(), conversation.identity
    told = [str(known[name])[:60] for name in SHOWN if known.get(name)]
    phone = known.get("phone") or identity.customer.phone
    return {
        "who": identity.customer.name or identity.display_name or identity.external_id,
        "via": house.book.label("channel", identity.channel),
        "phone": str(phone) if phone else house.book.text("word.unknown"),
        "device": device_words(house, known.get("category"), known.get("brand"), "zh"),
        "told": "｜".join(told) or "—",
    }
