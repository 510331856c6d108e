"""The facts of one customer for the outreach planner, loaded once."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.call.outbound import refusal
from core.care.model import Contact
from core.care.notice import live_chats
from core.care.outreach import WEEK, Chat, Facts, Rules
from core.customer.model import Conversation, Customer
from core.dialogue.state import State
from core.house import House
from core.messaging.allowance import Whose, spent


def facts_of(
    session: Session, house: House, customer: Customer, *, phone: str | None, rules: Rules, at: datetime
) -> Facts:
    """The chats are locked, because a question may be set on one of them; whether we may ring is looked up if it matters."""
    found = live_chats(session, customer.id) if "chat" in rules.channels else []
    chats = tuple(Chat(one.id, one.identity.channel, _silent(session, house, one)) for one in found)
    rings = "call" in rules.channels and all(chat.silent for chat in chats)
    return Facts(
        opted_out=customer.opted_out_at is not None,
        contacts=contacts_of(session, customer.id, since=at - WEEK),
        chats=chats,
        call=refusal(session, house, phone, at=at) if rings else None,
        in_form_until=_in_form_until(house, found),
    )


def contacts_of(
    session: Session, customer_id: int, *, since: datetime, but: str = ""
) -> tuple[datetime, ...]:
    """When we spoke to them first, oldest first: what the weekly cap counts. ``but``: the key of a contact that goes on."""
    mine = select(Contact.at).where(
        Contact.customer_id == customer_id, Contact.at > since, Contact.key != but
    )
    return tuple(session.scalars(mine.order_by(Contact.at)))


def _silent(session: Session, house: House, chat: Conversation) -> str | None:
    """WeChat takes so many messages after the customer wrote; an approved template is taken at any time."""
    identity = chat.identity
    if identity.channel != "wechat" or house.book.policy("wechat_notice")["template_id"]:
        return None
    whose = Whose(identity.channel, identity.account, identity.external_id)
    return "what may be sent unasked is used up or over" if spent(session, whose) else None


def _in_form_until(house: House, chats: list[Conversation]) -> datetime | None:
    patience = timedelta(minutes=house.book.policy("outreach")["form_minutes"])
    busy = (chat for chat in chats if State.load(chat.state).form is not None and chat.last_heard_at)
    return max((chat.last_heard_at + patience for chat in busy if chat.last_heard_at), default=None)
