"""What is said on the phone, sent in writing too: to the caller's chat, or as a text message."""

from core.care.notice import reachable, write
from core.messaging.outbox import say
from ivr.line import Line


def send_text(line: Line, text: str, *, key: str, ticket_id: int | None = None) -> bool:
    """Queue ``text`` once per ``key``; False when no way leads to this caller."""
    customer = line.customer()
    if customer is None or not text:
        return False
    chat = reachable(line.session, customer.id)
    if chat is not None:
        write(line.session, chat, text, at=line.at, ticket_id=ticket_id, key=key, weight="notice")
        return True
    if not line.phone.texts or not customer.phone:
        return False
    say(
        line.session,
        at=line.at,
        channel="sms",
        recipient=customer.phone,
        text=text,
        ticket_id=ticket_id,
        key=key,
    )
    return True
